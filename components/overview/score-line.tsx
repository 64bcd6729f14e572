import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatCount, formatPercent, formatRelative, formatScore } from '@/components/format'
import { resourcesHref, scanHref, type ResourceFilter } from '@/components/links'
import { Time } from '@/components/ui/time'
import type { ScanRow } from '@/lib/domain/views'

interface ScoreLineProps {
  score: number | null
  coverage: number
  /** What changed since the scan before. */
  sinceBefore?: ReactNode
  scan: Pick<ScanRow, 'scanId' | 'finishedAt' | 'createdAt' | 'status' | 'subscriptionsRead' | 'subscriptionsTotal'>
  unknown: number
  filter?: ResourceFilter
  now: Date
}

/** Score, coverage and time: one line, because none of the three is honest alone. */
export function ScoreLine({ score, coverage, sinceBefore, scan, unknown, filter = {}, now }: ScoreLineProps) {
  return (
    <div className="flex flex-wrap items-end gap-x-8 gap-y-3">
      <p>
        <span className="block text-sm text-muted">Score</span>
        <span className={score === null ? 'text-2xl font-semibold' : 'text-4xl font-semibold tracking-tight tabular-nums'}>{formatScore(score)}</span>
        {score !== null && <span className="text-muted"> of 100</span>}
        {score === null && <span className="block text-sm text-muted">Nothing passed or failed, so there is nothing to score.</span>}
      </p>
      {sinceBefore}
      <p>
        <span className="block text-sm text-muted">Coverage</span>
        <span className="text-xl tabular-nums">{formatPercent(coverage)}</span>
        {unknown > 0 && (
          <> <Link className="link text-sm" href={resourcesHref({ ...filter, verdicts: ['unknown'] })}>{formatCount(unknown)} unknown</Link></>
        )}
      </p>
      <p>
        <span className="block text-sm text-muted">Scanned</span>
        <Link href={scanHref(scan.scanId)} className="link text-xl"><Time iso={scan.finishedAt ?? scan.createdAt} text={formatRelative(scan.finishedAt ?? scan.createdAt, now)} /></Link>
        <span className="text-sm text-muted"> {formatCount(scan.subscriptionsRead)} of {formatCount(scan.subscriptionsTotal)} subscriptions read{scan.status === 'partial' && ', partial'}</span>
      </p>
    </div>
  )
}
