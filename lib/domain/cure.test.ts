import { describe, expect, it } from 'vitest'
import { cureFor, type Unread } from './cure'

const own = '11111111-1111-4111-8111-111111111111'
const central = '22222222-2222-4222-8222-222222222222'
const namespace = `/subscriptions/${central.toUpperCase()}/resourceGroups/rg/providers/Microsoft.EventHub/namespaces/siem`
const hubs = 'Microsoft.EventHub/namespaces/networkRuleSets/read'
const settings = 'Microsoft.Insights/diagnosticSettings/read'
const refused = (over: Partial<Unread>): Unread => ({ reasonCode: 'permission-denied', permission: settings, subscriptionId: own, ...over })
const scopeOf = (unread: Unread) => /--scope (\S+)$/.exec(cureFor(unread).command ?? '')?.[1]

describe('the cure of a refused read', () => {
  it.each([
    ['in the subscription of what was judged', refused({}), `/subscriptions/${own}`],
    ['in the subscription of what could not be read', refused({ permission: hubs, refusedOn: namespace }), `/subscriptions/${central}`],
    ['where both are the same', refused({ permission: hubs, refusedOn: namespace, subscriptionId: central }), `/subscriptions/${central}`],
    ['in a subscription, though the tenant was judged', refused({ permission: hubs, refusedOn: namespace, subscriptionId: null }), `/subscriptions/${central}`],
    ['of the tenant’s own settings', refused({ permission: 'microsoft.aadiam/diagnosticSettings/read', subscriptionId: null }), '/providers/Microsoft.aadiam'],
  ])('is Reader %s', (_, unread, scope) => {
    expect(scopeOf(unread)).toBe(scope)
  })

  it.each([
    hubs, 'Microsoft.EventHub/namespaces/read', 'microsoft.insights/datacollectionrules/read', 'Microsoft.OperationalInsights/workspaces/read', 'Microsoft.Storage/storageAccounts/read',
  ])('names no command where it is not told on what %s is wanted', (permission) => {
    for (const refusedOn of [undefined, null, '', 'siem', '/subscriptions/$(id)/resourceGroups/rg', '/subscriptions/a b']) {
      const { command, sentence } = cureFor(refused({ permission, refusedOn }))
      expect([command, sentence.includes(permission)]).toEqual([undefined, true])
    }
  })

  it('names no command for a permission that Reader does not hold', () => {
    expect(cureFor(refused({ permission: 'Microsoft.Storage/storageAccounts/listKeys/action', refusedOn: namespace })).command).toBeUndefined()
  })
})
