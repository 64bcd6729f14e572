import { afterEach, describe, expect, it } from 'vitest'
import type { SimulatorOptions } from '../simulator'
import type { AzureOptions } from './azure'
import { production, sandbox, smallTenant, startSimulatedAzure, tenantId, vaultId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined

async function start(simulated?: Partial<SimulatorOptions>, options?: Partial<AzureOptions>): Promise<SimulatedAzure> {
  running = await startSimulatedAzure(simulated, options)
  return running
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

const vault = vaultId(production, 0)

describe('diagnostic settings', () => {
  it('keep every field that the checks need', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.setDiagnosticSettings(vault, [{
      name: 'to-law',
      workspaceId: '/subscriptions/x/workspaces/law',
      marketplacePartnerId: '/subscriptions/x/partner',
      eventHubAuthorizationRuleId: '/subscriptions/x/rule',
      eventHubName: 'hub',
      logAnalyticsDestinationType: 'Dedicated',
      logs: [{ categoryGroup: 'audit', enabled: true }, { category: 'AuditEvent', enabled: false }],
      metrics: [{ category: 'AllMetrics', enabled: true }],
    }])
    expect(await azure.readDiagnosticSettings(vault.toUpperCase())).toEqual({
      ok: true,
      value: [{
        id: `${vault.toLowerCase()}/providers/microsoft.insights/diagnosticSettings/to-law`,
        name: 'to-law',
        workspaceId: '/subscriptions/x/workspaces/law',
        storageAccountId: null,
        eventHubAuthorizationRuleId: '/subscriptions/x/rule',
        eventHubName: 'hub',
        marketplacePartnerId: '/subscriptions/x/partner',
        logAnalyticsDestinationType: 'Dedicated',
        logs: [
          { category: null, categoryGroup: 'audit', enabled: true },
          { category: 'AuditEvent', categoryGroup: null, enabled: false },
        ],
        metricsEnabled: 1,
      }],
    })
  })

  it('are read at a subscription, a management group and the tenant as well', async () => {
    const { azure, simulator } = await start()
    const scopes = [`/subscriptions/${production}`, '/providers/Microsoft.Management/managementGroups/platform', '/providers/microsoft.aadiam']
    for (const scope of scopes) simulator.tenant.setDiagnosticSettings(scope, [{ name: 'export', workspaceId: 'w', logs: [{ category: 'Administrative', enabled: true }] }])
    const reads = [await azure.readDiagnosticSettings(scopes[0] ?? ''), await azure.readDiagnosticSettings(scopes[1] ?? ''), await azure.readEntraDiagnosticSettings()]
    for (const read of reads) expect(read).toMatchObject({ ok: true, value: [{ name: 'export', workspaceId: 'w', metricsEnabled: 0 }] })
  })

  it('tell none, refused, gone and not supported apart', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.refuse(vaultId(production, 1), { kinds: ['diagnostic-settings'] })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(await azure.readDiagnosticSettings(vaultId(production, 1)))
      .toMatchObject({ ok: false, reason: 'permission-denied', status: 403, action: 'Microsoft.Insights/diagnosticSettings/read' })
    expect(await azure.readDiagnosticSettings(vaultId(production, 99))).toMatchObject({ ok: false, reason: 'gone', code: 'ResourceNotFound' })
    expect(await azure.readDiagnosticSettings(`/subscriptions/${production}/resourceGroups/MC_app/providers/Microsoft.Compute/disks/d`))
      .toMatchObject({ ok: false, reason: 'not-supported', code: 'ResourceTypeNotSupported' })
  })

  it('are unsupported for Entra in a cloud that has no such service', async () => {
    const { azure, simulator } = await start({}, { cloud: 'AzureChinaCloud' })
    simulator.addFault({ match: 'microsoft.aadiam', kind: 'status', status: 404, code: 'InvalidResourceType' })
    expect(await azure.readEntraDiagnosticSettings()).toMatchObject({ ok: false, reason: 'unsupported' })
  })
})

