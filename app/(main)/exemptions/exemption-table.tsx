import Link from 'next/link'
import { formatCounted, formatDay } from '@/components/format'
import { checkHref, resourceHref } from '@/components/links'
import { Breakable } from '@/components/ui/breakable'
import { CommandButton } from '@/components/ui/command-button'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { findCheck } from '@/lib/checks'
import { exemptedInWords, exemptionState, isAskedBy, type Decider, type ExemptionGroup } from '@/lib/domain/exemption'
import { approveExemptionById, endExemptionById, takeBackRejectionById } from './actions'
import { ExemptionHistory } from './exemption-history'

interface ExemptionTableProps {
  caption: string
  rows: ExemptionGroup[]
  rights: { mayAsk: boolean; mayApprove: boolean; byAnother: boolean; person: Decider }
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
          const isOwn = isAskedBy(row, rights.person)
          const mayApprove = state === 'requested' && rights.mayApprove && !(isOwn && (rights.byAnother || row.anotherApproves))
          const about = `the exemption of ${exemptedInWords(row)}`
          const open = state === 'requested' || state === 'in-force'
          const mayTakeBack = row.isRejected && rights.mayApprove
          const mayEnd = open && (rights.mayApprove || (state === 'requested' && isOwn))
          return (
            <tr key={row.id}>
              <RowHead className="min-w-48">
                <Scope scope={row.scope} />
                {row.tag !== null && <span className="block font-normal text-muted">with the tag {row.tag.name}{row.tag.value !== '' && ` = ${row.tag.value}`}</span>}
              </RowHead>
              <Cell label="From" className="min-w-36"><Checks from={row.from} /></Cell>
              <Cell label="Why" className="min-w-48 wrap-anywhere">
                <span className="text-muted">{row.category === 'mitigated' ? 'Mitigated: ' : 'Waived: '}</span>{row.reason}
                {row.source !== null && <span className="block text-muted">From Azure Policy: {row.source.name}{claims(row.source)}</span>}
              </Cell>
              <Cell label="Asked for">{row.requestedBy}, {formatDay(row.requestedAt)}</Cell>
              <Cell label="Decided" className="min-w-36">
                {decided(row)}
                <ExemptionHistory events={row.events} about={about} />
              </Cell>
              <Cell label="Until" className="whitespace-nowrap">{formatDay(row.expiresAt)}</Cell>
              {rights.mayAsk && (
                <Cell className={open || mayTakeBack ? 'print:hidden' : 'card-omits'}>
                  <div className="flex flex-wrap gap-2">
                    {mayApprove && <CommandButton id={row.id} label="Approve" about={about} action={approveExemptionById} />}
                    {mayTakeBack && <CommandButton id={row.id} label="Take over again" about={about} action={takeBackRejectionById} />}
                    {mayEnd && <CommandButton id={row.id} label={state === 'in-force' ? 'End' : isOwn ? 'Withdraw' : 'Refuse'} about={about} action={endExemptionById} confirm={endingMeans(row)} />}
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

/** One check by itself; those of an initiative folded up. */
function Checks({ from }: Pick<ExemptionGroup, 'from'>) {
  const [only] = from
  if (only === undefined) return null
  if (from.length === 1) return <Check {...only} />
  return (
    <Disclosure summary={formatCounted(from.length, 'check')}>
      <ul className="space-y-1">{from.map((one) => <li key={one.check}><Check {...one} /></li>)}</ul>
    </Disclosure>
  )
}

function Check({ check, resourceTypes }: ExemptionGroup['from'][number]) {
  return (
    <>
      {check === null ? 'Every check' : <Link href={checkHref(check)} prefetch={false} className="link inline-block py-0.5">{findCheck(check)?.title ?? check}</Link>}
      {resourceTypes.length > 0 && <span className="block text-muted wrap-anywhere">{resourceTypes.join(', ')} alone</span>}
    </>
  )
}

/** What its metadata says of people, as hearsay. */
function claims({ claimed: { requestedBy, approvedBy } }: NonNullable<ExemptionGroup['source']>): string {
  const said = [...(requestedBy === null ? [] : [`asked for by ${requestedBy}`]), ...(approvedBy === null ? [] : [`approved by ${approvedBy}`])]
  return said.length === 0 ? '' : `. Its metadata, which nobody checks, says: ${said.join(', ')}.`
}

function endingMeans({ source }: ExemptionGroup): string {
  return `The gaps are marked no longer. It is kept among the past ones.${source === null ? '' : ' It stays in Azure Policy, and no scan takes it over again.'}`
}

function decided({ approvedBy, approvedAt, endedBy, endedAt, events }: ExemptionGroup): string {
  const parts = [
    ...(approvedBy === null || approvedAt === null ? [] : [`Approved by ${approvedBy}, ${formatDay(approvedAt)}`]),
    ...(endedBy === null || endedAt === null ? [] : [`${approvedAt === null ? 'Refused or withdrawn' : 'Ended'} by ${endedBy}, ${formatDay(endedAt)}`]),
    ...(events.at(-1)?.action === 'taken-back' ? ['The next scan takes it over if it stands in Azure Policy'] : []),
  ]
  return parts.length === 0 ? 'Not yet' : parts.join('; ')
}

/** A resource or subscription leads to its page; a resource group has none. */
function Scope({ scope }: { scope: string }) {
  if (scope === '') return 'The whole tenant'
  const isGroup = /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+$/.test(scope)
  return isGroup ? <Breakable text={scope} /> : <Link href={resourceHref(scope)} prefetch={false} className="link inline-block py-0.5"><Breakable text={scope} /></Link>
}
