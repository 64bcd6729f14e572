import Link from 'next/link'
import { formatCount, formatCounted } from '@/components/format'
import { resourcesHref, type ResourceFilter } from '@/components/links'
import { Breakable } from '@/components/ui/breakable'
import { CodeBlock } from '@/components/ui/code-block'
import { CountLink } from '@/components/ui/count-link'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { reasonWords } from '@/components/vocabulary'
import { cureFor, isWantedElsewhere } from '@/lib/domain/cure'
import type { UnreadRow } from '@/lib/domain/views'

function placesOf({ subscriptions, names, ofTenant }: UnreadRow): string {
  const named = subscriptions > names.length ? [formatCounted(subscriptions, 'subscription')] : names
  return [...named, ...(ofTenant ? ['Tenant and management groups'] : [])].join(', ')
}

/** The filter of the resources page that finds the same; null where none does. */
function filterOf({ reasonCode, subscriptionId }: UnreadRow): ResourceFilter | null {
  if (reasonCode !== 'permission-denied') return { verdicts: ['unknown'], reasonCodes: [reasonCode] }
  return subscriptionId === null ? null : { subscriptions: [subscriptionId], verdicts: ['unknown'], reasonCodes: [reasonCode] }
}

interface UnreadTableProps {
  rows: UnreadRow[]
  /** How many rows there are, of which these may be the first. */
  total: number
  /** The counts are those of now, so they lead to the rows within what was scanned; null: they do not. */
  linkedWithin: ResourceFilter | null
  /** How many lines are shown, with where the others are; all of them without. */
  cut?: { rowsMax: number; allHref: string }
}

/** What could not be read, why, and what would cure it. */
export function UnreadTable({ rows, total, linkedWithin, cut }: UnreadTableProps) {
  const shown = rows.slice(0, cut?.rowsMax)
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
          {shown.map((row) => {
            const { reasonCode, subscriptionId, findings, permissions } = row
            const [where, filter] = [placesOf(row), filterOf(row)]
            const cure = cureFor({ reasonCode, subscriptionId, permission: permissions.find((one) => !isWantedElsewhere(one)) ?? permissions[0] ?? null })
            return (
              <tr key={`${reasonCode} ${subscriptionId}`}>
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
      {total > shown.length && (
        <p className="mt-2 text-sm">
          {cut === undefined
            ? <>These are the first {formatCount(shown.length)} of {formatCount(total)} reasons. <Link href={resourcesHref({ verdicts: ['unknown'] })} prefetch={false} className="link">Show all resources with unknown findings</Link></>
            : <Link href={cut.allHref} prefetch={false} className="link">Show all {formatCount(total)} reasons</Link>}
        </p>
      )}
    </>
  )
}
