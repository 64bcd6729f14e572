import Link from 'next/link'
import { VerdictMark } from '@/components/findings/verdict-mark'
import { formatUtc } from '@/components/format'
import { findingHref } from '@/components/links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import { changeWords } from '@/components/vocabulary'
import { findCheck } from '@/lib/checks'
import type { ChangeRow } from '@/lib/db'
import type { Change, ChangeSide } from '@/lib/domain/diff'

export function ChangeTable({ caption = 'Changes, by resource', rows }: { caption?: string; rows: ChangeRow[] }) {
  const anyAuthor = rows.some((row) => row.changedBy !== null)
  return (
    <DataTable caption={caption}>
      <thead>
        <tr>
          <HeadCell>Resource</HeadCell>
          <HeadCell>Change</HeadCell>
          <HeadCell>Check</HeadCell>
          <HeadCell>Before</HeadCell>
          <HeadCell>After</HeadCell>
          {anyAuthor && <HeadCell>Changed by</HeadCell>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={`${row.resourceId} ${row.check}`}>
            <RowHead className="max-w-72 min-w-40 wrap-anywhere">
              <Link href={findingHref(row.resourceId, row.check)} prefetch={false} className="link inline-block py-0.5">{row.resourceName}</Link>
              <span className="block font-normal text-muted">{row.subscriptionName ?? row.subscriptionId ?? 'Tenant'}</span>
            </RowHead>
            <Cell label="Change" className="font-medium whitespace-nowrap">{changeWords[row.kind]}<GapOutOfSight row={row} /></Cell>
            <Cell label="Check" className="min-w-36">{findCheck(row.check)?.title ?? row.check}</Cell>
            <Cell label="Before" className="min-w-40"><Side side={row.before} /></Cell>
            <Cell label="After" className="min-w-40"><Side side={row.after} /></Cell>
            {anyAuthor && <Cell label="Changed by" className={row.changedBy === null ? 'card-omits' : 'min-w-40 wrap-anywhere'}>{row.changedBy !== null && <Author of={row.changedBy} />}</Cell>}
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

/** What a loss or gain of sight means for a gap that was known. */
function GapOutOfSight({ row: { kind, wasGap, after } }: { row: ChangeRow }) {
  if (!wasGap || (kind !== 'lost-sight' && kind !== 'gained-sight')) return null
  const isProvenClosed = kind === 'gained-sight' && after?.verdict !== 'fail'
  return <span className="block font-normal text-muted">{isProvenClosed ? 'The gap is closed' : 'The gap is still open'}</span>
}

/** Who changed the setting, when and by which operation, as the activity log tells. */
function Author({ of: { caller, at, operation } }: { of: NonNullable<Change['changedBy']> }) {
  return (
    <>
      {caller}
      <span className="block"><Time iso={at} text={formatUtc(at)} exactBeside /></span>
      <span className="block text-xs text-muted">{operation}</span>
    </>
  )
}

function Side({ side }: { side: ChangeSide | null }) {
  if (side === null) return <span className="text-muted">Not judged</span>
  return <><VerdictMark verdict={side.verdict} /><span className="block wrap-anywhere">{side.reason}</span></>
}
