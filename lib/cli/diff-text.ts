import { changeKinds, summaryOf, type Change, type ChangeCount, type ChangeKind } from '@/lib/domain/diff'
import { keyPoints } from '@/lib/domain/key-point'
import { plainText } from '@/lib/notify/plain-text'
import type { Diff } from '@/lib/report'

const kindWords: Record<ChangeKind, string> = {
  'new-gap': 'new gap', 'closed-gap': 'closed gap', 'reason-changed': 'reason changed', appeared: 'appeared', vanished: 'vanished', 'lost-sight': 'lost sight',
  'gained-sight': 'gained sight',
}

const number = new Intl.NumberFormat('en')

/** A diff for people: the counts, in all and by key point and subscription, then each change with its reason and, where that is known, who made it and when. */
export async function* diffText({ demo, pair: { from, to }, counts, changes }: Diff): AsyncGenerator<string> {
  const s = summaryOf(counts)
  yield `${demo ? 'Demo tenant. ' : ''}From scan ${from.scanId} (${from.startedAt}) to scan ${to.scanId} (${to.startedAt})
Gaps: ${s.newGaps} new, ${s.closedGaps} closed · findings: ${s.appeared} appeared, ${s.vanished} vanished, ${s.reasonChanged} with another reason · sight: ${s.lostSight} lost, ${s.gainedSight} gained
`
  if (counts.length > 0) {
    yield tableOf('By key point', counts, keyPoints.map(({ slug, title }) => ({ label: title, rows: counts.filter((row) => row.keyPoint === slug) })))
    yield tableOf('By subscription', counts, [...Map.groupBy(counts, (row) => row.subscriptionId)].map(([id, rows]) => ({ label: subscriptionText(id, rows), rows })))
  }
  for await (const page of changes) yield page.map((change) => `\n${kindWords[change.kind].padEnd(14)} ${change.check}  ${change.resourceId}\n  ${reasonsOf(change)}\n${authorOf(change)}`).join('')
}

/** Counts by the kinds that occur; groups without any are left out. */
function tableOf(head: string, counts: readonly ChangeCount[], groups: { label: string; rows: ChangeCount[] }[]): string {
  const kinds = changeKinds.filter((kind) => counts.some((row) => row.kind === kind))
  const shown = groups.filter(({ rows }) => rows.length > 0)
  const width = Math.max(head.length, ...shown.map(({ label }) => label.length))
  const line = (label: string, cells: string[]) => `${label.padEnd(width)}${cells.map((cell, index) => `  ${cell.padStart(kindWords[kinds[index] ?? 'new-gap'].length)}`).join('')}\n`
  const countOf = (rows: ChangeCount[], kind: ChangeKind) => rows.reduce((sum, row) => sum + (row.kind === kind ? row.count : 0), 0)
  return `\n${line(head, kinds.map((kind) => kindWords[kind]))}${shown.map(({ label, rows }) => line(label, kinds.map((kind) => number.format(countOf(rows, kind))))).join('')}`
}

function subscriptionText(id: string | null, rows: readonly ChangeCount[]): string {
  if (id === null) return 'Tenant and management groups'
  const name = plainText(rows[0]?.subscriptionName ?? '', 60)
  return name === '' ? id : `${name} (${id})`
}

function authorOf({ changedBy }: Change): string {
  return changedBy === null ? '' : `  changed by ${plainText(changedBy.caller)} at ${changedBy.at} (${plainText(changedBy.operation)})\n`
}

function reasonsOf({ before, after }: Change): string {
  if (before === null || after === null) {
    const side = before ?? after
    return side === null ? '' : `${side.verdict}: ${side.reason}`
  }
  return `${before.verdict}: ${before.reason}\n  ${after.verdict}: ${after.reason}`
}
