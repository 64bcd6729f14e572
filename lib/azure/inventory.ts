import { resourceGroupOf, toResourceKey, type ResourceKey } from '../domain/arm-id'
import { collected, isFailure, type Collected, type ReadAbsent, type ReadFailure } from '../domain/collected'
import type { Resource } from '../domain/estate'
import { unexpectedAnswer } from './errors'
import { queryGraph, type GraphPage } from './graph'
import { isTooMuch } from './graph-table'
import { containersQuery, destinationsQuery, resourcesQuery } from './inventory-queries'
import { containerPage, resourcePage, type ContainerRow } from './inventory-rows'
import type { Wire } from './wire/wire'

/** Resource Graph advises fewer than 300 subscriptions in a request. */
const groupSize = 150
/** Rows in a page: fewer when an answer would be too large or a query too heavy. */
const pageSizes = [1000, 250, 50] as const
/** How often one group may be asked anew before Resource Graph counts as broken. */
const restartsMax = 12
const pagesMax = 50_000
const inventoryAction = 'Microsoft.Resources/subscriptions/resources/read'

export type InventoryPage =
  | { kind: 'page'; resources: Resource[] }
  | { kind: 'end'; unreadable: { subscriptionId: string; failure: ReadFailure }[] }

export interface Containers {
  subscriptions: Set<string>
  /** Owner by `subscription/group`, for groups that belong to another service. */
  owners: Map<string, string>
}

/** What is known while one group of subscriptions is read. */
interface GroupRead {
  seen: Set<ResourceKey>
  subscriptionsSeen: Set<string>
  owners: Map<string, string>
  restarts: number
  failures: Map<string, ReadFailure>
  query: string
}

export interface InventoryOptions {
  /** Only what logs can be sent to: workspaces, storage accounts, event hub namespaces and partner resources. */
  destinationsOnly?: boolean
}

/**
 * All resources of the subscriptions, page by page, each once; the last page tells which subscriptions could not be read,
 * also those that Resource Graph left out without a word.
 */
export async function* readInventory(wire: Wire, subscriptionIds: readonly string[], options: InventoryOptions = {}): AsyncGenerator<InventoryPage> {
  const ordered = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))].toSorted()
  const query = options.destinationsOnly ? destinationsQuery : resourcesQuery
  const unreadable: { subscriptionId: string; failure: ReadFailure }[] = []
  for (let at = 0; at < ordered.length; at += groupSize) {
    const group = ordered.slice(at, at + groupSize)
    const containers = await readContainers(wire, group)
    const owners = containers.ok ? containers.value.owners : new Map<string, string>()
    const read: GroupRead = { seen: new Set(), subscriptionsSeen: new Set(), owners, restarts: 0, failures: new Map(), query }
    yield* readGroup(wire, group, 0, read)
    for (const subscriptionId of group) {
      const failure = read.failures.get(subscriptionId) ?? silentlyMissing(subscriptionId, containers, read)
      if (failure !== undefined) unreadable.push({ subscriptionId, failure })
    }
  }
  yield { kind: 'end', unreadable }
}

async function* readGroup(wire: Wire, group: readonly string[], size: number, read: GroupRead): AsyncGenerator<InventoryPage> {
  const top = pageSizes[size] ?? 50
  const tokens = new Set<string>()
  let skipToken: string | null = null
  do {
    const page: Collected<GraphPage<Resource>> = await queryGraph(wire, { query: read.query, subscriptions: [...group], top, skipToken }, resourcePage)
    if (!page.ok) return yield* readSmaller(wire, group, size, read, page)
    const resources = page.value.rows.filter((resource) => isNew(resource, read)).map((resource) => withOwner(resource, read.owners))
    if (resources.length > 0) yield { kind: 'page', resources }
    skipToken = page.value.skipToken
    if (skipToken !== null && (tokens.has(skipToken) || tokens.size >= pagesMax)) {
      return fail(group, unexpectedAnswer('Resource Graph repeats its pages.'), read)
    }
    if (skipToken !== null) tokens.add(skipToken)
  } while (skipToken !== null)
}

