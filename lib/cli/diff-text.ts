import type { ChangeRow, ScanPair } from '@/lib/db'
import type { Change, ChangeKind, DiffSummary } from '@/lib/domain/diff'

export interface Diff {
  demo: boolean
  pair: ScanPair
  summary: DiffSummary
  changes: AsyncIterable<ChangeRow[]>
}

/** The contract's JSON, one change a line, in pieces of a page of changes each. A demo tenant's says so. */
export async function* diffJson({ demo, pair, summary, changes }: Diff): AsyncGenerator<string> {
  const head = { schemaVersion: 1, ...(demo && { demo }), from: pair.from.scanId, to: pair.to.scanId, summary }
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

const kindWords: Record<ChangeKind, string> = {
  'new-gap': 'new gap', 'closed-gap': 'closed gap', 'reason-changed': 'reason changed', appeared: 'appeared', vanished: 'vanished', 'lost-sight': 'lost sight',
  'gained-sight': 'gained sight',
}

/** The same for people: the counts, then each change with its reason. */
export async function* diffText({ demo, pair: { from, to }, summary: s, changes }: Diff): AsyncGenerator<string> {
  yield `${demo ? 'Demo tenant. ' : ''}From scan ${from.scanId} (${from.startedAt}) to scan ${to.scanId} (${to.startedAt})
Gaps: ${s.newGaps} new, ${s.closedGaps} closed · findings: ${s.appeared} appeared, ${s.vanished} vanished, ${s.reasonChanged} with another reason · sight: ${s.lostSight} lost, ${s.gainedSight} gained
`
  for await (const page of changes) yield page.map((change) => `\n${kindWords[change.kind].padEnd(14)} ${change.check}  ${change.resourceId}\n  ${reasonsOf(change)}\n`).join('')
}

function reasonsOf({ before, after }: Change): string {
  if (before === null || after === null) {
    const side = before ?? after
    return side === null ? '' : `${side.verdict}: ${side.reason}`
  }
  return `${before.verdict}: ${before.reason}\n  ${after.verdict}: ${after.reason}`
}
