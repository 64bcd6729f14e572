'use client'

import { createColumnHelper, rowPaginationFeature, rowSortingFeature, tableFeatures } from '@tanstack/react-table'
import Link from 'next/link'
import { KeyPointStrip } from '@/components/findings/key-point-strip'
import { OfParent } from '@/components/findings/of-parent'
import { formatCount } from '@/components/format'
import { findingHref, resourceHref } from '@/components/links'
import { Breakable } from '@/components/ui/breakable'
import { severityWords } from '@/components/vocabulary'
import { severities } from '@/lib/domain/verdict'
import type { ResourceRow } from '@/lib/domain/views'

/** Sorting and paging happen in the database; the table holds their state and draws their controls. */
export const resourceTableFeatures = tableFeatures({ rowSortingFeature, rowPaginationFeature })

const helper = createColumnHelper<typeof resourceTableFeatures, ResourceRow>()

/** `check`: the one that the rows were filtered by, whose finding they lead to. */
export const resourceColumnsFor = (check: string | null) => helper.columns([
  helper.accessor('name', {
    id: 'name',
    header: 'Name',
    cell: ({ row }) => <Name row={row.original} check={check} />,
  }),
  helper.accessor('type', { id: 'type', header: 'Type', cell: ({ row }) => <Breakable text={row.original.type} /> }),
  helper.accessor('subscriptionName', { id: 'subscription', header: 'Subscription', cell: ({ row }) => row.original.subscriptionName ?? row.original.subscriptionId ?? 'None' }),
  helper.accessor('location', { id: 'location', header: 'Location', cell: ({ row }) => <span className="whitespace-nowrap">{row.original.location}</span> }),
  helper.accessor('fails', { id: 'severity', header: 'Gaps', cell: ({ row }) => <Gaps row={row.original} /> }),
  helper.display({ id: 'keyPoints', header: 'Key points', enableSorting: false, cell: ({ row }) => <KeyPointStrip verdicts={row.original.keyPoints} /> }),
])

function Name({ row, check }: { row: ResourceRow; check: string | null }) {
  return (
    <>
      <Link prefetch={false} href={check === null ? resourceHref(row.resourceId) : findingHref(row.resourceId, check)} className="link inline-block py-0.5 wrap-break-word">{row.name}</Link>
      <OfParent name={row.name} resourceId={row.resourceId} />
    </>
  )
}

function Gaps({ row }: { row: ResourceRow }) {
  const parts = severities.filter((severity) => row.fails[severity] > 0).map((severity) => `${formatCount(row.fails[severity])} ${severityWords[severity].toLowerCase()}`)
  if (row.unknown > 0) parts.push(`${formatCount(row.unknown)} unknown`)
  if (parts.length === 0) return <span className="text-muted">None</span>
  return <ul className="flex flex-wrap gap-x-2.5">{parts.map((part) => <li key={part} className="whitespace-nowrap">{part}</li>)}</ul>
}
