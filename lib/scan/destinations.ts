import type { Azure } from '@/lib/azure'
import { nameOf, resourceGroupOf, subscriptionIdOf, toResourceKey, typeOf, type ResourceKey } from '@/lib/domain/arm-id'
import type { DestinationUse, Destinations } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Fact, FactSource } from '@/lib/domain/fact'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { CentralWorkspaces, Policy } from '@/lib/domain/policy'
import type { DestinationInventory } from './destination-inventory'
import { WorkQueue } from './work-queue'

const readsAtOnce = 16
/** The tables of a workspace are a hundred kilobytes and more. */
const factsPerWrite = 50

/** The workspace that a solution of Sentinel stands beside: it may receive nothing that a setting names. That there is no solution says nothing. */
export function sentinelSolution({ id, type }: Pick<Resource, 'id' | 'type'>): string | null {
  if (type !== 'microsoft.operationsmanagement/solutions') return null
  const workspace = /^SecurityInsights\((.+)\)$/i.exec(nameOf(id))?.[1]
  return workspace === undefined ? null : `/subscriptions/${subscriptionIdOf(id) ?? ''}/resourceGroups/${resourceGroupOf(id) ?? ''}/providers/Microsoft.OperationalInsights/workspaces/${workspace}`
}

/** What is in a workspace is data, which no scan looks at unless a check that is on somewhere asks for it. */
export function turnsOn(check: 'logs-queried' | 'machine-events-arrive' | 'audit-events-arrive', { enabledChecks, overrides }: Pick<Policy, 'enabledChecks' | 'overrides'>): boolean {
  return [enabledChecks, ...overrides.map(({ rules }) => rules.enabledChecks ?? [])].some((ids) => ids.includes(check))
}

/** What collecting asks of destinations. */
export interface ReferencedDestinations {
  workspaces: readonly string[]
  storageAccounts: readonly string[]
  /** Namespaces of event hubs. */
  hubs: readonly string[]
  /** Whether people’s queries on each workspace are counted. */
  countQueries: boolean
  /** Workspaces that are asked what arrived of machines. */
  arrivals: readonly string[]
  /** Workspaces that are asked which audit events of managed instances arrived. */
  auditArrivals: readonly string[]
}

/** What destinations are asked for and changes only by operations that the activity log tells. Sentinel is asked in every scan. */
export const destinationSources = ['workspace-tables', 'data-exports', 'storage-lifecycle', 'log-containers', 'event-hub-namespace'] as const

export interface CollectDestinationsInput {
  referenced: ReferencedDestinations
  inventory: DestinationInventory
  azure: Azure
  now: () => string
  /** Reads that need not be made (again), as `source subject`; those that are made are added. */
  known: Set<string>
  /** Stores some reads, as they come. */
  save: (facts: readonly Fact[]) => Promise<void>
}

/**
 * Reads tables, Sentinel, lifecycle rules and containers of the destinations that something sends to, where they exist: no others are asked for their retention and for Sentinel.
 */
export async function collectDestinations({ referenced, inventory, azure, now, known, save }: CollectDestinationsInput): Promise<void> {
  let unsaved: Fact[] = []
  const queue = new WorkQueue(readsAtOnce)
  const flush = async () => {
    const facts = unsaved
    unsaved = []
    if (facts.length > 0) await save(facts)
  }
  const keep = async (subject: ResourceKey, source: FactSource, read: Fact['read']) => {
    unsaved.push({ subject, source, subscriptionId: subscriptionIdOf(subject), read, readAt: now() })
    if (unsaved.length >= factsPerWrite) await flush()
  }
  const once = (source: FactSource, key: ResourceKey, ask: () => Promise<unknown>): void => {
    if (known.has(`${source} ${key}`)) return
    known.add(`${source} ${key}`)
    queue.add(async () => void (await ask()))
  }
  const plan = (source: FactSource, key: ResourceKey, read: () => Promise<Fact['read']>): void => once(source, key, async () => await keep(key, source, await read()))
  const readSentinel = async (id: string): Promise<void> => {
    const key = toResourceKey(id)
    const onboarding = await azure.readSentinelOnboarding(id)
    await keep(key, 'sentinel-onboarding', onboarding)
    if (!onboarding.ok || !onboarding.value.onboarded) return
    await keep(key, 'sentinel-rules', await azure.readSentinelRules(id))
    await keep(key, 'sentinel-connectors', await azure.readSentinelConnectors(id))
    await keep(key, 'sentinel-incidents', await azure.readNewIncidents(id))
  }
  const readExports = async (id: string): Promise<void> => {
    const exports = await azure.readDataExports(id)
    await keep(toResourceKey(id), 'data-exports', exports)
    for (const { destinationId } of exports.ok ? exports.value : []) {
      const key = toResourceKey(destinationId)
      if (typeOf(destinationId) === 'microsoft.storage/storageaccounts' && inventory.has(key)) plan('storage-lifecycle', key, () => azure.readStorageLifecycle(destinationId))
    }
  }
  const present = (ids: readonly string[]) => [...new Map(ids.map((id) => [toResourceKey(id), id]))].filter(([key]) => inventory.has(key))
  for (const [key, id] of present(referenced.workspaces)) {
    plan('workspace-tables', key, () => azure.readWorkspaceTables(id))
    once('data-exports', key, () => readExports(id))
    once('sentinel-onboarding', key, () => readSentinel(id))
    const customerId = referenced.countQueries ? inventory.workspace(key)?.customerId : undefined
    if (customerId) plan('workspace-queries', key, () => azure.readWorkspaceQueries(customerId))
  }
  for (const [key] of present(referenced.arrivals)) {
    const customerId = inventory.workspace(key)?.customerId
    if (customerId) plan('machine-arrivals', key, () => azure.readMachineArrivals(customerId))
  }
  for (const [key] of present(referenced.auditArrivals)) {
    const customerId = inventory.workspace(key)?.customerId
    if (customerId) plan('audit-arrivals', key, () => azure.readAuditArrivals(customerId))
  }
  for (const [key, id] of present(referenced.storageAccounts)) {
    plan('storage-lifecycle', key, () => azure.readStorageLifecycle(id))
    plan('log-containers', key, () => azure.readLogContainers(id))
  }
  for (const [key, id] of present(referenced.hubs)) plan('event-hub-namespace', key, () => azure.readEventHubNamespace(id))
  await queue.idle()
  await flush()
}

