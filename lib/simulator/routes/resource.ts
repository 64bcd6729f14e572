import { typeOf } from '@/lib/domain/arm-id'
import { armError, ok } from '../answer'
import type { Route } from '../call'
import { obstacle } from '../subject'

/** `GET {resourceId}`: the inventory row in ARM's shape. Must be the last route: it takes every path of a resource. */
export const resourceRoutes: Route[] = [
  {
    kind: 'resource',
    method: 'GET',
    pattern: /^(\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+(?:\/[^/]+\/[^/]+)*)$/i,
    handle: (call, [id = '']) => {
      const stopped = obstacle(call, null, id, `${typeOf(id) ?? 'resource'}/read`)
      if (stopped) return stopped
      const row = call.tenant.row(id)
      if (!row) return armError(404, 'ResourceNotFound', `The resource '${id}' was not found.`)
      const { name, type, kind, location, sku, tags, identity, properties, managedBy } = row
      return ok({ id: row.id, name, type, kind, location, sku, tags, identity, managedBy, properties })
    },
  },
]