/** An answer too large or a query too heavy: smaller pages first, then fewer subscriptions, then it is a failure. */
async function* readSmaller(
  wire: Wire,
  group: readonly string[],
  size: number,
  read: GroupRead,
  failure: ReadFailure | ReadAbsent,
): AsyncGenerator<InventoryPage> {
  read.restarts += 1
  if (!isTooMuch(failure) || read.restarts > restartsMax) return fail(group, failure, read)
  if (size + 1 < pageSizes.length) return yield* readGroup(wire, group, size + 1, read)
  if (group.length === 1) return fail(group, failure, read)
  const half = Math.ceil(group.length / 2)
  yield* readGroup(wire, group.slice(0, half), size, read)
  yield* readGroup(wire, group.slice(half), size, read)
}

function fail(group: readonly string[], failure: ReadFailure | ReadAbsent, read: GroupRead): void {
  for (const subscriptionId of group) read.failures.set(subscriptionId, asInventoryFailure(failure))
}

function asInventoryFailure(failure: ReadFailure | ReadAbsent): ReadFailure {
  if (!isFailure(failure)) return { ...failure, reason: 'api-error' }
  return failure.reason === 'permission-denied' ? { ...failure, action: failure.action ?? inventoryAction } : failure
}

/** Resource Graph answers with the rest when it may not read a subscription: no rows and no container row means no sight. */
function silentlyMissing(subscriptionId: string, containers: Collected<Containers>, read: GroupRead): ReadFailure | undefined {
  if (!containers.ok) return read.subscriptionsSeen.has(subscriptionId) ? undefined : asInventoryFailure(containers)
  if (containers.value.subscriptions.has(subscriptionId)) return undefined
  return {
    ok: false,
    reason: 'permission-denied',
    detail: 'Resource Graph does not show this subscription to the scanning identity.',
    status: 200,
    code: null,
    action: inventoryAction,
  }
}

/** Which subscriptions Resource Graph really shows, and the groups that belong to another service. */
export async function readContainers(wire: Wire, subscriptions: string[]): Promise<Collected<Containers>> {
  const containers: Containers = { subscriptions: new Set(), owners: new Map() }
  const tokens = new Set<string>()
  let skipToken: string | null = null
  do {
    const page: Collected<GraphPage<ContainerRow>> = await queryGraph(wire, { query: containersQuery, subscriptions, top: pageSizes[0], skipToken }, containerPage)
    if (!page.ok) return page
    for (const row of page.value.rows) {
      if (row.isSubscription) containers.subscriptions.add(row.subscriptionId)
      else if (row.managedBy !== null) containers.owners.set(groupKey(row.subscriptionId, resourceGroupOf(row.id)), row.managedBy)
    }
    skipToken = page.value.skipToken
    if (skipToken !== null && tokens.has(skipToken)) return unexpectedAnswer('Resource Graph repeats its pages.')
    if (skipToken !== null) tokens.add(skipToken)
  } while (skipToken !== null)
  return collected(containers)
}

function isNew(resource: Resource, read: GroupRead): boolean {
  const key = toResourceKey(resource.id)
  if (read.seen.has(key)) return false
  read.seen.add(key)
  read.subscriptionsSeen.add(resource.subscriptionId)
  return true
}

function withOwner(resource: Resource, owners: Map<string, string>): Resource {
  if (resource.managedBy !== null || owners.size === 0) return resource
  const owner = owners.get(groupKey(resource.subscriptionId, resource.resourceGroup))
  return owner === undefined ? resource : { ...resource, managedBy: owner }
}

function groupKey(subscriptionId: string, group: string | null): string {
  return `${subscriptionId}/${(group ?? '').toLowerCase()}`
}
