import { armError, ok, type Answer } from '../answer'
import type { Route } from '../call'
import type { SimulatedTenant } from '../tenant'

const nothing = { columns: [{ name: 'queries', type: 'long' }, { name: 'people', type: 'long' }, { name: 'last', type: 'datetime' }], rows: [[0, 0, null]] }

function workspaceOf(tenant: SimulatedTenant, customerId: string): string | undefined {
  const wanted = customerId.toLowerCase()
  return tenant.rows('resources').find(({ type, properties }) => type === 'microsoft.operationalinsights/workspaces' && String(properties.customerId).toLowerCase() === wanted)?.id
}

function refused(): Answer {
  return armError(403, 'InsufficientAccessError', 'The provided credentials have insufficient access to perform the requested operation')
}

/** The query API of Log Analytics: a host of its own in Azure, and one answer for every query here. */
export const logQueryRoutes: Route[] = [
  {
    kind: 'log-queries',
    method: 'POST',
    pattern: /^\/v1\/workspaces\/([^/]+)\/query$/i,
    unversioned: true,
    handle: ({ tenant }, [customerId = '']) => {
      const workspace = workspaceOf(tenant, customerId)
      if (workspace === undefined) return armError(404, 'WorkspaceNotFoundError', 'The workspace could not be found.')
      if (tenant.refusal('log-queries', workspace)) return refused()
      return tenant.read('log-queries', workspace) ?? ok({ tables: [{ name: 'PrimaryResult', ...nothing }] })
    },
  },
]
