import { describe, expect, it } from 'vitest'
import { routeOf } from './route'

describe('routeOf', () => {
  it.each([
    ['/subscriptions/AAA/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v/providers/Microsoft.Insights/diagnosticSettings', 'subscription aaa', 'microsoft.insights/diagnosticsettings'],
    ['/subscriptions/aaa/providers/Microsoft.Insights/diagnosticSettings', 'subscription aaa', 'microsoft.insights/diagnosticsettings'],
    ['/subscriptions/aaa/resourceGroups/g/providers/Microsoft.Sql/servers/s/databases/d/auditingSettings/default', 'subscription aaa', 'microsoft.sql/servers/databases/auditingsettings'],
    ['/subscriptions?api-version=1', 'tenant', ''],
    ['/providers/Microsoft.Management/managementGroups/m/providers/Microsoft.Insights/diagnosticSettings', 'tenant', 'microsoft.insights/diagnosticsettings'],
    ['/batch?api-version=2020-06-01', 'tenant writes', 'batch'],
    ['/providers/Microsoft.ResourceGraph/resources', 'graph', 'microsoft.resourcegraph/resources'],
  ])('charges %s to its lane', (path, lane, action) => {
    const route = routeOf(`https://management.azure.com${path}`)
    expect(route.lane).toBe(lane)
    if (action !== '') expect(route.action).toBe(action)
  })
})
