import Link from 'next/link'
import { formatCount, formatPercent, formatScore, formatUtc } from '@/components/format'
import { scanHref } from '@/components/links'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { keyPointShortWords, keyPointTitle } from '@/components/vocabulary'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { TrendPoint } from '@/lib/domain/trend'

/** What the charts show, in numbers, newest first. */
export function TrendTable({ points, keyPoints }: { points: TrendPoint[]; keyPoints: KeyPoint[] }) {
  return (
    <Disclosure summary="Show each scan's figures">
      <p className="mb-2 text-sm text-muted">Under each key point its score, and below that its coverage.</p>
      <DataTable caption="Score and coverage of each scan, in all and by key point, newest first">
        <thead>
          <tr>
            <HeadCell>Scan</HeadCell>
            <HeadCell numeric>Score</HeadCell>
            <HeadCell numeric>Coverage</HeadCell>
            <HeadCell numeric>Gaps</HeadCell>
            {keyPoints.map((slug) => <HeadCell key={slug} numeric title={keyPointTitle(slug)}>{keyPointShortWords[slug]}</HeadCell>)}
          </tr>
        </thead>
        <tbody>
          {points.map((point) => (
            <tr key={point.scanId}>
              <RowHead className="whitespace-nowrap"><Link href={scanHref(point.scanId)} prefetch={false} className="link inline-block py-0.5">{formatUtc(point.at)}</Link>{point.status === 'partial' && ' partial'}</RowHead>
              <Cell numeric label="Score">{formatScore(point.score)}</Cell>
              <Cell numeric label="Coverage">{formatPercent(point.coverage)}</Cell>
              <Cell numeric label="Gaps">{formatCount(point.fails)}</Cell>
              {keyPoints.map((slug) => {
                const figures = point.keyPoints[slug]
                return <Cell key={slug} numeric label={keyPointShortWords[slug]}>{figures !== undefined && <ScoreOverCoverage of={figures} />}</Cell>
              })}
            </tr>
          ))}
        </tbody>
      </DataTable>
    </Disclosure>
  )
}

function ScoreOverCoverage({ of: { score, coverage } }: { of: Pick<TrendPoint, 'score' | 'coverage'> }) {
  return <>{formatScore(score)}<span className="sr-only">, coverage</span> <span className="block whitespace-nowrap text-muted">{formatPercent(coverage)}</span></>
}
