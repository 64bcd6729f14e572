import { armError, ok, type Answer } from '../answer'
import type { Route } from '../call'
import type { SimulatedTenant } from '../tenant'

type QueryKind = 'log-queries' | 'log-arrivals' | 'audit-arrivals'

/** Of the queries that are asked here one reads the table of heartbeats, and one the shared table of diagnostics. */
function kindOf(body: unknown): QueryKind {
  const text = JSON.stringify(body)
  return /\bHeartbeat\b/.test(text) ? 'log-arrivals' : /\bAzureDiagnostics\b/.test(text) ? 'audit-arrivals' : 'log-queries'
}

const nothing: Record<QueryKind, { columns: { name: string; type: string }[]; rows: unknown[][] }> = {
  'log-arrivals': { columns: [{ name: 'machine', type: 'string' }, { name: 'heartbeat', type: 'bool' }, { name: 'events', type: 'bool' }], rows: [] },
  'audit-arrivals': { columns: [{ name: 'resource', type: 'string' }, { name: 'category', type: 'string' }, { name: 'lastAt', type: 'datetime' }], rows: [] },
  'log-queries': { columns: [{ name: 'queryCount', type: 'long' }, { name: 'people', type: 'long' }, { name: 'lastAt', type: 'datetime' }], rows: [[0, 0, null]] },
}

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
      return tenant.read(kind, workspace) ?? ok({ tables: [{ name: 'PrimaryResult', ...nothing[kind] }] })
    },
  },
]
