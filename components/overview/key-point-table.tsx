import Link from 'next/link'
import { VerdictBar } from '@/components/charts/verdict-bar'
import { SeverityCounts } from '@/components/findings/severity-counts'
import { formatPercent, formatScore } from '@/components/format'
import { keyPointHref, resourcesHref } from '@/components/links'
import { CountLink } from '@/components/ui/count-link'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { keyPoints } from '@/lib/domain/key-point'
import type { KeyPointRow } from '@/lib/domain/views'

/** The ten key points in contract order. One without findings was not judged, which is not a zero. */
export function KeyPointTable({ rows }: { rows: KeyPointRow[] }) {
  return (
    <DataTable caption="The ten key points with score, verdicts and gaps" className="max-sm:block">
      <thead className="max-sm:sr-only">
        <tr>
          <HeadCell>Key point</HeadCell>
          <HeadCell numeric>Score</HeadCell>
          <HeadCell className="w-1/4 min-w-40">Verdicts</HeadCell>
          <HeadCell>Gaps</HeadCell>
          <HeadCell numeric>Unknown</HeadCell>
          <HeadCell numeric>Coverage</HeadCell>
        </tr>
      </thead>
      <tbody className="max-sm:block">
        {keyPoints.map((keyPoint) => (
          <KeyPointTableRow key={keyPoint.slug} title={keyPoint.title} slug={keyPoint.slug} row={rows.find((row) => row.keyPoint === keyPoint.slug)} />
        ))}
      </tbody>
    </DataTable>
  )
}

function KeyPointTableRow({ title, slug, row }: { title: string; slug: KeyPointRow['keyPoint']; row: KeyPointRow | undefined }) {
  const filter = { keyPoints: [slug] }
  const name = <RowHead className="max-sm:block max-sm:border-0 max-sm:pb-0"><Link href={keyPointHref(slug)} className="link inline-block py-0.5">{title}</Link></RowHead>
  if (row === undefined || row.counts.pass + row.counts.fail + row.counts.unknown + row.counts.notApplicable === 0) {
    return (
      <tr className="max-sm:block max-sm:border-b max-sm:border-line">
        {name}
        <Cell colSpan={5} className="text-muted max-sm:block max-sm:border-0">Not judged yet</Cell>
      </tr>
    )
  }
  return (
    <tr className="max-sm:block max-sm:border-b max-sm:border-line">
      {name}
      <Cell numeric className="max-sm:inline-block max-sm:border-0"><Labelled label="Score">{formatScore(row.score)}</Labelled></Cell>
      <Cell className="max-sm:hidden"><VerdictBar counts={row.counts} className="mt-1 h-3 w-full" /></Cell>
      <Cell className="max-sm:inline-block max-sm:border-0"><Labelled label="Gaps"><SeverityCounts counts={row.failsBySeverity} filter={filter} /></Labelled></Cell>
      <Cell numeric className="max-sm:inline-block max-sm:border-0">
        <Labelled label="Unknown"><CountLink count={row.counts.unknown} label="unknown" href={resourcesHref({ ...filter, verdicts: ['unknown'] })} /></Labelled>
      </Cell>
      <Cell numeric className="max-sm:inline-block max-sm:border-0"><Labelled label="Coverage">{formatPercent(row.coverage)}</Labelled></Cell>
    </tr>
  )
}

/** The column's name beside the value where there is no column. */
function Labelled({ label, children }: { label: string; children: React.ReactNode }) {
  return <><span className="block text-left text-xs text-muted sm:hidden">{label}</span>{children}</>
}