describe('log categories', () => {
  it('leave metrics out and keep groups', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.setAnswer('diagnostic-settings-categories', vault, {
      status: 200,
      body: {
        value: [
          { id: 'a', name: 'AuditEvent', properties: { categoryType: 'Logs', categoryGroups: ['audit', 'allLogs'] } },
          { id: 'b', name: 'Other', properties: { categoryType: 'Logs', categoryGroups: null } },
          { id: 'c', name: 'AllMetrics', properties: { categoryType: 'Metrics' } },
        ],
      },
    })
    const resource = { id: vault, name: 'kv-0', type: 'microsoft.keyvault/vaults', kind: null, location: 'westeurope', resourceGroup: 'rg-App', subscriptionId: production, skuName: null, managedBy: null, tags: {}, properties: {}, derivedFrom: null }
    expect(await azure.readLogCategories(resource)).toEqual({
      ok: true,
      value: {
        resourceType: 'microsoft.keyvault/vaults',
        location: 'westeurope',
        kind: null,
        askedOf: vault,
        categories: [{ name: 'AuditEvent', groups: ['audit', 'allLogs'] }, { name: 'Other', groups: [] }],
      },
    })
  })
})

describe('scopes', () => {
  it('lists subscriptions over all pages', async () => {
    const { azure, simulator } = await start({ pageSize: 1 })
    const read = await azure.listSubscriptions()
    expect(read.ok && read.value.map((subscription) => subscription.displayName)).toEqual(['Production', 'Sandbox'])
    expect(simulator.requests.count('subscriptions')).toBe(2)
  })

  it('tells a deleted subscription from one out of sight', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.hideSubscription(sandbox)
    expect(await azure.getSubscription(production)).toMatchObject({ ok: true, value: { state: 'Enabled' } })
    expect(await azure.getSubscription(sandbox)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.Resources/subscriptions/read' })
    expect(await azure.getSubscription('33333333-3333-4333-8333-333333333333')).toMatchObject({ ok: false, reason: 'gone', code: 'SubscriptionNotFound' })
  })

  it('tells a deleted management group from one out of sight', async () => {
    const { azure, simulator } = await start()
    expect(await azure.getManagementGroup('PLATFORM')).toMatchObject({ ok: true, value: { name: 'platform', displayName: 'Platform' } })
    expect(await azure.getManagementGroup('nowhere')).toMatchObject({ ok: false, reason: 'gone' })
    simulator.tenant.refuse('/providers/Microsoft.Management/managementGroups/platform', { kinds: 'all' })
    expect(await azure.getManagementGroup('platform')).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.Management/managementGroups/read' })
    const groups = await azure.listManagementGroups()
    expect(groups.ok && groups.value.map(({ name }) => name)).toEqual([tenantId])
  })

  it('knows the tree of management groups', async () => {
    const { azure } = await start({ pageSize: 1 })
    const groups = await azure.listManagementGroups()
    expect(groups.ok && groups.value.map(({ name, parentId }) => [name, parentId])).toEqual([
      [tenantId, null],
      ['platform', `/providers/Microsoft.Management/managementGroups/${tenantId}`],
    ])
    expect(await azure.listSubscriptionsUnder('platform')).toEqual({ ok: true, value: [production] })
    const all = await azure.listSubscriptionsUnder(`/providers/Microsoft.Management/managementGroups/${tenantId}`)
    expect(all.ok && all.value.toSorted()).toEqual([production, sandbox])
    expect(await azure.listSubscriptionsUnder('nowhere')).toMatchObject({ ok: false, reason: 'gone' })
  })
})

