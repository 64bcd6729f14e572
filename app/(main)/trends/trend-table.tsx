import Link from 'next/link'
import { formatCount, formatPercent, formatScore, formatUtc } from '@/components/format'
import { scanHref } from '@/components/links'
import { Disclosure } from '@/components/ui/disclosure'
import { PageLinks } from '@/components/ui/page-links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { keyPointShortWords } from '@/components/vocabulary'
import { keyPointTitle, type KeyPoint } from '@/lib/domain/key-point'
import type { TrendPoint } from '@/lib/domain/trend'

interface TrendTableProps {
  /** Of all scans shown, oldest first. */
  points: TrendPoint[]
  keyPoints: KeyPoint[]
  /** Null: the first, and the table is shut. */
  page: number | null
  hrefFor: (page: number) => string
}

const pageSize = 50

/** What the charts show, in numbers, newest first, page by page. */
export function TrendTable({ points, keyPoints, page: asked, hrefFor }: TrendTableProps) {
  const page = Math.min(Math.max(1, asked ?? 1), Math.max(1, Math.ceil(points.length / pageSize)))
  const rows = points.toReversed().slice((page - 1) * pageSize, page * pageSize)
  return (
    <Disclosure summary="Show each scan's figures" open={asked !== null}>
      <p className="mb-2 text-sm text-muted">In each column the score, and below it the coverage.</p>
      <DataTable caption="Score and coverage of each scan, in all and by key point, newest first">
        <thead>
          <tr>
            <HeadCell>Scan</HeadCell>
            <HeadCell numeric>In all</HeadCell>
            <HeadCell numeric>Gaps</HeadCell>
            {keyPoints.map((slug) => <HeadCell key={slug} numeric title={keyPointTitle(slug)}>{keyPointShortWords[slug]}</HeadCell>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((point) => (
            <tr key={point.scanId}>
              <RowHead className="whitespace-nowrap"><Link href={scanHref(point.scanId)} prefetch={false} className="link inline-block py-0.5">{formatUtc(point.at)}</Link>{point.status === 'partial' && <span className="block font-normal text-muted">partial</span>}</RowHead>
              <Cell numeric label="In all"><ScoreOverCoverage of={point} /></Cell>
              <Cell numeric label="Gaps">{formatCount(point.fails)}</Cell>
              {keyPoints.map((slug) => {
                const figures = point.keyPoints[slug]
                return <Cell key={slug} numeric label={keyPointShortWords[slug]}>{figures !== undefined && <ScoreOverCoverage of={figures} />}</Cell>
              })}
            </tr>
          ))}
        </tbody>
      </DataTable>
      {points.length > pageSize && (
        <nav aria-label="Pages of scans" className="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm print:hidden">
          <PageLinks total={points.length} page={page} pageSize={pageSize} hrefFor={hrefFor} />
        </nav>
      )}
    </Disclosure>
  )
}

function ScoreOverCoverage({ of: { score, coverage } }: { of: Pick<TrendPoint, 'score' | 'coverage'> }) {
  return <>{formatScore(score)}<span className="sr-only">, coverage</span> <span className="block whitespace-nowrap text-muted">{formatPercent(coverage)}</span></>
}
