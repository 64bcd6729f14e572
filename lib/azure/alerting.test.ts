import { afterEach, describe, expect, it } from 'vitest'
import type { GraphRow, SimulatorOptions } from '../simulator'
import { parseDefenderPlans } from './defender-plans'
import { parseSecurityContacts } from './security-contacts'
import { production, sandbox, smallTenant, startSimulatedAzure, tenantId, type SimulatedAzure } from './testing/simulated-azure'

let running: SimulatedAzure | undefined

async function start(simulated?: Partial<SimulatorOptions>): Promise<SimulatedAzure> {
  running = await startSimulatedAzure(simulated)
  return running
}

afterEach(async () => {
  await running?.close()
  running = undefined
})

function row(subscriptionId: string, type: string, name: string, properties: GraphRow['properties']): GraphRow {
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/rg-App/providers/${type}/${name}`, name, type: type.toLowerCase(), tenantId, kind: '', location: 'global',
    resourceGroup: 'rg-app', subscriptionId, managedBy: '', sku: null, plan: null, properties, tags: null, identity: null, zones: null, extendedLocation: null,
  }
}

describe('alert rules', () => {
  it('of all subscriptions come in one read, receivers counted and never named', async () => {
    const { azure, simulator } = await start()
    const group = row(sandbox, 'Microsoft.Insights/actionGroups', 'ag', {
      enabled: true,
      emailReceivers: [{ name: 'a', emailAddress: 'a@contoso.example', status: 'Enabled' }, { name: 'b', emailAddress: 'b@contoso.example', status: 'Disabled' }],
      smsReceivers: [{ name: 'c', countryCode: '46', phoneNumber: '0700000000', status: 'Disabled' }],
      webhookReceivers: [{ name: 'd', serviceUri: 'https://contoso.example/hook' }],
    })
    const alert = row(production, 'Microsoft.Insights/activityLogAlerts', 'nsg', {
      scopes: [`/subscriptions/${sandbox}`],
      condition: { allOf: [{ field: 'category', equals: 'Administrative' }, { anyOf: [{ field: 'operationName', equals: 'x/write' }, { field: 'operationName', containsAny: ['y/'] }] }] },
      actions: { actionGroups: [{ actionGroupId: group.id, webhookProperties: {} }] },
    })
    const query = (name: string, text: string) => row(production, 'Microsoft.Insights/scheduledQueryRules', name, {
      enabled: 'true',
      scopes: ['/w'],
      criteria: { allOf: [{ query: text, timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }] },
      actions: { actionGroups: [group.id] },
    })
    const old = row(production, 'Microsoft.Insights/scheduledQueryRules', 'of-2018', {
      enabled: 'true',
      source: { query: 'AzureActivity', dataSourceId: '/w', queryType: 'ResultCount' },
      action: { aznsAction: { actionGroup: [group.id] }, trigger: { thresholdOperator: 'GreaterThan', threshold: 0 } },
    })
    const counting = { query: 'AzureActivity', timeAggregation: 'Count', operator: 'GreaterThan', threshold: 0 }
    const several = row(production, 'Microsoft.Insights/scheduledQueryRules', 'in-periods', {
      scopes: ['/w'],
      criteria: { allOf: [
        { ...counting, failingPeriods: { numberOfEvaluationPeriods: 4, minFailingPeriodsToAlert: 3 } },
        { ...counting, resourceIdColumn: '_ResourceId', dimensions: [{ name: 'Caller', operator: 'Include', values: ['someone'] }] },
        { ...counting, dimensions: [{ name: 'Caller', operator: 'Include', values: ['*'] }], failingPeriods: { numberOfEvaluationPeriods: 1, minFailingPeriodsToAlert: 1 } },
      ] },
      actions: { actionGroups: [] },
    })
    const processing = (name: string, actionType: string, schedule: GraphRow['properties'] | null) => row(production, 'Microsoft.AlertsManagement/actionRules', name, {
      enabled: true, scopes: ['/s'], actions: [{ actionType, ...(actionType === 'AddActionGroups' && { actionGroupIds: [group.id] }) }], schedule, conditions: [{ field: 'Severity', operator: 'Equals', values: ['Sev4'] }],
    })
    for (const one of [
      alert, group, old, several, query('on-activity', 'AzureActivity | take 1'), query('on-heartbeat', 'Heartbeat'), processing('quiet', 'RemoveAllActionGroups', null),
      processing('window', 'RemoveAllActionGroups', { effectiveFrom: '2026-01-01T00:00:00', effectiveUntil: '2026-01-02T00:00:00' }), processing('more', 'AddActionGroups', null),
    ]) simulator.tenant.addResource(one)

    const read = await azure.readAlerting([sandbox.toUpperCase(), production])
    expect(read).toEqual({
      ok: true,
      value: {
        activityLogAlerts: [{
          id: alert.id, enabled: true, scopes: [`/subscriptions/${sandbox}`], actionGroupIds: [group.id],
          conditions: [
            { field: 'category', equals: 'Administrative', containsAny: [], anyOf: [] },
            { field: null, equals: null, containsAny: [], anyOf: [{ field: 'operationName', equals: 'x/write', containsAny: [] }, { field: 'operationName', equals: null, containsAny: ['y/'] }] },
          ],
        }],
        queryRules: [
          expect.objectContaining({ id: several.id, byResource: true, queries: [{ text: 'AzureActivity', onAny: false }, { text: 'AzureActivity', onAny: false }, { text: 'AzureActivity', onAny: true }] }),
          expect.objectContaining({ id: old.id, enabled: true, scopes: ['/w'], queries: [{ text: 'AzureActivity', onAny: true }], actionGroupIds: [group.id] }),
          expect.objectContaining({ enabled: true, scopes: ['/w'], queries: [{ text: 'AzureActivity | take 1', onAny: true }], actionGroupIds: [group.id] }),
          expect.objectContaining({ enabled: true, queries: [] }),
        ],
        actionGroups: [{ id: group.id, enabled: true, receivers: { email: 1, webhook: 1 }, disabledReceivers: 2 }],
        suppressionRules: [expect.objectContaining({ always: true }), expect.objectContaining({ always: false, schedule: { from: '2026-01-01T00:00:00', until: '2026-01-02T00:00:00', recurring: false } })],
        additionRules: [expect.objectContaining({ always: true, scopes: ['/s'], conditions: [{ field: 'Severity', operator: 'Equals', values: ['Sev4'] }], actionGroupIds: [group.id] })],
        exports: [],
        covered: [production, sandbox],
        unread: [],
      },
    })
    expect(JSON.stringify(read)).not.toMatch(/contoso|0700/)
  })

  it('come over many pages, sorted', async () => {
    const { azure, simulator } = await start()
    for (let index = 0; index < 1100; index++) simulator.tenant.addResource(row(production, 'Microsoft.Insights/actionGroups', `ag-${index}`, { enabled: false }))
    const read = await azure.readAlerting([production])
    const ids = read.ok ? read.value.actionGroups.map(({ id }) => id.toLowerCase()) : []
    expect(ids).toHaveLength(1100)
    expect(ids).toEqual(ids.toSorted())
  })

  it('name the subscriptions that Resource Graph leaves out without a word', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.hideSubscription(sandbox)
    expect(await azure.readAlerting([sandbox, production])).toMatchObject({ ok: true, value: { covered: [production], unread: [sandbox] } })
  })

  it('of a group of subscriptions that is not answered leave the others as they are', async () => {
    const tenant = smallTenant(0)
    for (let index = 0; index < 150; index++) {
      const subscriptionId = `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`
      tenant.subscriptions.push({ id: `/subscriptions/${subscriptionId}`, subscriptionId, tenantId, displayName: `S${index}`, state: 'Enabled' })
      tenant.addResource({ ...row(subscriptionId, 'Microsoft.Resources/subscriptions', subscriptionId, {}), id: `/subscriptions/${subscriptionId}`, resourceGroup: '' }, 'resourcecontainers')
    }
    const { azure, simulator } = await start({ tenant })
    const [first = ''] = tenant.subscriptions.map(({ subscriptionId }) => subscriptionId).sort()
    simulator.tenant.addResource(row(first, 'Microsoft.Insights/actionGroups', 'soc', { enabled: true }))
    // The second group, by id, holds it.
    simulator.tenant.addResource(row(sandbox, 'Microsoft.Insights/activityLogAlerts', 'odd', { condition: 'anything' }))
    const read = await azure.readAlerting(tenant.subscriptions.map(({ subscriptionId }) => subscriptionId))
    expect(read).toMatchObject({
      ok: true,
      value: {
        actionGroups: [{ enabled: true }], unread: [production, sandbox],
        failures: [{ subscriptions: [production, sandbox], failure: { reason: 'api-error', detail: expect.stringContaining('unknown form') } }],
      },
    })
    expect(read.ok && read.value.covered).toHaveLength(150)
  })

  it('in a form that is not known are a failure, not an empty list', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.addResource(row(production, 'Microsoft.Insights/activityLogAlerts', 'odd', { condition: 'anything' }))
    expect(await azure.readAlerting([production])).toMatchObject({ ok: false, reason: 'api-error', detail: expect.stringContaining('unknown form') })
  })
})

describe('Defender plans and contacts', () => {
  const subject = `/subscriptions/${production}`

  it('are read at a subscription', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.setAnswer('pricings', subject, {
      status: 200,
      body: { value: [{ name: 'VirtualMachines', properties: { pricingTier: 'Standard', subPlan: 'P2', freeTrialRemainingTime: 'PT0S', resourcesCoverageStatus: 'PartiallyCovered', deprecated: 'True' } }] },
    })
    simulator.tenant.setAnswer('security-contacts', subject, {
      status: 200,
      body: { value: [{ name: 'default', properties: { isEnabled: true, emails: 'a@contoso.example; b@contoso.example', notificationsSources: [{ sourceType: 'Alert', minimalSeverity: 'Medium' }], notificationsByRole: { state: 'On', roles: ['Owner'] } } }] },
    })
    expect(await azure.readDefenderPlans(production)).toEqual({
      ok: true,
      value: [{ name: 'VirtualMachines', tier: 'Standard', subPlan: 'P2', freeTrialRemainingTime: 'PT0S', coverage: 'PartiallyCovered', inheritedFrom: null, deprecated: true }],
    })
    expect(await azure.readSecurityContacts(production)).toEqual({
      ok: true,
      value: [{ name: 'default', emails: 2, alerts: true, minimalSeverity: 'Medium', byRole: true, roles: ['Owner'] }],
    })
  })

  it('that are refused name the action', async () => {
    const { azure, simulator } = await start()
    simulator.tenant.refuse(subject, { kinds: ['pricings', 'security-contacts'] })
    expect(await azure.readDefenderPlans(production)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.Security/pricings/read' })
    expect(await azure.readSecurityContacts(production)).toMatchObject({ ok: false, reason: 'permission-denied', action: 'Microsoft.Security/securityContacts/read' })
  })

  const error = (code: string, message = 'no') => ({ error: { code, message } })
  it.each([
    [404, 'Subscription Not Registered', 'Please register to Microsoft.Security'],
    [409, 'MissingSubscriptionRegistration', 'no'],
    [400, 'NoRegisteredProviderFound', 'no'],
  ])('of a subscription that never registered (%i %s) are empty lists', (status, code, message) => {
    expect(parseDefenderPlans(status, error(code, message))).toEqual({ ok: true, value: [] })
    expect(parseSecurityContacts(status, error(code, message))).toEqual({ ok: true, value: { items: [], nextLink: null } })
  })

  it.each([
    [400, 'NoRegisteredProviderFound', "No registered resource provider found for API version 'x'. The supported api-versions are 'y'."],
    [404, 'InvalidResourceType', 'no'],
    [500, 'InternalServerError', 'no'],
  ])('are unknown after %i %s', (status, code, message) => {
    expect(parseDefenderPlans(status, error(code, message)).ok).toBe(false)
    expect(parseSecurityContacts(status, error(code, message)).ok).toBe(false)
  })

  it.each([
    ['2017', { email: 'a@b', alertNotifications: 'On', alertsToAdmins: 'Off' }, { emails: 1, alerts: true, minimalSeverity: 'High', byRole: false }],
    ['2020', { emails: 'a@b', alertNotifications: { state: 'Off', minimalSeverity: 'Low' }, notificationsByRole: { state: 'On', roles: ['Owner'] } }, { alerts: false, minimalSeverity: 'Low', byRole: true }],
    ['2020 without notices', { emails: '', notificationsByRole: { state: 'Off', roles: [] } }, { emails: 0, alerts: null, byRole: false }],
    ['2023 switched off', { emails: 'a@b', isEnabled: false, notificationsSources: [{ sourceType: 'Alert', minimalSeverity: 'High' }], notificationsByRole: { state: 'On', roles: ['Owner'] } }, { alerts: false, byRole: false }],
    ['2023 for attack paths alone', { emails: 'a@b', isEnabled: true, notificationsSources: [{ sourceType: 'AttackPath', minimalRiskLevel: 'Critical' }] }, { alerts: false, byRole: null }],
  ])('of %s are one shape', (_, properties, contact) => {
    expect(parseSecurityContacts(200, { value: [{ name: 'default', properties }] })).toMatchObject({ ok: true, value: { items: [contact] } })
  })
})
