import Link from 'next/link'
import { VerdictBar } from '@/components/charts/verdict-bar'
import { SeverityMark } from '@/components/findings/severity-mark'
import { checkHref, resourcesHref, type ResourceFilter } from '@/components/links'
import { Badge } from '@/components/ui/badge'
import { CountLink } from '@/components/ui/count-link'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import type { Check } from '@/lib/domain/check'
import { emptyCounts } from '@/lib/domain/score'
import type { CheckCountsRow } from '@/lib/domain/views'

/** The checks of one key point with what they found `within` what was scanned, most gaps first. */
export function CheckTable({ checks, rows, within }: { checks: readonly Check[]; rows: CheckCountsRow[]; within: ResourceFilter }) {
  const withCounts = checks.map((check) => ({ check, counts: rows.find((row) => row.check === check.id)?.counts ?? emptyCounts() }))
  return (
    <DataTable caption="Checks of this key point, most gaps first">
      <thead>
        <tr>
          <HeadCell>Check</HeadCell>
          <HeadCell>Severity</HeadCell>
          <HeadCell className="w-1/5 min-w-32">Verdicts</HeadCell>
          <HeadCell numeric>Fail</HeadCell>
          <HeadCell numeric>Pass</HeadCell>
          <HeadCell numeric>Unknown</HeadCell>
          <HeadCell numeric>Not applicable</HeadCell>
        </tr>
      </thead>
      <tbody>
        {withCounts.toSorted((a, b) => b.counts.fail - a.counts.fail).map(({ check, counts }) => (
          <tr key={check.id}>
            <RowHead className="min-w-48">
              <Link href={checkHref(check.id)} className="link inline-block py-0.5">{check.title}</Link> {check.optional && <Badge>Optional</Badge>}
              <span className="block font-normal text-muted">{check.question}</span>
            </RowHead>
            <Cell label="Severity"><SeverityMark severity={check.severity} /></Cell>
            <Cell><VerdictBar counts={counts} className="mt-1 h-3 w-full" /></Cell>
            <Cell numeric label="Fail"><CountLink count={counts.fail} label={`fail ${check.title}`} href={resourcesHref({ ...within, verdicts: ['fail'], checks: [check.id] })} /></Cell>
            <Cell numeric label="Pass"><CountLink count={counts.pass} label={`pass ${check.title}`} href={resourcesHref({ ...within, verdicts: ['pass'], checks: [check.id] })} /></Cell>
            <Cell numeric label="Unknown"><CountLink count={counts.unknown} label={`are unknown to ${check.title}`} href={resourcesHref({ ...within, verdicts: ['unknown'], checks: [check.id] })} /></Cell>
            <Cell numeric label="Not applicable"><CountLink count={counts.notApplicable} label={`are outside ${check.title}`} href={resourcesHref({ ...within, verdicts: ['not-applicable'], checks: [check.id] })} /></Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
