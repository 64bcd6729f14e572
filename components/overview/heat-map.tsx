import Link from 'next/link'
import { formatCount, formatPercent, formatScore } from '@/components/format'
import { resourcesHref } from '@/components/links'
import { CountLink } from '@/components/ui/count-link'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { keyPointShortWords } from '@/components/vocabulary'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import type { SubscriptionPostureRow } from '@/lib/domain/views'

const allMax = 200

const steps = [{ below: 20, step: 5 }, { below: 40, step: 4 }, { below: 60, step: 3 }, { below: 80, step: 2 }] as const

function stepFor(score: number): number {
  return steps.find(({ below }) => score < below)?.step ?? 1
}

interface HeatMapProps {
  rows: SubscriptionPostureRow[]
  /** How many are shown at first, with where the others are; null: all of them. */
  cut: { rowsMax: number; allHref: string } | null
}

/** Subscriptions × key points, worst first: a table whose cells are links with the score as text. */
export function HeatMap({ rows, cut }: HeatMapProps) {
  const judged = keyPoints.filter((keyPoint) => rows.some((row) => row.keyPoints[keyPoint.slug] !== undefined))
  const worstFirst = rows.toSorted((a, b) => (a.score ?? 101) - (b.score ?? 101))
  const rowsMax = cut?.rowsMax ?? allMax
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
        {rows.length > rowsMax && ` The worst ${rowsMax} of ${formatCount(rows.length)} subscriptions are shown. `}
        {cut !== null && rows.length > rowsMax && <Link href={cut.allHref} prefetch={false} className="link">{rows.length > allMax ? `Show the worst ${allMax}` : 'Show all'}</Link>}
      </p>
    </>
  )
}

function HeatCell({ row, keyPoint, title }: { row: SubscriptionPostureRow; keyPoint: KeyPoint; title: string }) {
  const score = row.keyPoints[keyPoint]
  if (score === undefined) return <Cell numeric className="text-muted">Not asked</Cell>
  const text = formatScore(score)
  return (
    <td className="cell cell-numeric p-0.5">
      <Link
        prefetch={false} href={resourcesHref({ subscriptions: [row.subscriptionId], keyPoints: [keyPoint] })} aria-label={`${row.displayName}, ${title}: ${text}`}
        className={score === null ? 'heat heat-none' : `heat heat-${stepFor(score)}`}
      >
        {text}
      </Link>
    </td>
  )
}
