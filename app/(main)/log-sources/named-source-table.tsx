import Link from 'next/link'
import { formatCounted } from '@/components/format'
import { checkHref } from '@/components/links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { namedSources, type NamedSource } from '@/lib/catalog/named-sources'
import { findCheck } from '@/lib/checks'
import { countReach, type LogReachRow } from '@/lib/domain/log-reach'
import type { CheckCountsRow } from '@/lib/domain/views'

/** The services and logs that Microsoft's guide names, each with its state here. */
export function NamedSourceTable({ rows, checks }: { rows: LogReachRow[]; checks: CheckCountsRow[] }) {
  return (
    <DataTable caption="Services and logs that Microsoft’s guide to logging and auditing names">
      <thead>
        <tr>
          <HeadCell className="w-64">Service or log</HeadCell>
          <HeadCell>State here</HeadCell>
        </tr>
      </thead>
      <tbody>
        {namedSources.map((source) => (
          <tr key={source.name}>
            <RowHead>{source.name}</RowHead>
            <Cell label="State">
              <p>{stateInWords(source, rows)}</p>
              {source.checks?.map((id) => <CheckState key={id} id={id} row={checks.find((one) => one.check === id)} />)}
              {source.note !== undefined && <p className="text-muted">{source.note}</p>}
            </Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function CheckState({ id, row }: { id: string; row: CheckCountsRow | undefined }) {
  const words = row === undefined ? 'asked of nothing here' : `${row.counts.pass} pass, ${row.counts.fail} fail, ${row.counts.unknown} unknown`
  return <p><Link href={checkHref(id)} className="link inline-block py-0.5">{findCheck(id)?.title ?? id}</Link>: {words}</p>
}

function stateInWords({ sources }: NamedSource, rows: readonly LogReachRow[]): string {
  if (sources.length === 0) return ''
  const counts = countReach(rows.filter((row) => row.category === '' && sources.includes(row.source)))
  if (counts.subjects === 0) return 'None here with logs that must be kept.'
  const parts = [
    [counts.central, 'reach the central workspace'], [counts.sentinel, 'reach Sentinel'], [counts.workspace, 'reach another workspace'], [counts.eventHub, 'an event hub'],
    [counts.partner, 'a partner'], [counts.onlyStorage, 'only storage'], [counts.partly, 'arrive in parts'], [counts.nowhere, 'arrive nowhere'],
    [counts.unseen, 'go out of sight'], [counts.untold, 'go where it is not told whether they are kept'], [counts.unread, 'could not be read'],
  ] as const
  return `${formatCounted(counts.subjects, 'source')}: ${parts.filter(([count]) => count > 0).map(([count, words]) => `${count} ${words}`).join(', ')}.`
}
