import { loadCatalog } from '@/lib/catalog'
import { parentOf, toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, DestinationUse } from '@/lib/domain/check'
import { collected, type Collected, type ReadFailure } from '@/lib/domain/collected'
import type { LogCategoryList, ManagementGroup, Resource, Subscription, Workspace } from '@/lib/domain/estate'
import type { FactSource, FactValues } from '@/lib/domain/fact'
import { defaultPolicy, type CentralWorkspaces, type Policy } from '@/lib/domain/policy'
import { home, openNamespace, tenantId, workspaceId, workspaceOf } from './literals'

/** Literal estates for tests of checks: pure data, nothing that answers on its own. */

type FactsOf<S extends FactSource> = Record<string, Collected<FactValues[S]> | FactValues[S]>

export interface EstateLiteral {
  cloud?: string
  scannedAt?: string
  /** Null: the tenant's part. */
  subscription?: Partial<Subscription> | null
  managementGroups?: ManagementGroup[]
  /** Names of the groups above the subscription. */
  groupNames?: string[]
  resources?: Resource[]
  /** Diagnostic settings by subject id; an array was read, anything else is the outcome of the read. */
  settings?: FactsOf<'diagnostic-settings'>
  sql?: FactsOf<'sql-auditing'>
  parameters?: FactsOf<'database-parameters'>
  tables?: FactsOf<'workspace-tables'>
  exports?: FactsOf<'data-exports'>
  lost?: ReadFailure
  queries?: FactsOf<'workspace-queries'>
  /** By workspace. */
  arrivals?: FactsOf<'machine-arrivals'>
  /** By workspace. */
  auditArrivals?: FactsOf<'audit-arrivals'>
  sentinel?: FactsOf<'sentinel-onboarding'>
  sentinelRules?: FactsOf<'sentinel-rules'>
  connectors?: FactsOf<'sentinel-connectors'>
  incidents?: FactsOf<'sentinel-incidents'>
  lifecycle?: FactsOf<'storage-lifecycle'>
  /** By storage account. */
  containers?: FactsOf<'log-containers'>
  plans?: FactsOf<'defender-plans'>
  contacts?: FactsOf<'security-contacts'>
  alerts?: FactsOf<'defender-alerts'>
  alerting?: FactsOf<'alerting'>
  /** By machine. */
  associations?: FactsOf<'rule-associations'>
  /** By data collection rule. */
  rules?: FactsOf<'collection-rule'>
  guest?: FactsOf<'guest-assignments'>
  protection?: FactsOf<'endpoint-protection'>
  networks?: FactsOf<'virtual-network'>
  /** By virtual network. */
  flowLogs?: FactsOf<'flow-logs'>
  /** By flow log. */
  flowLog?: FactsOf<'flow-log'>
  /** By the tenant's subject. */
  resolution?: FactsOf<'name-resolution'>
  /** Subscriptions in sight beside this one. */
  alsoSeen?: readonly string[]
  /** The subscription's inventory could not be read. */
  outOfSight?: boolean
  /** By type. */
  live?: Record<string, Collected<LogCategoryList>>
  workspaces?: Workspace[]
  /** Ids of storage accounts, namespaces and partner resources. */
  exists?: string[]
  /** Of those, storage accounts that keep the services of Azure out. */
  closed?: string[]
  /** What those let in all the same, by account. */
  exceptions?: Record<string, string[]>
  /** Of those, storage accounts that are shut to public networks, and open by their rules. */
  shut?: string[]
  /** Ids of resources that the firewall of a storage account names, by its id. */
  admitted?: Record<string, string[]>
  central?: CentralWorkspaces
  use?: Record<string, DestinationUse>
  policy?: Partial<Policy>
  /** By namespace; those that exist are open, and have the rule that Azure makes, unless told otherwise. */
  hubs?: FactsOf<'event-hub-namespace'>
}

function isRead<T>(value: unknown): value is Collected<T> {
  return typeof value === 'object' && value !== null && 'ok' in value
}

function byKey<T>(facts: Record<string, T>): Record<string, T> {
  return Object.fromEntries(Object.entries(facts).map(([id, value]) => [toResourceKey(id), value]))
}

