import type { ChangeRow } from '@/lib/db'
import type { Diff } from '../diff'

const scan = (scanId: string, seq: number) => ({ scanId, seq, status: 'succeeded' as const, startedAt: `2026-01-0${seq}T02:00:00.000Z`, azureStartedAt: `2026-01-0${seq}T02:00:00.000Z`, finishedAt: `2026-01-0${seq}T02:00:00.000Z` })
/** A new gap, but for what is told otherwise. */
export const change = (over: Partial<ChangeRow>): ChangeRow => ({
  kind: 'new-gap', subscriptionId: 's', resourceId: '/subscriptions/s/KV', keyPoint: 'audit-logging', check: 'resource-audit-logs',
  before: { verdict: 'pass', reason: 'All sent.' }, after: { verdict: 'fail', reason: 'Nothing is sent.' }, changedBy: null,
  severity: 'high', resourceType: 'microsoft.keyvault/vaults', resourceName: 'KV', subscriptionName: 'Alpha', resourceGone: false, wasGap: false, ...over,
})
/** A new gap, and a resource that vanished. */
export const rows = [change({}), change({ kind: 'vanished', resourceId: '/subscriptions/s/old', after: null })]

/** A comparison of two scans, with its changes in pages. */
export function diff(demo: boolean, pages: ChangeRow[][]): Diff {
  return {
    demo, pair: { from: scan('a', 1), to: scan('b', 2) },
    counts: pages.flat().map(({ kind, keyPoint, subscriptionId, subscriptionName }) => ({ kind, keyPoint, subscriptionId, subscriptionName, count: 1 })),
    changes: (async function* () { yield* pages })(),
  }
}

/** All that a report writes, put together. */
export async function text(pieces: AsyncGenerator<string>): Promise<string> {
  let all = ''
  for await (const piece of pieces) all += piece
  return all
}
