import { describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { ReadFailure } from '@/lib/domain/collected'
import { FlowLogs, flowLogFacts } from './networks'

const refused: ReadFailure = { ok: false, reason: 'permission-denied', detail: 'No.', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.Network/networkWatchers/flowLogs/read' }

describe('flowLogFacts', () => {
  it('does not leave a flow log as an earlier scan read it, where the list is refused now', () => {
    const table = new FlowLogs({ rows: [], failures: new Map([['s', refused]]) })
    const id = (subscription: string) => `/subscriptions/${subscription}/resourceGroups/nw/providers/Microsoft.Network/networkWatchers/w/flowLogs/f`
    const flowLogs = ['S', 'T'].map((subscriptionId) => ({ id: id(subscriptionId), subscriptionId }))
    const facts = flowLogFacts(table, flowLogs, '2026-01-01T00:00:00Z')
    expect(facts.map(({ subject, read }) => [subject, read])).toEqual([[toResourceKey(id('S')), refused]])
  })
})
