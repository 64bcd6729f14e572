import { afterEach, describe, expect, it } from 'vitest'
import type { SimulatorOptions } from '../simulator'
import type { AzureOptions } from './azure'
import type { InventoryPage } from './inventory'
import { production, sandbox, smallTenant, startSimulatedAzure, tenantId, vaultId, type SimulatedAzure } from './testing/simulated-azure'
import { systemClock } from './wire/clock'

let running: SimulatedAzure | undefined

async function start(simulated?: Partial<SimulatorOptions>, options?: Partial<AzureOptions>): Promise<SimulatedAzure> {
  running = await startSimulatedAzure(simulated, options)
  return running
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

const settings = 'diagnosticSettings'
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

  it('takes an unregistered provider for a workspace without Sentinel', async () => {
    const { azure, simulator } = await start()
    const workspace = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.OperationalInsights/workspaces/law`
    simulator.tenant.addResource({ ...firstRow(simulator.tenant), id: workspace, name: 'law', type: 'microsoft.operationalinsights/workspaces' })
    expect(await azure.readSentinelOnboarding(workspace)).toEqual({ ok: true, value: { onboarded: false } })
    simulator.addFault({ match: 'onboardingStates', times: 1, kind: 'status', status: 409, code: 'MissingSubscriptionRegistration' })
    expect(await azure.readSentinelOnboarding(workspace)).toEqual({ ok: true, value: { onboarded: false } })
    simulator.addFault({ match: 'onboardingStates', kind: 'refuse', action: 'Microsoft.SecurityInsights/onboardingStates/read' })
    expect(await azure.readSentinelOnboarding(workspace)).toMatchObject({ ok: false, reason: 'permission-denied' })
  })

  it('takes a missing lifecycle policy for an empty list, and a missing account for gone', async () => {
    const { azure, simulator } = await start()
    const account = `/subscriptions/${production}/resourceGroups/rg-App/providers/Microsoft.Storage/storageAccounts/st`
    simulator.tenant.addResource({ ...firstRow(simulator.tenant), id: account, name: 'st', type: 'microsoft.storage/storageaccounts' })
    expect(await azure.readStorageLifecycle(account)).toEqual({ ok: true, value: [] })
    expect(await azure.readStorageLifecycle(`${account}2`)).toMatchObject({ ok: false, reason: 'gone' })
  })
})

describe('inventory', () => {
  it('reads every resource once over pages, with the owner of its group and the needed properties alone', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(1300) })
    const ids: string[] = []
    let last: unknown
    for await (const page of azure.readInventory([sandbox.toUpperCase(), production])) {
      last = page
      if (page.kind === 'page') ids.push(...page.resources.map((resource) => resource.id))
      if (page.kind === 'page' && ids.length <= 1000) {
        expect(page.resources.find((resource) => resource.type === 'microsoft.compute/disks')?.managedBy).toContain('managedClusters/aks')
        expect(page.resources.find((resource) => resource.name === 'kv-0')).toMatchObject({
          skuName: 'standard',
          kind: null,
          managedBy: null,
          tags: { owner: 'team' },
          properties: { provisioningState: 'Succeeded', features: { immediatePurgeDataOn30Days: true } },
        })
      }
    }
    expect(last).toEqual({ kind: 'end', unreadable: [] })
    expect(ids.length).toBe(2602)
    expect(new Set(ids).size).toBe(2602)
    expect(simulator.requests.count('resource-graph')).toBe(4)
  })

  it('reports a subscription that Resource Graph leaves out without a word', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.hideSubscription(sandbox)
    const pages = await allPages(azure.readInventory([production, sandbox]))
    expect(pages.at(-1)).toMatchObject({
      kind: 'end',
      unreadable: [{ subscriptionId: sandbox, failure: { reason: 'permission-denied', action: 'Microsoft.Resources/subscriptions/resources/read' } }],
    })
  })

  it('asks for less when an answer is too large, and loses and repeats nothing', async () => {
    const { azure, simulator } = await start({ tenant: smallTenant(600) })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'delay', milliseconds: 0, times: 2 })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'status', status: 400, code: 'ResponsePayloadTooLarge', times: 1 })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'delay', milliseconds: 0, times: 1 })
    simulator.addFault({ match: 'ResourceGraph', method: 'POST', kind: 'status', status: 500, times: 4 })
    const pages = await allPages(azure.readInventory([production, sandbox]))
    const ids = pages.flatMap((page) => (page.kind === 'page' ? page.resources.map((resource) => resource.id) : []))
    expect(pages.at(-1)).toEqual({ kind: 'end', unreadable: [] })
    expect(ids.length).toBe(1202)
    expect(new Set(ids).size).toBe(1202)
  })

  it('fails every subscription of a group when Resource Graph stays broken, and asks it only so often', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: 'ResourceGraph', kind: 'status', status: 500 })
    const pages = await allPages(azure.readInventory([production, sandbox]))
    expect(pages).toMatchObject([{ kind: 'end', unreadable: [{ failure: { reason: 'api-error', status: 500 } }, { failure: { reason: 'api-error' } }] }])
    expect(simulator.requests.total).toBeLessThan(40)
  })

  it('keeps to the quota of Resource Graph', async () => {
    const { azure } = await start({ tenant: smallTenant(10), limits: { resourceGraph: { requests: 3, seconds: 5 } } })
    for (let round = 0; round < 6; round += 1) await allPages(azure.readInventory([production]))
    expect(azure.counts).toEqual({ total: 12, throttled: 0, retried: 0 })
  })
})

describe('the pipeline', () => {
  it('paces itself below the limits of a subscription, so that Azure never has to refuse', async () => {
    const { azure, simulator } = await start(
      { now: Date.now, limits: { subscriptionReads: { burst: 40, perSecond: 100 } } },
      { clock: systemClock, limits: { subscriptionReads: { burst: 10, perSecond: 100 } } },
    )
    const reads = await Promise.all(Array.from({ length: 120 }, () => azure.readDiagnosticSettings(vault)))
    expect(reads.every((read) => read.ok)).toBe(true)
    expect(azure.counts).toEqual({ total: 120, throttled: 0, retried: 0 })
    expect(simulator.requests.status(429)).toBe(0)
  })

  it('finds the pace of a subscription that takes less than documented, and reads everything', async () => {
    const { azure } = await start({ limits: { subscriptionReads: { burst: 20, perSecond: 5 } } })
    const reads = await Promise.all(Array.from({ length: 200 }, () => azure.readDiagnosticSettings(vault)))
    expect(reads.filter((read) => !read.ok)).toEqual([])
    expect(azure.counts.throttled).toBeGreaterThan(0)
  })

  it('waits as told after a 429 and goes on', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'status', status: 429, code: 'SubscriptionRequestsThrottled', retryAfterSeconds: 7, times: 2 })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(azure.counts).toMatchObject({ total: 3, throttled: 2, retried: 2 })
  })

  it('gives up as throttled when it never ends', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'status', status: 429, envelope: 'capitals', code: '429' })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'throttled', status: 429, code: '429' })
    expect(azure.counts).toEqual({ total: 5, throttled: 5, retried: 4 })
  })

  it('gives up at once when it would have to wait too long, also for the next read of that subscription', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, kind: 'status', status: 429, retryAfterSeconds: 7200 })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'throttled' })
    expect(await azure.readDiagnosticSettings(vaultId(production, 1))).toMatchObject({ ok: false, reason: 'throttled' })
    expect(azure.counts.total).toBe(1)
    simulator.clearFaults()
    expect(await azure.readDiagnosticSettings(vaultId(sandbox, 0))).toEqual({ ok: true, value: [] })
  })

  it('stops a single action alone when that action has a limit of its own', async () => {
    const { azure, simulator } = await start()
    const message = "Number of requests for action 'Microsoft.Insights/diagnosticSettings/read' exceeded the limit of '150' for time interval '01:00:00'. Please try again after '3240' seconds."
    simulator.addFault({ match: settings, kind: 'status', status: 429, code: 'ResourceRequestsThrottled', message })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'throttled' })
    expect(await azure.getSubscription(production)).toMatchObject({ ok: true })
  })

  it.each([
    { name: 'a reset', fault: { kind: 'reset' as const } },
    { name: 'a 503', fault: { kind: 'status' as const, status: 503, retryAfterSeconds: 2 } },
    { name: 'a 500 without a body', fault: { kind: 'status' as const, status: 500, envelope: 'empty' as const } },
    { name: 'a 408', fault: { kind: 'status' as const, status: 408 } },
    { name: "a gateway's page", fault: { kind: 'html' as const } },
    { name: 'a page of status 200', fault: { kind: 'html' as const, status: 200 } },
    { name: 'half an answer', fault: { kind: 'truncated' as const } },
    { name: 'a passing conflict', fault: { kind: 'status' as const, status: 409, code: 'Conflict' } },
  ])('tries again after $name', async ({ fault }) => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, times: 1, ...fault })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(azure.counts).toEqual({ total: 2, throttled: 0, retried: 1 })
  })

  it.each([
    { name: 'resets', fault: { kind: 'reset' as const }, expected: { reason: 'api-error', status: null, code: 'ECONNRESET' } },
    { name: '503', fault: { kind: 'status' as const, status: 503, envelope: 'bare' as const, code: 'ServerBusy' }, expected: { reason: 'api-error', status: 503, code: 'ServerBusy' } },
    { name: 'pages of status 200', fault: { kind: 'html' as const, status: 200 }, expected: { reason: 'api-error', status: 200, detail: expect.stringContaining('not JSON') } },
    { name: 'halves', fault: { kind: 'truncated' as const }, expected: { reason: 'api-error', status: 200 } },
    { name: 'nothing', fault: { kind: 'status' as const, status: 200, envelope: 'empty' as const }, expected: { reason: 'api-error', detail: expect.stringContaining('empty') } },
    { name: 'another shape', fault: { kind: 'status' as const, status: 200 }, expected: { reason: 'api-error', detail: expect.stringContaining('unknown shape') } },
  ])('ends as an error of the API when Azure answers with $name to the end', async ({ fault, expected }) => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: settings, ...fault })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, ...expected })
  })

  it('renews an expired token once for all, and reports a token that stays refused', async () => {
    const { azure, simulator } = await start()
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: true })
    simulator.tokens.expireAll()
    const reads = await Promise.all([0, 1, 2].map((index) => azure.readDiagnosticSettings(vaultId(production, index))))
    expect(reads.every((read) => read.ok)).toBe(true)
    expect(simulator.requests.matching(/oauth2/).length).toBe(2)
    simulator.addFault({ match: settings, kind: 'expired-token' })
    expect(await azure.readDiagnosticSettings(vault)).toMatchObject({ ok: false, reason: 'permission-denied', status: 401, code: 'ExpiredAuthenticationToken' })
  })

  it('follows a link only to the same host, and never in a circle', async () => {
    const { azure, simulator } = await start()
    simulator.addFault({ match: '/subscriptions?', kind: 'foreign-next-link', url: 'https://elsewhere.example/subscriptions', times: 1 })
    expect(await azure.listSubscriptions()).toMatchObject({ ok: false, reason: 'api-error', detail: expect.stringContaining('elsewhere.example') })
    simulator.addFault({ match: '/subscriptions?', kind: 'loop-next-link' })
    expect(await azure.listSubscriptions()).toMatchObject({ ok: false, reason: 'api-error', detail: expect.stringContaining('already read') })
  })

  it('stops at once when the signal aborts', async () => {
    const controller = new AbortController()
    const { azure } = await start({ latencyMs: 20_000 }, { signal: controller.signal })
    const reads = [0, 1, 2].map((index) => azure.readDiagnosticSettings(vaultId(production, index)))
    const ended = Promise.allSettled(reads)
    controller.abort(new Error('the scan was cancelled'))
    expect(await ended).toMatchObject([0, 1, 2].map(() => ({ status: 'rejected', reason: { message: 'the scan was cancelled' } })))
  })

  it('gives an attempt up when no answer comes in time', async () => {
    const { azure, simulator } = await start({}, { limits: { attemptTimeoutMs: 300 } })
    simulator.addFault({ match: settings, kind: 'delay', milliseconds: 30_000, times: 1 })
    expect(await azure.readDiagnosticSettings(vault)).toEqual({ ok: true, value: [] })
    expect(azure.counts.retried).toBe(1)
  })

  it('refuses to send tokens over plain HTTP to another machine', async () => {
    await expect(startSimulatedAzure({}, { endpoint: 'http://arm.example.test' })).rejects.toThrow(/not HTTPS/)
  })
})

function firstRow(tenant: ReturnType<typeof smallTenant>) {
  const [first] = tenant.rows('resources')
  if (first === undefined) throw new Error('the small tenant has no resources')
  return first
}

async function allPages(inventory: AsyncGenerator<InventoryPage>): Promise<InventoryPage[]> {
  const pages: InventoryPage[] = []
  for await (const page of inventory) pages.push(page)
  return pages
}
