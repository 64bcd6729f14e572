import { describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { ReadFailure } from '@/lib/domain/collected'
import { networkFacts, type NetworkTables } from './networks'

const refused: ReadFailure = { ok: false, reason: 'permission-denied', detail: 'No.', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.Network/networkWatchers/flowLogs/read' }
const none = () => ({ rows: [], failures: new Map<string, ReadFailure>() })

describe('networkFacts', () => {
  it('does not leave a flow log as an earlier scan read it, where the list is refused now', () => {
    const tables: NetworkTables = {
      networks: none(), ownServers: none(), hosts: none(), flowLogs: { rows: [], failures: new Map([['s', refused]]) },
      resolution: { parts: { policies: [], firewalls: [], inboundEndpoints: [], domainServices: [] }, failures: new Map() },
      dns: { policies: [], regions: null, failures: [] },
    }
    const id = (subscription: string) => `/subscriptions/${subscription}/resourceGroups/nw/providers/Microsoft.Network/networkWatchers/w/flowLogs/f`
    const flowLogs = ['S', 'T'].map((subscriptionId) => ({ id: id(subscriptionId), subscriptionId }))
    const facts = networkFacts({ tables, tenantId: 't', networks: [], flowLogs, outOfSight: [], readAt: '2026-01-01T00:00:00Z' })
    expect(facts.filter(({ source }) => source === 'flow-log').map(({ subject, read }) => [subject, read])).toEqual([[toResourceKey(id('S')), refused]])
  })
})
