import type { Change, ChangeKind } from '@/lib/domain/diff'
import type { Diff } from '@/lib/report'

const kindWords: Record<ChangeKind, string> = {
  'new-gap': 'new gap', 'closed-gap': 'closed gap', 'reason-changed': 'reason changed', appeared: 'appeared', vanished: 'vanished', 'lost-sight': 'lost sight',
  'gained-sight': 'gained sight',
}

/** A diff for people: the counts, then each change with its reason. */
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