export interface DestinationsInput {
  inventory: DestinationInventory
  /** Lower-case ids of subscriptions whose inventory is known to be complete. */
  visibleSubscriptions: ReadonlySet<string>
  /** True: what is stored of a subscription out of sight counts as there. */
  outOfSightToo?: boolean
  use: ReadonlyMap<ResourceKey, DestinationUse>
  central: CentralWorkspaces
}

/** The lookups that checks use. */
export function buildDestinations({ inventory, visibleSubscriptions, outOfSightToo = false, use, central }: DestinationsInput): Destinations {
  const canSee = (subscriptionId: string) => visibleSubscriptions.has(subscriptionId.toLowerCase())
  const counts = (id: string) => outOfSightToo || canSee(subscriptionIdOf(id) ?? '')
  const workspace = (id: string) => (counts(id) ? inventory.workspace(toResourceKey(id)) : undefined)
  return {
    workspace,
    exists: (id) => counts(id) && inventory.has(toResourceKey(id)),
    firewallOf: (id) => (counts(id) ? inventory.firewallOf(toResourceKey(id)) : 'open'),
    admits: (id, resourceId) => counts(id) && inventory.admits(toResourceKey(id), toResourceKey(resourceId)),
    exceptionsOf: (id) => (counts(id) ? inventory.exceptionsOf(toResourceKey(id)) : []),
    canSee,
    use: (id) => use.get(toResourceKey(id)),
    storageAccountNamed: (name) => inventory.accountsNamed(name).find(counts),
    workspaceIds: inventory.workspaces.map(({ id }) => id).filter(counts),
    central,
  }
}

/** Adds one part's use of destinations to the whole. */
export function mergeUse(into: Map<ResourceKey, DestinationUse>, part: ReadonlyMap<ResourceKey, DestinationUse>): void {
  for (const [key, use] of part) {
    const known = into.get(key)
    into.set(key, known === undefined ? use : {
      subjects: known.subjects + use.subjects,
      tables: union(known.tables, use.tables),
      categories: union(known.categories, use.categories),
      ...mergedKeyPoints(known, use),
      ...((known.onlyCopies ?? use.onlyCopies) && { onlyCopies: union(known.onlyCopies ?? [], use.onlyCopies ?? []) }),
      ...((known.unclearCopies ?? use.unclearCopies) && { unclearCopies: union(known.unclearCopies ?? [], use.unclearCopies ?? []) }),
    })
  }
}

/** What each table and container serves; one that only one part has a word on serves the audit of resources for the other, if it is used there. */
function mergedKeyPoints(a: DestinationUse, b: DestinationUse): Pick<DestinationUse, 'keyPoints'> {
  const names = [...new Set([...Object.keys(a.keyPoints ?? {}), ...Object.keys(b.keyPoints ?? {})])].sort()
  const servedIn = ({ keyPoints, tables, categories }: DestinationUse, name: string): readonly KeyPoint[] =>
    keyPoints?.[name] ?? (tables.includes(name) || categories.includes(name) ? ['audit-logging'] : [])
  if (names.length === 0) return {}
  return { keyPoints: Object.fromEntries(names.map((name) => [name, [...new Set([...servedIn(a, name), ...servedIn(b, name)])].sort()])) }
}

function union(a: readonly string[], b: readonly string[]): string[] {
  return [...new Set([...a, ...b])].sort()
}
