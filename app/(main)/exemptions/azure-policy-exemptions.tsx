import { formatDay, formatUtc } from '@/components/format'
import { Breakable } from '@/components/ui/breakable'
import { Notice } from '@/components/ui/notice'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { unmappedPageRows, type PolicyExemptionsState } from '@/lib/db'
import type { ListPages } from './exemption-pages'
import { ListPageLinks } from './list-pages'

/** How the exemptions of Azure Policy were taken over, and which could not be. */
export function AzurePolicyExemptions({ state: { readAt, problem, unmapped, unmappedTotal, page }, pages }: { state: PolicyExemptionsState; pages: ListPages }) {
  if (readAt === null) return <p className="text-sm text-muted">Each scan takes over the exemptions of Azure Policy whose policy asks what a check asks. None has run since this is so.</p>
  return (
    <div className="space-y-4">
      {problem !== null && <Notice kind="warning" title="Not all exemptions could be read"><p>{problem} What was known before is kept.</p></Notice>}
      <p className="text-sm">
        Read on {formatUtc(readAt)}.{' '}
        <span className="text-muted">{unmappedTotal === 0 ? 'None was left out.' : 'What follows stands for no check, and marks nothing here.'}</span>
      </p>
      {unmappedTotal > 0 && (
        <DataTable caption="Exemptions of Azure Policy that were not taken over">
          <thead>
            <tr>
              <HeadCell>Exemption</HeadCell>
              <HeadCell>Of</HeadCell>
              <HeadCell>From the policy</HeadCell>
              <HeadCell>Until</HeadCell>
              <HeadCell>Why not</HeadCell>
            </tr>
          </thead>
          <tbody>
            {unmapped.map((row) => (
              <tr key={`${row.sourceId} ${row.what}`}>
                <RowHead className="min-w-40 wrap-anywhere">{row.sourceName}</RowHead>
                <Cell label="Of" className="min-w-40"><Breakable text={row.scope} /></Cell>
                <Cell label="From" className="min-w-40 wrap-anywhere">{row.what}</Cell>
                <Cell label="Until" className="whitespace-nowrap">{row.expiresAt === null ? 'No end' : formatDay(row.expiresAt)}</Cell>
                <Cell label="Why not" className="min-w-48">{row.why}</Cell>
              </tr>
            ))}
          </tbody>
        </DataTable>
      )}
      <ListPageLinks label="what was not taken over" list="not-taken-over" pages={pages} total={unmappedTotal} page={page} pageSize={unmappedPageRows} />
    </div>
  )
}
