import Link from 'next/link'
import { VerdictBar } from '@/components/charts/verdict-bar'
import { SeverityCounts } from '@/components/findings/severity-counts'
import { formatPercent, formatScore } from '@/components/format'
import { keyPointHref, resourcesHref, type ResourceFilter } from '@/components/links'
import { CountLink } from '@/components/ui/count-link'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { keyPoints } from '@/lib/domain/key-point'
import type { KeyPointRow } from '@/lib/domain/views'

/** The ten key points in contract order, their counts leading to rows `within` what was scanned. One without findings was not judged, which is not a zero. */
export function KeyPointTable({ rows, within = {} }: { rows: KeyPointRow[]; within?: ResourceFilter }) {
  return (
    <DataTable caption="The ten key points with score, verdicts and gaps">
      <thead>
        <tr>
          <HeadCell>Key point</HeadCell>
          <HeadCell numeric>Score</HeadCell>
          <HeadCell className="w-1/4 min-w-40">Verdicts</HeadCell>
          <HeadCell>Gaps</HeadCell>
          <HeadCell numeric>Unknown</HeadCell>
          <HeadCell numeric>Coverage</HeadCell>
        </tr>
      </thead>
      <tbody>
        {keyPoints.map((keyPoint) => (
          <tr key={keyPoint.slug}>
            <RowHead><Link href={keyPointHref(keyPoint.slug)} className="link inline-block py-0.5">{keyPoint.title}</Link></RowHead>
            <KeyPointCells row={rows.find((row) => row.keyPoint === keyPoint.slug)} within={within} />
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function KeyPointCells({ row, within }: { row: KeyPointRow | undefined; within: ResourceFilter }) {
  if (row === undefined || row.counts.pass + row.counts.fail + row.counts.unknown + row.counts.notApplicable === 0) {
    return <Cell colSpan={5} className="text-muted">Not judged yet</Cell>
  }
  const filter = { ...within, keyPoints: [row.keyPoint] }
  return (
    <>
      <Cell numeric label="Score" className="font-semibold">{formatScore(row.score)}</Cell>
      <Cell><VerdictBar counts={row.counts} className="mt-1 h-3 w-full" /></Cell>
      <Cell label="Gaps"><SeverityCounts counts={row.failsBySeverity} filter={filter} /></Cell>
      <Cell numeric label="Unknown"><CountLink count={row.counts.unknown} label="unknown" href={resourcesHref({ ...filter, verdicts: ['unknown'] })} /></Cell>
      <Cell numeric label="Coverage">{formatPercent(row.coverage)}</Cell>
    </>
  )
}
