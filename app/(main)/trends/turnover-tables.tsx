import { formatCount, formatSpan } from '@/components/format'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import type { GapTurnover } from '@/lib/db'
import { keyPointSlugs, keyPointTitle } from '@/lib/domain/key-point'

interface TurnoverTablesProps {
  rows: GapTurnover[]
  subscriptions: { subscriptionId: string; displayName: string; deleted: boolean }[]
  bySubscription: boolean
}

interface Turnover {
  key: string
  label: string
  rows: GapTurnover[]
}

/** Gaps that opened and closed in the time shown, and how long the closed ones had been open on average. */
export function TurnoverTables({ rows, subscriptions, bySubscription }: TurnoverTablesProps) {
  if (rows.length === 0) return <p className="text-sm">No gap opened or closed between two scans in this time.</p>
  const byKeyPoint = keyPointSlugs.map((slug): Turnover => ({ key: slug, label: keyPointTitle(slug), rows: rows.filter((row) => row.keyPoint === slug) })).filter((one) => one.rows.length > 0)
  const names = new Map(subscriptions.map((one) => [one.subscriptionId, one.deleted ? `${one.displayName} (deleted in Azure)` : one.displayName]))
  const grouped = [...Map.groupBy(rows, (row) => row.subscriptionId ?? '')]
    .map(([id, own]): Turnover => ({ key: id, label: id === '' ? 'Tenant and management groups' : (names.get(id) ?? id), rows: own }))
    .sort((a, b) => a.label.localeCompare(b.label))
  return (
    <div className="space-y-5">
      <TurnoverTable caption="Gaps by key point" head="Key point" groups={byKeyPoint} />
      {bySubscription && <TurnoverTable caption="Gaps by subscription" head="Subscription" groups={grouped} />}
      <p className="text-sm text-muted">From the scan that first saw a gap to the scan that saw it closed. Loss of sight closes nothing, and a resource that is deleted closes none of its gaps.</p>
    </div>
  )
}

function TurnoverTable({ caption, head, groups }: { caption: string; head: string; groups: Turnover[] }) {
  return (
    <DataTable caption={caption}>
      <thead>
        <tr>
          <HeadCell>{head}</HeadCell>
          <HeadCell numeric>Opened</HeadCell>
          <HeadCell numeric>Closed</HeadCell>
          <HeadCell numeric>Mean time to close</HeadCell>
        </tr>
      </thead>
      <tbody>
        {groups.map(({ key, label, rows }) => {
          const sum = (of: (row: GapTurnover) => number) => rows.reduce((total, row) => total + of(row), 0)
          const closed = sum((row) => row.closed)
          return (
            <tr key={key}>
              <RowHead className="wrap-anywhere sm:min-w-32">{label}</RowHead>
              <Cell numeric label="Opened">{formatCount(sum((row) => row.opened))}</Cell>
              <Cell numeric label="Closed">{formatCount(closed)}</Cell>
              <Cell numeric label="Mean time">{closed === 0 ? <span className="text-muted">None closed</span> : formatSpan(sum((row) => row.openSeconds) / closed)}</Cell>
            </tr>
          )
        })}
      </tbody>
    </DataTable>
  )
}