function factIndex(literal: EstateLiteral): Map<string, unknown> {
  const index = new Map<string, unknown>()
  const add = (source: FactSource, facts: Record<string, unknown> | undefined): void => {
    for (const [subject, value] of Object.entries(facts ?? {})) index.set(`${source} ${toResourceKey(subject)}`, isRead(value) ? value : collected(value))
  }
  add('diagnostic-settings', literal.settings)
  add('sql-auditing', literal.sql)
  add('database-parameters', literal.parameters)
  add('workspace-tables', literal.tables)
  add('data-exports', literal.exports)
  add('workspace-queries', literal.queries)
  add('machine-arrivals', literal.arrivals)
  add('audit-arrivals', literal.auditArrivals)
  add('sentinel-onboarding', literal.sentinel)
  add('sentinel-rules', literal.sentinelRules)
  add('sentinel-connectors', literal.connectors)
  add('sentinel-incidents', literal.incidents)
  add('storage-lifecycle', literal.lifecycle)
  add('log-containers', literal.containers)
  add('event-hub-namespace', { ...Object.fromEntries((literal.exists ?? []).filter((id) => /\/microsoft\.eventhub\//i.test(id)).map((id) => [toResourceKey(id), openNamespace])), ...byKey(literal.hubs ?? {}) })
  add('defender-plans', literal.plans)
  add('security-contacts', literal.contacts)
  add('defender-alerts', literal.alerts)
  add('alerting', literal.alerting)
  add('rule-associations', literal.associations)
  add('collection-rule', literal.rules)
  add('guest-assignments', literal.guest)
  add('endpoint-protection', literal.protection)
  add('virtual-network', literal.networks)
  add('flow-logs', literal.flowLogs)
  add('flow-log', literal.flowLog)
  add('name-resolution', literal.resolution)
  return index
}

function isAmong(ids: readonly string[] | undefined, id: string): boolean {
  return ids?.some((one) => toResourceKey(one) === toResourceKey(id)) === true
}

/** The index is filled by source, so what stands under a source's key has that source's value. */
function asRead<S extends FactSource>(value: unknown, _source: S): Collected<FactValues[S]> | undefined {
  return value as Collected<FactValues[S]> | undefined
}

/** A context over a literal estate. The workspace `central` exists and is central unless the literal says otherwise. */
export function contextOf(literal: EstateLiteral): CheckContext {
  const resources = literal.resources ?? []
  const workspaces = literal.workspaces ?? [workspaceOf('central')]
  const byKey = new Map(resources.map((resource) => [toResourceKey(resource.id), resource]))
  const workspacesByKey = new Map(workspaces.map((workspace) => [toResourceKey(workspace.id), workspace]))
  const existing = new Set((literal.exists ?? []).map(toResourceKey))
  const facts = factIndex(literal)
  const use = new Map(Object.entries(literal.use ?? {}).map(([id, value]) => [toResourceKey(id), value]))
  return {
    scannedAt: literal.scannedAt ?? '2026-08-01T00:00:00.000Z',
    policy: { ...defaultPolicy, ...literal.policy },
    catalog: loadCatalog(),
    estate: {
      tenantId,
      cloud: literal.cloud ?? 'AzureCloud',
      subscription: literal.subscription === null ? null : { subscriptionId: home, displayName: 'Home', state: 'Enabled', tenantId, ...literal.subscription },
      managementGroups: literal.managementGroups ?? [],
      managementGroupNames: literal.groupNames ?? [],
      resources,
      kinds: resources,
      judgesScopes: true,
      lost: literal.lost,
      childrenOf: (id) => resources.filter((resource) => toResourceKey(parentOf(resource.id) ?? '') === toResourceKey(id)),
      resource: (id) => byKey.get(toResourceKey(id)),
      fact: (subject, source) => asRead(facts.get(`${source} ${toResourceKey(subject)}`), source),
      liveCategories: (resource) => literal.live?.[resource.type],
      destinations: {
        workspace: (id) => workspacesByKey.get(toResourceKey(id)),
        exists: (id) => existing.has(toResourceKey(id)),
        exceptionsOf: (id) => literal.exceptions?.[id] ?? [],
        firewallOf: (id) => (isAmong(literal.closed, id) ? 'closed' : isAmong(literal.shut, id) ? 'unclear' : 'open'),
        admits: (id, resourceId) => isAmong(literal.admitted?.[id], resourceId),
        canSee: (subscription) => (subscription.toLowerCase() === home && literal.outOfSight !== true) || (literal.alsoSeen ?? []).includes(subscription.toLowerCase()),
        use: (id) => use.get(toResourceKey(id)),
        storageAccountNamed: (name) => (literal.exists ?? []).find((id) => /\/storageaccounts\/([^/]+)$/i.exec(id)?.[1]?.toLowerCase() === name.toLowerCase()),
        workspaceIds: workspaces.map(({ id }) => id),
        central: literal.central ?? { ids: [workspaceId('central')], basis: 'confirmed' },
      },
    },
  }
}
