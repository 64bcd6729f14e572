import { obstacle } from '../subject'
import { authorizationFailed, ok, subscriptionNotFound } from '../answer'
import type { Route } from '../call'
import { pageOf } from '../paging'

/** Where the simulated cloud offers what differs by region, with regions written for people. */
const networkProvider = {
  namespace: 'Microsoft.Network',
  registrationState: 'Registered',
  resourceTypes: ['virtualNetworks', 'networkWatchers', 'dnsResolvers', 'dnsResolverPolicies'].map((resourceType) => ({
    resourceType,
    locations: ['West Europe', 'North Europe', 'Sweden Central', 'East US', 'East US 2'],
    apiVersions: ['2025-05-01'],
  })),
}

export const subscriptionRoutes: Route[] = [
  {
    kind: 'subscriptions',
    method: 'GET',
    pattern: /^\/subscriptions$/i,
    handle: (call) => pageOf(call, call.tenant.isGranted('Microsoft.Resources/subscriptions/read') ? call.tenant.visibleSubscriptions : []),
  },
  {
    kind: 'subscription',
    method: 'GET',
    pattern: /^\/subscriptions\/([^/]+)$/i,
    handle: (call, [id = '']) => {
      const found = call.tenant.subscription(id)
      if (!found) return subscriptionNotFound(id)
      return call.tenant.isVisible(id) && call.tenant.isGranted('Microsoft.Resources/subscriptions/read')
        ? ok(found)
        : authorizationFailed(call.principal, 'Microsoft.Resources/subscriptions/read', call.path)
    },
  },
  {
    kind: 'network-provider',
    method: 'GET',
    pattern: /^(\/subscriptions\/[^/]+)\/providers\/microsoft\.network$/i,
    handle: (call, [subject = '']) =>
      obstacle(call, 'network-provider', subject, 'Microsoft.Resources/subscriptions/providers/read') ??
      call.tenant.read('network-provider', subject) ??
      ok({ id: `${subject}/providers/Microsoft.Network`, ...networkProvider }),
  },
]
