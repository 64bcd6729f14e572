import { formatCounted, formatUtc } from '@/components/format'
import { Disclosure } from '@/components/ui/disclosure'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import type { GapHistory } from '@/lib/domain/gap-history'
import { VerdictMark } from './verdict-mark'

/** What the scans saw of one check of one resource, newest first; nothing while it was always the same. */
export function VerdictHistory({ history, title }: { history: GapHistory; title: string }) {
  if (history.runs.length < 2) return null
  return (
    <Disclosure summary={`History: ${formatCounted(history.runs.length - 1, 'change')} of verdict`}>
      <DataTable caption={`History of ${title}`}>
        <thead>
          <tr>
            <HeadCell>From</HeadCell>
            <HeadCell>Until</HeadCell>
            <HeadCell>Verdict</HeadCell>
          </tr>
        </thead>
        <tbody>
          {history.runs.toReversed().map((run) => (
            <tr key={run.from}>
              <RowHead>{formatUtc(run.from)}</RowHead>
              <Cell label="Until">{run.to === null ? 'Now' : formatUtc(run.to)}</Cell>
              <Cell label="Verdict"><VerdictMark verdict={run.verdict} /></Cell>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </Disclosure>
  )
}

/** `came back 3 times`. */
export function reopenedText(timesReopened: number): string {
  return timesReopened === 1 ? 'came back once' : `came back ${timesReopened} times`
}
