import { authorizationFailed, ok, subscriptionNotFound } from '../answer'
import type { Route } from '../call'
import { pageOf } from '../paging'

export const subscriptionRoutes: Route[] = [
  {
    kind: 'subscriptions',
    method: 'GET',
    pattern: /^\/subscriptions$/i,
    handle: (call) => pageOf(call, call.tenant.visibleSubscriptions),
  },
  {
    kind: 'subscription',
    method: 'GET',
    pattern: /^\/subscriptions\/([^/]+)$/i,
    handle: (call, [id = '']) => {
      const found = call.tenant.subscription(id)
      if (!found) return subscriptionNotFound(id)
      return call.tenant.isVisible(id)
        ? ok(found)
        : authorizationFailed(call.principal, 'Microsoft.Resources/subscriptions/read', call.path)
    },
  },
]
