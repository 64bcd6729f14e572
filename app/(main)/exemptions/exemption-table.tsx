import Link from 'next/link'
import { formatDay } from '@/components/format'
import { checkHref, resourceHref } from '@/components/links'
import { Breakable } from '@/components/ui/breakable'
import { CommandButton } from '@/components/ui/command-button'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { findCheck } from '@/lib/checks'
import { exemptedInWords, exemptionState, type ExemptionRow } from '@/lib/domain/exemption'
import { approveExemptionById, endExemptionById } from './actions'

interface ExemptionTableProps {
  caption: string
  rows: ExemptionRow[]
  rights: { mayAsk: boolean; mayApprove: boolean; byAnother: boolean; username: string }
  now: Date
}

export function ExemptionTable({ caption, rows, rights, now }: ExemptionTableProps) {
  return (
    <DataTable caption={caption}>
      <thead>
        <tr>
          <HeadCell>Of</HeadCell>
          <HeadCell>From</HeadCell>
          <HeadCell>Why</HeadCell>
          <HeadCell>Asked for</HeadCell>
          <HeadCell>Decided</HeadCell>
          <HeadCell>Until</HeadCell>
          {rights.mayAsk && <HeadCell><span className="sr-only">Commands</span></HeadCell>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const state = exemptionState(row, now)
          const mayApprove = state === 'requested' && rights.mayApprove && !(rights.byAnother && row.requestedBy.toLowerCase() === rights.username.toLowerCase())
          const about = `the exemption of ${exemptedInWords(row)}`
          const open = row.source === null && (state === 'requested' || state === 'in-force')
          const mayEnd = open && (rights.mayApprove || (state === 'requested' && row.requestedBy === rights.username))
          return (
            <tr key={row.id}>
              <RowHead className="min-w-48">
                <Scope scope={row.scope} />
                {row.tag !== null && <span className="block font-normal text-muted">with the tag {row.tag.name}{row.tag.value !== '' && ` = ${row.tag.value}`}</span>}
                {row.resourceTypes.length > 0 && <span className="block font-normal text-muted wrap-anywhere">{row.resourceTypes.join(', ')} alone</span>}
              </RowHead>
              <Cell label="From" className="min-w-36">{row.check === null ? 'Every check' : <Link href={checkHref(row.check)} className="link inline-block py-0.5">{findCheck(row.check)?.title ?? row.check}</Link>}</Cell>
              <Cell label="Why" className="min-w-48 wrap-anywhere">
                <span className="text-muted">{row.category === 'mitigated' ? 'Mitigated: ' : 'Waived: '}</span>{row.reason}
                {row.source !== null && <span className="block text-muted">From Azure Policy: {row.source.name}</span>}
              </Cell>
              <Cell label="Asked for">{row.requestedBy}, {formatDay(row.requestedAt)}</Cell>
              <Cell label="Decided">{decided(row)}</Cell>
              <Cell label="Until" className="whitespace-nowrap">{row.expiresAt === null ? 'No end' : formatDay(row.expiresAt)}</Cell>
              {rights.mayAsk && (
                <Cell className={open ? 'print:hidden' : 'card-omits'}>
                  <div className="flex flex-wrap gap-2">
                    {mayApprove && <CommandButton id={row.id} label="Approve" about={about} action={approveExemptionById} />}
                    {mayEnd && <CommandButton id={row.id} label={endWord(row, state === 'requested', rights.username)} about={about} action={endExemptionById} confirm="The gaps are marked no longer. It is kept among the past ones." />}
                  </div>
                </Cell>
              )}
            </tr>
          )
        })}
      </tbody>
    </DataTable>
  )
}

/** What ending it is called. */
function endWord(row: ExemptionRow, isRequest: boolean, username: string): string {
  if (!isRequest) return 'End'
  return row.requestedBy === username ? 'Withdraw' : 'Refuse'
}

function decided({ approvedBy, approvedAt, endedBy, endedAt }: ExemptionRow): string {
  const parts = [
    ...(approvedBy === null || approvedAt === null ? [] : [`Approved by ${approvedBy}, ${formatDay(approvedAt)}`]),
    ...(endedBy === null || endedAt === null ? [] : [`${approvedAt === null ? 'Refused or withdrawn' : 'Ended'} by ${endedBy}, ${formatDay(endedAt)}`]),
  ]
  return parts.length === 0 ? 'Not yet' : parts.join('; ')
}

/** A resource or subscription leads to its page; a resource group has none. */
function Scope({ scope }: { scope: string }) {
  if (scope === '') return 'The whole tenant'
  const isGroup = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/.test(scope)
  return isGroup ? <Breakable text={scope} /> : <Link href={resourceHref(scope)} prefetch={false} className="link inline-block py-0.5"><Breakable text={scope} /></Link>
}
