import type { ChangeRow, ScanPair } from '@/lib/db'
import { summaryOf, type Change, type ChangeCount, type ChangeSide } from '@/lib/domain/diff'
import { csvRow } from './csv'

/** What a diff is written from. */
export interface Diff {
  demo: boolean
  pair: ScanPair
  /** Of the same changes. */
  counts: ChangeCount[]
  changes: AsyncIterable<ChangeRow[]>
}

/** The contract's JSON, one change a line, in pieces of a page of changes each. A demo tenant's says so. */
export async function* diffJson({ demo, pair, counts, changes }: Diff): AsyncGenerator<string> {
  const head = { schemaVersion: 1, ...(demo && { demo }), from: pair.from.scanId, to: pair.to.scanId, summary: summaryOf(counts) }
  yield `${JSON.stringify(head).slice(0, -1)},"changes":[`
  let separator = '\n'
  for await (const page of changes) {
    let text = ''
    for (const change of page) {
      text += separator + JSON.stringify(toContract(change))
      separator = ',\n'
    }
    yield text
  }
  yield '\n]}\n'
}

function toContract({ kind, subscriptionId, resourceId, keyPoint, check, before, after, changedBy }: ChangeRow): Change {
  return { kind, subscriptionId, resourceId, keyPoint, check, before, after, changedBy }
}

const columns = [
  'change', 'subscriptionId', 'subscriptionName', 'resourceId', 'resourceType', 'resourceName', 'keyPoint', 'check', 'severity', 'verdictBefore', 'reasonBefore', 'verdictAfter',
  'reasonAfter', 'changedBy', 'changedAt', 'fromScan', 'toScan', 'demo',
] as const

/** The same as CSV with a header row, as reports are written. */
export async function* diffCsv({ demo, pair, changes }: Diff): AsyncGenerator<string> {
  yield `\uFEFF${csvRow([...columns])}`
  for await (const page of changes) {
    yield page.map((change) => csvRow([
      change.kind, change.subscriptionId ?? '', change.subscriptionName ?? '', change.resourceId, change.resourceType, change.resourceName, change.keyPoint, change.check,
      change.severity, ...sideCells(change.before), ...sideCells(change.after), change.changedBy?.caller ?? '', change.changedBy?.at ?? '', pair.from.scanId, pair.to.scanId, String(demo),
    ])).join('')
  }
}

function sideCells(side: ChangeSide | null): string[] {
  return side === null ? ['', ''] : [side.verdict, side.reason]
}
