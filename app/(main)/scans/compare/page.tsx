import type { Metadata } from 'next'
import Link from 'next/link'
import { Suspense } from 'react'
import { formatCounted, formatUtc } from '@/components/format'
import { compareHref, scanHref } from '@/components/links'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { countChanges, countScans, getDatabase, listChanges, listScans, notCompared, openDiff, scanBefore, type ScanPair } from '@/lib/db'
import { dayMs } from '@/lib/domain/day'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { foundOrNotFound } from '../../found-or-not-found'
import { ChangeCounts } from './change-counts'
import { ChangeTable } from './change-table'
import { ScanPicker } from './scan-picker'
import { loadCompareParams, matchingChanges, toChangeFilters, type CompareParams } from './search-params'
import { ShownChanges } from './shown-changes'
import { UnseenGaps } from './unseen-gaps'

export const metadata: Metadata = { title: 'Compare scans' }

const pageSize = 50
/** How many scans each list holds to choose from. */
const offered = 100

export default async function ComparePage({ searchParams }: { searchParams: Promise<Record<string, string | string[]>> }) {
  const { viewer } = await requireViewer()
  const params = await loadCompareParams(searchParams)
  const db = getDatabase()
  const until = params.until === null ? undefined : new Date(params.until.getTime() + dayMs - 1)
  const [scans, { comparable }] = await Promise.all([listScans(db, viewer, { limit: offered, comparable: true, until }), countScans(db, viewer)])
  const pair = await foundOrNotFound(() => pairOf(viewer, params))
  const header = (lead?: React.ReactNode) => <PageHeader title="Compare scans" crumbs={[{ href: '/scans', label: 'Scans' }]} lead={lead} />
  if (typeof pair === 'string') return <>{header()}<EmptyState title="These scans cannot be compared">{pair}</EmptyState></>
  if (pair === null) {
    return <>{header()}<EmptyState title="There is nothing to compare yet">Two scans with results are needed; the next scan can be compared with the one before.</EmptyState></>
  }
  const { ofAllKnown, ...filters } = toChangeFilters(params)
  // First, so that the page of changes is found by what was counted.
  const counts = await countChanges(db, viewer, pair, { ofAllKnown })
  const matching = matchingChanges(counts, toChangeFilters(params)).reduce((sum, row) => sum + row.count, 0)
  const page = Math.min(Math.max(1, params.page), Math.max(1, Math.ceil(matching / pageSize)))
  const [rows, left] = await Promise.all([listChanges(db, viewer, pair, { ...filters, ofAllKnown }, { page, pageSize }), ofAllKnown ? [] : notCompared(db, viewer, pair)])
  const ids = { from: pair.from.scanId, to: pair.to.scanId, of: params.of }
  return (
    <>
      {header(<>From the <Link className="link" href={scanHref(ids.from)}>scan of {formatUtc(pair.from.startedAt)}</Link> to the <Link className="link" href={scanHref(ids.to)}>scan of {formatUtc(pair.to.startedAt)}</Link></>)}
      <div className="space-y-6">
        <ScanPicker scans={scans} pair={pair} until={params.until} all={comparable} />
        {ofAllKnown && (
          <Notice title="All subscriptions that were known are compared">
            <p>Each with what was last known of it, also where only one of the two scans looked. <Link className="link" href={compareHref({ ...ids, of: null })}>Compare what both scans judged</Link></p>
          </Notice>
        )}
        {left.length > 0 && (
          <Notice title={left.length > 3 ? `${formatCounted(left.length, 'subscription')} are not compared` : `Not compared: ${left.join(', ')}`}>
            <p>Only one of the two scans judged {left.length === 1 ? 'it' : 'them'}; what was not looked at is no change.</p>
          </Notice>
        )}
        {counts.length === 0 ? <EmptyState title="Nothing changed">Every finding of the one scan holds in the other, with the same reason.</EmptyState> : (
          <>
            <ChangeCounts counts={counts} ids={ids} />
            <Card title="Changes" id="changes">
              <ShownChanges counts={counts} ids={ids} filters={filters} matching={matching} page={page} pageSize={pageSize}>
                {rows.length > 0 ? <ChangeTable rows={rows} /> : <EmptyState title="No change matches" action={<Link className="link" href={compareHref(ids)}>Show all changes</Link>} />}
              </ShownChanges>
            </Card>
          </>
        )}
        <Suspense><UnseenGaps viewer={viewer} pair={pair} ofAllKnown={ofAllKnown} /></Suspense>
      </div>
    </>
  )
}

/** The scans that the address names; what it leaves out is the latest scan and the one before. Null when there are not two, a sentence when they cannot be compared. */
async function pairOf(viewer: Viewer, { from, to }: CompareParams): Promise<ScanPair | string | null> {
  const db = getDatabase()
  try {
    const second = to ?? 'latest'
    const first = from ?? (await scanBefore(db, viewer, second))
    return first === null ? null : await openDiff(db, viewer, first, second)
  } catch (error) {
    if (!(error instanceof KeypointError)) throw error
    if (error.code === 'conflict') return `${error.message} ${error.remedy}`
    if (error.code === 'not-found' && from === null && to === null) return null
    throw error
  }
}
