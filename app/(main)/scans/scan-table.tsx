import clsx from 'clsx'
import Link from 'next/link'
import { formatCount, formatDuration, formatPercent, formatRelative, formatScore, formatUtc } from '@/components/format'
import { compareHref, scanHref } from '@/components/links'
import { hasEnded, hasResults } from '@/components/scans/scan-progress-view'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import { modeInWords, scanStatusWords } from '@/components/vocabulary'
import type { ScanRow } from '@/lib/domain/views'

/** `hasOlder`: the last of these is not the first scan of all, so that it too can be compared. */
export function ScanTable({ scans, hasOlder, now }: { scans: ScanRow[]; hasOlder: boolean; now: Date }) {
  const canBeCompared = (scan: ScanRow, index: number) => hasResults(scan) && (hasOlder || index < scans.length - 1)
  return (
    <DataTable caption="Scans, newest first">
      <thead>
        <tr>
          <HeadCell>Started</HeadCell>
          <HeadCell>Status</HeadCell>
          <HeadCell>By</HeadCell>
          <HeadCell>Mode</HeadCell>
          <HeadCell numeric>Duration</HeadCell>
          <HeadCell numeric>Score</HeadCell>
          <HeadCell numeric>Coverage</HeadCell>
          <HeadCell numeric>Subscriptions read</HeadCell>
          <HeadCell numeric>Inventory</HeadCell>
          <HeadCell numeric>Requests</HeadCell>
          <HeadCell numeric>Throttled</HeadCell>
          <HeadCell>Changes</HeadCell>
        </tr>
      </thead>
      <tbody>
        {scans.map((scan, index) => (
          <tr key={scan.scanId}>
            <RowHead>
              <Link href={scanHref(scan.scanId)} className="link inline-block py-0.5"><Time iso={scan.startedAt ?? scan.createdAt} text={formatRelative(scan.startedAt ?? scan.createdAt, now)} exactBeside /></Link>
              <span className="block text-xs font-normal whitespace-nowrap text-muted">{formatUtc(scan.startedAt ?? scan.createdAt)}</span>
            </RowHead>
            <Cell label="Status" className={clsx(scan.error === null ? 'sm:min-w-36' : 'sm:min-w-64', !hasEnded(scan.status) && 'font-semibold')}>
              {scanStatusWords[scan.status]}
              {scan.error !== null && <span className="block max-w-xs text-muted wrap-anywhere">{scan.error}</span>}
            </Cell>
            <Cell label="By">{scan.requestedBy}</Cell>
            <Cell label="Mode">{modeInWords(scan)}</Cell>
            <Cell numeric label="Duration">{duration(scan, now)}</Cell>
            <Cell numeric label="Score">{hasEnded(scan.status) ? formatScore(scan.score) : ''}</Cell>
            <Cell numeric label="Coverage">{scan.coverage === null ? '' : formatPercent(scan.coverage)}</Cell>
            <Cell numeric label="Subscriptions">{formatCount(scan.subscriptionsRead)} of {formatCount(scan.subscriptionsTotal)}</Cell>
            <Cell numeric label="Inventory">{scan.resources === null ? '' : formatCount(scan.resources)}</Cell>
            <Cell numeric label="Requests">{scan.requests === null ? '' : formatCount(scan.requests.total)}</Cell>
            <Cell numeric label="Throttled">{scan.requests === null ? '' : formatCount(scan.requests.throttled)}</Cell>
            <Cell label="Changes" className={canBeCompared(scan, index) ? undefined : 'card-omits'}>
              {canBeCompared(scan, index) && <Link href={compareHref({ to: scan.scanId })} prefetch={false} className="link inline-block py-0.5">Compare<span className="sr-only"> scan of {formatUtc(scan.createdAt)} with the one before</span></Link>}
            </Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function duration(scan: ScanRow, now: Date): string {
  if (scan.startedAt === null) return ''
  const end = scan.finishedAt === null ? now : new Date(scan.finishedAt)
  return formatDuration(end.getTime() - new Date(scan.startedAt).getTime())
}
