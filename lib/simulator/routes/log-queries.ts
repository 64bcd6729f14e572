import { armError, ok, type Answer } from '../answer'
import type { Route } from '../call'
import type { SimulatedTenant } from '../tenant'

/** Of the two queries that are asked here one reads the table of heartbeats. */
function kindOf(body: unknown): 'log-queries' | 'log-arrivals' {
  return /\bHeartbeat\b/.test(JSON.stringify(body)) ? 'log-arrivals' : 'log-queries'
}

const noArrivals = { columns: [{ name: 'machine', type: 'string' }, { name: 'heartbeat', type: 'bool' }, { name: 'events', type: 'bool' }], rows: [] }
const nothing = { columns: [{ name: 'queryCount', type: 'long' }, { name: 'people', type: 'long' }, { name: 'lastAt', type: 'datetime' }], rows: [[0, 0, null]] }

function workspaceOf(tenant: SimulatedTenant, customerId: string): string | undefined {
  const wanted = customerId.toLowerCase()
  return tenant.rows('resources').find(({ type, properties }) => type === 'microsoft.operationalinsights/workspaces' && String(properties.customerId).toLowerCase() === wanted)?.id
}

function refused(): Answer {
  return armError(403, 'InsufficientAccessError', 'The provided credentials have insufficient access to perform the requested operation')
}

/** The query API of Log Analytics: a host of its own in Azure, and one answer for each kind of query here. */
export const logQueryRoutes: Route[] = [
  {
    kind: 'log-queries',
    method: 'POST',
    pattern: /^\/v1\/workspaces\/([^/]+)\/query$/i,
    unversioned: true,
    handle: ({ tenant, body }, [customerId = '']) => {
      const workspace = workspaceOf(tenant, customerId)
      if (workspace === undefined) return armError(404, 'WorkspaceNotFoundError', 'The workspace could not be found.')
      const kind = kindOf(body)
      if (tenant.refusal(kind, workspace)) return refused()
      return tenant.read(kind, workspace) ?? ok({ tables: [{ name: 'PrimaryResult', ...(kind === 'log-queries' ? nothing : noArrivals) }] })
    },
  },
]
