import clsx from 'clsx'
import Link from 'next/link'
import { formatCount, formatPercent, formatScore } from '@/components/format'
import { resourcesHref } from '@/components/links'
import { CountLink } from '@/components/ui/count-link'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { keyPointShortWords } from '@/components/vocabulary'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import type { SubscriptionPostureRow } from '@/lib/domain/views'

const rowsMax = 200

const steps = [
  { below: 20, className: 'bg-(--heat-5) text-(--heat-text-strong)' },
  { below: 40, className: 'bg-(--heat-4) text-(--heat-text-strong)' },
  { below: 60, className: 'bg-(--heat-3) text-(--heat-text-weak)' },
  { below: 80, className: 'bg-(--heat-2) text-(--heat-text-weak)' },
] as const

function stepFor(score: number): string {
  return steps.find((step) => score < step.below)?.className ?? 'bg-(--heat-1) text-(--heat-text-weak)'
}

/** Subscriptions × key points, worst first: a table whose cells are links with the score as text. */
export function HeatMap({ rows }: { rows: SubscriptionPostureRow[] }) {
  const judged = keyPoints.filter((keyPoint) => rows.some((row) => row.keyPoints[keyPoint.slug] !== undefined))
  const worstFirst = rows.toSorted((a, b) => (a.score ?? 101) - (b.score ?? 101))
  const missing = keyPoints.length - judged.length
  return (
    <>
      <DataTable cards={false} caption="Score by subscription and key point, worst subscription first">
        <thead>
          <tr>
            <HeadCell>Subscription</HeadCell>
            <HeadCell numeric>Score</HeadCell>
            {judged.map((keyPoint) => <HeadCell key={keyPoint.slug} numeric className="px-1"><abbr title={keyPoint.title} className="no-underline">{keyPointShortWords[keyPoint.slug]}</abbr></HeadCell>)}
            <HeadCell numeric>Unknown</HeadCell>
            <HeadCell numeric>Coverage</HeadCell>
          </tr>
        </thead>
        <tbody>
          {worstFirst.slice(0, rowsMax).map((row) => (
            <tr key={row.subscriptionId}>
              <RowHead className="min-w-32 wrap-anywhere"><Link prefetch={false} className="link inline-block py-0.5" href={resourcesHref({ subscriptions: [row.subscriptionId] })}>{row.displayName}</Link></RowHead>
              <Cell numeric className="font-semibold">{formatScore(row.score)}</Cell>
              {judged.map((keyPoint) => <HeatCell key={keyPoint.slug} row={row} keyPoint={keyPoint.slug} title={keyPoint.title} />)}
              <Cell numeric><CountLink count={row.counts.unknown} label={`unknown in ${row.displayName}`} href={resourcesHref({ subscriptions: [row.subscriptionId], verdicts: ['unknown'] })} /></Cell>
              <Cell numeric>{formatPercent(row.coverage)}</Cell>
            </tr>
          ))}
        </tbody>
      </DataTable>
      <p className="mt-2 text-xs text-muted">
        The stronger the colour, the worse. A score speaks of what could be read alone: see unknown and coverage beside it.
        {missing > 0 && ` ${missing} of ten key points are not judged yet and have no column.`}
        {rows.length > rowsMax && ` The worst ${rowsMax} of ${formatCount(rows.length)} subscriptions are shown.`}
      </p>
    </>
  )
}

function HeatCell({ row, keyPoint, title }: { row: SubscriptionPostureRow; keyPoint: KeyPoint; title: string }) {
  const score = row.keyPoints[keyPoint]
  if (score === undefined) return <Cell numeric className="text-muted">Not asked</Cell>
  return (
    <Cell numeric className="p-0.5">
      <Link
        prefetch={false} href={resourcesHref({ subscriptions: [row.subscriptionId], keyPoints: [keyPoint] })}
        className={clsx('block min-h-8 min-w-12 rounded-sm border px-1.5 py-1.5 hover:underline', score === null ? 'border-dotted border-control text-xs text-muted' : ['border-line', stepFor(score)])}
      >
        <span className="sr-only">{row.displayName}, {title}: </span>{formatScore(score)}
      </Link>
    </Cell>
  )
}
