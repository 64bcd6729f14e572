import { cureFor } from '@/components/findings/cure'
import { resourcesHref } from '@/components/links'
import { CodeBlock } from '@/components/ui/code-block'
import { CountLink } from '@/components/ui/count-link'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { reasonWords } from '@/components/vocabulary'
import type { UnreadRow } from '@/lib/domain/views'

interface Unread {
  key: string
  row: UnreadRow
  findings: number
  permissions: string[]
}

/** One line for each (subscription, reason): the resources page filters by those two, and its count must agree. */
function byFilter(rows: UnreadRow[]): Unread[] {
  const groups = new Map<string, Unread>()
  for (const row of rows) {
    const key = `${row.subscriptionId ?? ''}|${row.reasonCode}`
    const group = groups.get(key) ?? { key, row, findings: 0, permissions: [] }
    group.findings += row.findings
    if (row.permission !== null && !group.permissions.includes(row.permission)) group.permissions.push(row.permission)
    groups.set(key, group)
  }
  return [...groups.values()].toSorted((a, b) => b.findings - a.findings)
}

/** What could not be read, why, and what would cure it. `linked`: the counts are those of now, so they lead to the rows. */
export function UnreadTable({ rows, linked }: { rows: UnreadRow[]; linked: boolean }) {
  return (
    <DataTable caption="What could not be read">
      <thead>
        <tr>
          <HeadCell>Where</HeadCell>
          <HeadCell>Why</HeadCell>
          <HeadCell numeric>Findings</HeadCell>
          <HeadCell>What to do</HeadCell>
        </tr>
      </thead>
      <tbody>
        {byFilter(rows).map(({ key, row, findings, permissions }) => {
          const cure = cureFor(row.reasonCode, permissions[0] ?? null, row.subscriptionId)
          const where = row.displayName ?? row.subscriptionId ?? 'Tenant and management groups'
          return (
            <tr key={key}>
              <RowHead className="wrap-anywhere">{where}</RowHead>
              <Cell>
                {reasonWords[row.reasonCode]}
                {permissions.map((permission) => <code key={permission} className="block text-xs text-muted wrap-anywhere">{permission}</code>)}
              </Cell>
              <Cell numeric>
                {linked && row.subscriptionId !== null
                  ? <CountLink count={findings} label={`unknown findings in ${where}`} href={resourcesHref({ verdicts: ['unknown'], reasonCodes: [row.reasonCode], subscriptions: [row.subscriptionId] })} />
                  : findings}
              </Cell>
              <Cell className="min-w-64">
                {cure.sentence}
                {cure.command !== undefined && <Disclosure summary="Command"><CodeBlock text={cure.command} label={`command for ${where}`} /></Disclosure>}
              </Cell>
            </tr>
          )
        })}
      </tbody>
    </DataTable>
  )
}
