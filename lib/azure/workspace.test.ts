import { describe, expect, it } from 'vitest'
import type { Resource } from '../domain/estate'
import { toWorkspace } from './workspace'

function workspace(properties: Record<string, unknown>): Resource {
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.OperationalInsights/workspaces/w'
  return { id, name: 'w', type: 'microsoft.operationalinsights/workspaces', kind: null, location: 'westeurope', resourceGroup: 'g', subscriptionId: 's', skuName: null, managedBy: null, tags: {}, properties, derivedFrom: null }
}

describe('toWorkspace', () => {
  it('reads what the inventory kept', () => {
    expect(toWorkspace(workspace({
      provisioningState: 'Succeeded',
      customerId: 'c',
      retentionInDays: 90,
      workspaceCapping: { dailyQuotaGb: -1, quotaNextResetTime: 'x', dataIngestionStatus: 'RespectQuota' },
      defaultDataCollectionRuleResourceId: '/rule',
      features: { immediatePurgeDataOn30Days: true },
    }))).toMatchObject({ customerId: 'c', defaultRuleId: '/rule', retentionInDays: 90, dailyQuotaGb: -1, dataIngestionStatus: 'RespectQuota', immediatePurgeDataOn30Days: true })
  })

  it('knows a switch that comes as a word', () => {
    expect(toWorkspace(workspace({ features: { immediatePurgeDataOn30Days: 'True' } })).immediatePurgeDataOn30Days).toBe(true)
    expect(toWorkspace(workspace({ features: { immediatePurgeDataOn30Days: 'false' } })).immediatePurgeDataOn30Days).toBe(false)
  })

  it('has null for what is missing or of another type', () => {
    expect(toWorkspace(workspace({ retentionInDays: 'many', workspaceCapping: 'none', provisioningState: 'Deleting' })))
      .toMatchObject({ provisioningState: 'Deleting', retentionInDays: null, dailyQuotaGb: null, customerId: null, defaultRuleId: null, immediatePurgeDataOn30Days: false })
  })
})
