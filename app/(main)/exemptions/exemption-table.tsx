import Link from 'next/link'
import { formatCounted, formatDay } from '@/components/format'
import { checkHref, resourceHref } from '@/components/links'
import { Breakable } from '@/components/ui/breakable'
import { buttonClass } from '@/components/ui/button'
import { CommandButton } from '@/components/ui/command-button'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { findCheck } from '@/lib/checks'
import { exemptedInWords, exemptionState, isAskedBy, type Decider, type ExemptionAction, type ExemptionGroup } from '@/lib/domain/exemption'
import { approveExemptionById, endExemptionById, takeBackRejectionById } from './actions'
import { exemptionActionWords, ExemptionHistory } from './exemption-history'

interface ExemptionTableProps {
  caption: string
  rows: ExemptionGroup[]
  /** Of subscriptions, by lower-case id. */
  names: ReadonlyMap<string, string>
  rights: { mayAsk: boolean; mayApprove: boolean; byAnother: boolean; person: Decider }
  now: Date
}

export function ExemptionTable({ caption, rows, names, rights, now }: ExemptionTableProps) {
  return (
    <DataTable caption={caption}>
      <thead>
        <tr>
          <HeadCell>Of</HeadCell>
          <HeadCell>From</HeadCell>
          <HeadCell>Why</HeadCell>
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
              <RowHead className="min-w-40">
                <Scope scope={row.scope} names={names} />
                {row.tag !== null && <span className="block font-normal text-muted">with the tag {row.tag.name}{row.tag.value !== '' && ` = ${row.tag.value}`}</span>}
              </RowHead>
              <Cell label="From" className="min-w-32"><Checks from={row.from} /></Cell>
              <Cell label="Why" className="min-w-48 wrap-anywhere">
                <span className="text-muted">{row.category === 'mitigated' ? 'Mitigated: ' : 'Waived: '}</span>{row.reason}
                {row.source !== null && <span className="block text-muted">From Azure Policy: {row.source.name}{claims(row.source)}</span>}
              </Cell>
              <Cell label="Decided" className="min-w-44 wrap-anywhere">
                <ul className="space-y-1">{whatWasDone(row).map((line) => <li key={line}>{line}</li>)}</ul>
                <ExemptionHistory events={row.events} about={about} />
              </Cell>
              <Cell label="Until" className="whitespace-nowrap">{formatDay(row.expiresAt)}</Cell>
              {rights.mayAsk && (
                <Cell className={open || mayTakeBack || row.source === null ? 'print:hidden' : 'card-omits'}>
                  <div className="flex flex-wrap gap-2 whitespace-nowrap">
                    {mayApprove && <CommandButton fields={{ id: row.id }} label="Approve" about={about} action={approveExemptionById} />}
                    {!open && row.source === null && <Link href={askAgainHref(row)} prefetch={false} className={buttonClass()}>Ask again<span className="sr-only"> for {about}</span></Link>}
                    {mayTakeBack && <CommandButton fields={{ id: row.id }} label="Take over again" about={about} action={takeBackRejectionById} />}
                    {mayEnd && <CommandButton fields={{ id: row.id }} label={state === 'in-force' ? 'End' : isOwn ? 'Withdraw' : 'Refuse'} about={about} action={endExemptionById} confirm={endingMeans(row)} />}
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

/** The form with what a past one asked for: whatever is changed in it is approved anew. */
function askAgainHref({ scope, tag, from, category, reason }: ExemptionGroup): string {
  return `/exemptions/new?${new URLSearchParams({ scope, tag: tag?.name ?? '', tagValue: tag?.value ?? '', check: from[0]?.check ?? '', category, reason })}`
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

/** Who asked, and who decided; all that was done before is its history. */
function whatWasDone({ source, requestedBy, requestedAt, approvedBy, approvedAt, endedBy, endedAt, events }: ExemptionGroup): string[] {
  const ending = events.findLast(({ action }) => endings.includes(action))?.action ?? 'ended'
  return [
    source === null ? `Asked for by ${requestedBy}, ${formatDay(requestedAt)}` : `Taken over on ${formatDay(requestedAt)}`,
    ...(approvedBy === null || approvedAt === null ? [] : [`Approved by ${approvedBy}, ${formatDay(approvedAt)}`]),
    ...(endedBy === null || endedAt === null ? [] : [`${exemptionActionWords[ending]} by ${endedBy}, ${formatDay(endedAt)}`]),
    ...(events.at(-1)?.action === 'taken-back' ? ['The next scan takes it over if it stands in Azure Policy'] : []),
    ...(approvedAt === null && endedAt === null ? ['Not decided yet'] : []),
  ]
}

const endings: readonly ExemptionAction[] = ['refused', 'withdrawn', 'ended', 'gone']

/** A resource or subscription leads to its page; a resource group has none. */
function Scope({ scope, names }: { scope: string; names: ReadonlyMap<string, string> }) {
  if (scope === '') return 'The whole tenant'
  const [, subscriptionId = '', below = ''] = /^\/subscriptions\/([^/]+)(\/.*)?$/.exec(scope) ?? []
  const name = names.get(subscriptionId)
  const isGroup = /^\/resourcegroups\/[^/]+$/.test(below)
  return (
    <>
      {isGroup ? <Breakable text={scope} /> : <Link href={resourceHref(scope)} prefetch={false} className="link inline-block py-0.5"><Breakable text={scope} /></Link>}
      {name !== undefined && <span className="block font-normal text-muted wrap-anywhere">{below === '' ? `The subscription ${name}` : `In the subscription ${name}`}</span>}
    </>
  )
}
