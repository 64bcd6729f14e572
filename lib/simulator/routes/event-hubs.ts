import { ok } from '../answer'
import type { Route } from '../call'
import { obstacle } from '../subject'
import type { FactKind } from '../tenant'

const namespace = String.raw`^(.+\/providers\/microsoft\.eventhub\/namespaces\/[^/]+)`

/** What a namespace has of its own, unless the tenant says otherwise: the hub that settings name, the rule that Azure makes with it, and no firewall. */
const parts: { kind: FactKind; path: string; action: string; usual: Parameters<typeof ok>[0] }[] = [
  { kind: 'event-hubs', path: 'eventhubs', action: 'eventhubs', usual: { value: [{ name: 'insights-logs' }] } },
  { kind: 'hub-rules', path: 'authorizationRules', action: 'authorizationRules', usual: { value: [{ name: 'RootManageSharedAccessKey', properties: { rights: ['Listen', 'Manage', 'Send'] } }] } },
  {
    kind: 'hub-firewall', path: String.raw`networkRuleSets\/default`, action: 'networkRuleSets',
    usual: { name: 'default', properties: { publicNetworkAccess: 'Enabled', defaultAction: 'Allow', virtualNetworkRules: [], ipRules: [], trustedServiceAccessEnabled: false } },
  },
]

export const eventHubRoutes: Route[] = parts.map(({ kind, path, action, usual }) => ({
  kind,
  method: 'GET',
  pattern: new RegExp(String.raw`${namespace}\/${path}$`, 'i'),
  handle: (call, [subject = '']) => obstacle(call, kind, subject, `Microsoft.EventHub/namespaces/${action}/read`) ?? call.tenant.read(kind, subject) ?? ok(usual),
}))
