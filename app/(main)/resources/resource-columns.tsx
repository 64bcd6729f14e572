'use client'

import { createColumnHelper, rowPaginationFeature, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import Link from 'next/link'
import { KeyPointStrip } from '@/components/findings/key-point-strip'
import { formatCount } from '@/components/format'
import { resourceHref } from '@/components/links'
import { severityWords } from '@/components/vocabulary'
import { severities } from '@/lib/domain/verdict'
import type { ResourceRow } from '@/lib/domain/views'

/** Sorting and paging happen in the database; the table holds their state and draws their controls. */
export const resourceTableFeatures = tableFeatures({ rowSortingFeature, rowPaginationFeature })

const helper = createColumnHelper<typeof resourceTableFeatures, ResourceRow>()

export const resourceColumns = helper.columns([
  helper.accessor('name', {
    id: 'name',
    header: 'Name',
    cell: ({ row }) => <Link prefetch={false} href={resourceHref(row.original.resourceId)} className="link inline-block py-0.5 wrap-anywhere">{row.original.name}</Link>,
  }),
  helper.accessor('type', { id: 'type', header: 'Type', cell: ({ row }) => <span className="wrap-anywhere">{row.original.type}</span> }),
  helper.accessor('subscriptionName', { id: 'subscription', header: 'Subscription', cell: ({ row }) => row.original.subscriptionName ?? row.original.subscriptionId ?? 'None' }),
  helper.accessor('location', { id: 'location', header: 'Location', cell: ({ row }) => row.original.location }),
  helper.display({ id: 'severity', header: 'Gaps', enableSorting: true, cell: ({ row }) => <Gaps row={row.original} /> }),
  helper.display({ id: 'keyPoints', header: 'Key points', enableSorting: false, cell: ({ row }) => <KeyPointStrip verdicts={row.original.keyPoints} /> }),
])

function Gaps({ row }: { row: ResourceRow }) {
  const parts = severities.filter((severity) => row.fails[severity] > 0).map((severity) => `${formatCount(row.fails[severity])} ${severityWords[severity].toLowerCase()}`)
  if (row.unknown > 0) parts.push(`${formatCount(row.unknown)} unknown`)
  return <span className={parts.length === 0 ? 'text-muted' : undefined}>{parts.length === 0 ? 'None' : parts.join(' · ')}</span>
}