describe('evidence of single kinds', () => {
  const server = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Sql/servers/sql`

  it('reads SQL auditing from the plain settings where the extended ones do not answer', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.addResource({ ...firstRow(simulator.tenant), id: server, name: 'sql', type: 'microsoft.sql/servers' })
    simulator.tenant.setAnswer('sql-auditing', server, { status: 200, body: { properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true, retentionDays: 0, auditActionsAndGroups: ['A'], storageEndpoint: '', predicateExpression: 'x' } } })
    expect(await azure.readSqlAuditing(server)).toMatchObject({ ok: true, value: { state: 'Enabled', predicateExpression: 'x', storageEndpoint: null } })
    simulator.addFault({ match: 'extendedAuditingSettings', kind: 'refuse', action: 'Microsoft.Sql/servers/extendedAuditingSettings/read' })
    expect(await azure.readSqlAuditing(server)).toMatchObject({ ok: true, value: { state: 'Enabled', predicateExpression: null } })
    simulator.addFault({ match: 'auditingSettings', kind: 'refuse', action: 'Microsoft.Sql/servers/auditingSettings/read' })
    expect(await azure.readSqlAuditing(server)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.Sql/servers/extendedAuditingSettings/read' })
  })

  it('reads what a workspace exports: rules are on unless they say otherwise', async () => {
    const { azure, simulator } = await start()
    const workspace = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.OperationalInsights/workspaces/law`
    simulator.tenant.addResource({ ...firstRow(simulator.tenant), id: workspace, name: 'law', type: 'microsoft.operationalinsights/workspaces' })
    expect(await azure.readDataExports(workspace)).toEqual({ ok: true, value: [] })
    simulator.tenant.setAnswer('data-exports', workspace, { status: 200, body: { value: [
      { name: 'a', properties: { tableNames: ['SecurityEvent'], destination: { resourceId: '/st', type: 'StorageAccount' } } },
      { name: 'b', properties: { enable: false, tableNames: ['Syslog'], destination: { resourceId: '/hub', type: 'EventHub', metaData: {} } } },
    ] } })
    expect(await azure.readDataExports(workspace)).toEqual({ ok: true, value: [
      { name: 'a', enabled: true, tables: ['SecurityEvent'], destinationId: '/st' }, { name: 'b', enabled: false, tables: ['Syslog'], destinationId: '/hub' },
    ] })
    simulator.addFault({ match: 'dataExports', kind: 'refuse', action: 'Microsoft.OperationalInsights/workspaces/dataExports/read' })
    expect(await azure.readDataExports(workspace)).toMatchObject({ ok: false, reason: 'permission-denied' })
  })

  it('takes an unregistered provider for a workspace without Sentinel', async () => {
    const { azure, simulator } = await start()
    const workspace = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.OperationalInsights/workspaces/law`
    simulator.tenant.addResource({ ...firstRow(simulator.tenant), id: workspace, name: 'law', type: 'microsoft.operationalinsights/workspaces' })
    expect(await azure.readSentinelOnboarding(workspace)).toEqual({ ok: true, value: { onboarded: false } })
    simulator.addFault({ match: 'onboardingStates', times: 1, kind: 'status', status: 409, code: 'MissingSubscriptionRegistration' })
    expect(await azure.readSentinelOnboarding(workspace)).toEqual({ ok: true, value: { onboarded: false } })
    const unknownVersion = "No registered resource provider found for location 'chinanorth3' and API version '2024-03-01' for type 'onboardingStates'. The supported api-versions are '2021-10-01'."
    simulator.addFault({ match: 'onboardingStates', times: 1, kind: 'status', status: 400, code: 'NoRegisteredProviderFound', message: unknownVersion })
    expect(await azure.readSentinelOnboarding(workspace), 'a version that the cloud does not know').toMatchObject({ ok: false, reason: 'unsupported' })
    simulator.addFault({ match: 'onboardingStates', times: 1, kind: 'status', status: 404, code: 'InvalidResourceType' })
    expect(await azure.readSentinelOnboarding(workspace), 'a type that the cloud does not know').toMatchObject({ ok: false, reason: 'unsupported' })
    simulator.addFault({ match: 'onboardingStates', kind: 'refuse', action: 'Microsoft.SecurityInsights/onboardingStates/read' })
    expect(await azure.readSentinelOnboarding(workspace)).toMatchObject({ ok: false, reason: 'permission-denied' })
  })

  it('takes a missing lifecycle policy for an empty list, a missing account for gone, and reads the tags that a rule asks for', async () => {
    const { azure, simulator } = await start()
    const account = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Storage/storageAccounts/st`
    simulator.tenant.addResource({ ...firstRow(simulator.tenant), id: account, name: 'st', type: 'microsoft.storage/storageaccounts' })
    expect(await azure.readStorageLifecycle(account)).toEqual({ ok: true, value: [] })
    expect(await azure.readStorageLifecycle(`${account}2`)).toMatchObject({ ok: false, reason: 'gone' })
    const actions = { baseBlob: { delete: { daysAfterModificationGreaterThan: 7 } } }
    const tagged = { blobTypes: ['appendBlob'], blobIndexMatch: [{ name: 'purge', op: '==', value: 'yes' }] }
    simulator.tenant.setAnswer('lifecycle', account, { status: 200, body: { properties: { policy: { rules: [
      { name: 'tagged', enabled: true, type: 'Lifecycle', definition: { actions, filters: tagged } },
      { name: 'all', enabled: true, type: 'Lifecycle', definition: { actions, filters: { blobTypes: ['appendBlob'], blobIndexMatch: [] } } },
    ] } } } })
    const read = await azure.readStorageLifecycle(account)
    expect(read).toMatchObject({ ok: true, value: [{ name: 'tagged', tags: ['purge'] }, { name: 'all' }] })
    expect(read.ok && read.value[1]).not.toHaveProperty('tags')
  })
})

function firstRow(tenant: ReturnType<typeof smallTenant>) {
  const [first] = tenant.rows('resources')
  if (first === undefined) throw new Error('the small tenant has no resources')
  return first
}
