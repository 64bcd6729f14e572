import { expect, it } from 'vitest'
import type { ChangeRow } from '@/lib/db'
import { summaryOf } from '@/lib/domain/diff'
import type { Diff } from '@/lib/report'
import { diffText } from './diff-text'

const scan = (scanId: string, seq: number) => ({ scanId, seq, status: 'succeeded' as const, startedAt: `2026-01-0${seq}T02:00:00.000Z`, finishedAt: `2026-01-0${seq}T02:00:00.000Z` })
const change = (over: Partial<ChangeRow>): ChangeRow => ({
  kind: 'new-gap', subscriptionId: 's', resourceId: '/subscriptions/s/KV', keyPoint: 'audit-logging', check: 'resource-audit-logs',
  before: { verdict: 'pass', reason: 'All sent.' }, after: { verdict: 'fail', reason: 'Nothing is sent.' }, changedBy: null,
  severity: 'high', resourceType: 'microsoft.keyvault/vaults', resourceName: 'KV', subscriptionName: 'Alpha', resourceGone: false, wasGap: false, ...over,
})
const rows = [change({}), change({ kind: 'vanished', resourceId: '/subscriptions/s/old', after: null })]

function diff(demo: boolean, pages: ChangeRow[][]): Diff {
  return {
    demo, pair: { from: scan('a', 1), to: scan('b', 2) }, summary: summaryOf(pages.flat().map(({ kind }) => ({ kind, count: 1 }))),
    changes: (async function* () { yield* pages })(),
  }
}

async function text(pieces: AsyncGenerator<string>): Promise<string> {
  let all = ''
  for await (const piece of pieces) all += piece
  return all
}

it('says it to people with the reasons', async () => {
  const said = await text(diffText(diff(true, [rows])))
  expect(said).toContain('Demo tenant. From scan a')
  expect(said).toContain('Gaps: 1 new, 0 closed')
  expect(said).toContain('new gap        resource-audit-logs  /subscriptions/s/KV\n  pass: All sent.\n  fail: Nothing is sent.')
  expect(said).toContain('vanished       resource-audit-logs  /subscriptions/s/old\n  pass: All sent.')
})
