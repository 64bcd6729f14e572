import Link from 'next/link'
import { formatCount, formatCounted } from '@/components/format'
import { resourcesHref, type ResourceFilter } from '@/components/links'
import { Breakable } from '@/components/ui/breakable'
import { CodeBlock } from '@/components/ui/code-block'
import { CountLink } from '@/components/ui/count-link'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { reasonWords } from '@/components/vocabulary'
import { cureFor } from '@/lib/domain/cure'
import type { ReasonCode } from '@/lib/domain/verdict'
import type { UnreadRow } from '@/lib/domain/views'

interface Unread {
  key: string
  where: string
  reasonCode: ReasonCode
  subscriptionId: string | null
  findings: number
  permissions: string[]
  /** The filter of the resources page that finds the same; null where none does. */
  filter: ResourceFilter | null
}

/** Missing permissions by subscription, because that is where roles are granted; all other reasons once each. */
function toUnread(rows: UnreadRow[]): Unread[] {
  const groups = Map.groupBy(rows, (row) => (row.reasonCode === 'permission-denied' ? `${row.reasonCode} ${row.subscriptionId ?? ''}` : row.reasonCode))
  return [...groups].map(([key, group]) => {
    const [first] = group
    const places = new Set(group.map((row) => row.displayName ?? row.subscriptionId ?? 'Tenant and management groups'))
    const reasonCode = first?.reasonCode ?? 'api-error'
    const bySubscription = reasonCode === 'permission-denied'
    const subscriptionId = bySubscription ? (first?.subscriptionId ?? null) : null
    const filter: ResourceFilter | null = !bySubscription ? {} : subscriptionId === null ? null : { subscriptions: [subscriptionId] }
    return {
      key, reasonCode, subscriptionId,
      where: places.size > 3 ? formatCounted(places.size, 'subscription') : [...places].join(', '),
      findings: group.reduce((sum, row) => sum + row.findings, 0),
      permissions: [...new Set(group.flatMap((row) => (row.permission === null ? [] : [row.permission])))],
      filter: filter === null ? null : { ...filter, verdicts: ['unknown'], reasonCodes: [reasonCode] },
    } satisfies Unread
  }).toSorted((a, b) => Number(b.reasonCode === 'permission-denied') - Number(a.reasonCode === 'permission-denied') || b.findings - a.findings)
}

interface UnreadTableProps {
  rows: UnreadRow[]
  /** The counts are those of now, so they lead to the rows within what was scanned; null: they do not. */
  linkedWithin: ResourceFilter | null
  /** How many lines are shown, with where the others are; all of them without. */
  cut?: { rowsMax: number; allHref: string }
}

/** What could not be read, why, and what would cure it. */
export function UnreadTable({ rows, linkedWithin, cut }: UnreadTableProps) {
  const unread = toUnread(rows)
  const shown = unread.slice(0, cut?.rowsMax)
  return (
    <>
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
          {shown.map(({ key, where, reasonCode, subscriptionId, findings, permissions, filter }) => {
            const cure = cureFor(reasonCode, permissions[0] ?? null, subscriptionId)
            return (
              <tr key={key}>
                <RowHead className="wrap-anywhere sm:min-w-32">{where}</RowHead>
                <Cell label="Why">
                  {reasonWords[reasonCode]}
                  {permissions.map((permission) => <code key={permission} className="block text-xs text-muted"><Breakable text={permission} /></code>)}
                </Cell>
                <Cell numeric label="Findings">
                  {linkedWithin !== null && filter !== null ? <CountLink count={findings} label={`unknown findings in ${where}`} href={resourcesHref({ ...linkedWithin, ...filter })} /> : formatCount(findings)}
                </Cell>
                <Cell label="What to do" className="sm:min-w-64">
                  {cure.sentence}
                  {cure.command !== undefined && <Disclosure summary="Command"><CodeBlock text={cure.command} label={`command for ${where}`} /></Disclosure>}
                </Cell>
              </tr>
            )
          })}
        </tbody>
      </DataTable>
      {cut !== undefined && unread.length > shown.length && <p className="mt-2 text-sm"><Link href={cut.allHref} prefetch={false} className="link">Show all {formatCount(unread.length)} reasons</Link></p>}
    </>
  )
}
