import { z } from 'zod'
import { resourceGroupOf, toResourceKey } from '../domain/arm-id'
import { collected, isFailure, type Collected, type ReadAbsent, type ReadFailure } from '../domain/collected'
import type { Resource } from '../domain/estate'
import { KeySet } from '../domain/key-set'
import { unexpectedAnswer } from './errors'
import { graphPageOf, queryGraph, type GraphPage } from './graph'
import { isTooMuch } from './graph-table'
import { containersQuery, destinationsQuery, resourcesQuery, sizesQuery } from './inventory-queries'
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
  /** All pages of these subscriptions (lower-case ids) have come; the unreadable among them are named. */
  | { kind: 'listed'; subscriptions: string[]; unreadable: { subscriptionId: string; failure: ReadFailure }[] }

export interface Containers {
  subscriptions: Set<string>
  /** Owner by `subscription/group`, for groups that belong to another service. */
  owners: Map<string, string>
}

/** What is known while one group of subscriptions is read. */
interface GroupRead {
  seen: KeySet
  subscriptionsSeen: Set<string>
  owners: Map<string, string>
  restarts: number
  failures: Map<string, ReadFailure>
  query: string
}

export interface InventoryOptions {
  /** Only what logs can be sent to: workspaces, storage accounts, event hub namespaces and partner resources. */
  destinationsOnly?: boolean
  /** About how many resources each subscription (lower-case id) has; the subscriptions are then read in the order given, a page or so at a time. */
  sizes?: ReadonlyMap<string, number>
}

/**
 * All resources of the subscriptions, page by page, each once; after the pages of some subscriptions comes a note that they are listed, with those of them
 * that could not be read, also those that Resource Graph left out without a word.
 */
export async function* readInventory(wire: Wire, subscriptionIds: readonly string[], options: InventoryOptions = {}): AsyncGenerator<InventoryPage> {
  const ordered = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))]
  const query = options.destinationsOnly ? destinationsQuery : resourcesQuery
  for (let at = 0; at < ordered.length; at += groupSize) {
    const chunk = ordered.slice(at, at + groupSize)
    const containers = await readContainers(wire, chunk)
    const owners = containers.ok ? containers.value.owners : new Map<string, string>()
    for (const group of groupsOf(chunk, options.sizes)) {
      const read: GroupRead = { seen: new KeySet(), subscriptionsSeen: new Set(), owners, restarts: 0, failures: new Map(), query }
      yield* readGroup(wire, group, 0, read)
      const unreadable = group.flatMap((subscriptionId) => {
        const failure = read.failures.get(subscriptionId) ?? silentlyMissing(subscriptionId, containers, read)
        return failure === undefined ? [] : [{ subscriptionId, failure }]
      })
      yield { kind: 'listed', subscriptions: group, unreadable }
    }
  }
}

/** Subscriptions that fit a page together, or one that needs several, so that the first are complete before the last are begun. */
function groupsOf(chunk: readonly string[], sizes: ReadonlyMap<string, number> | undefined): string[][] {
  if (sizes === undefined || sizes.size === 0) return [[...chunk]]
  const groups: string[][] = []
  let room = 0
  for (const subscriptionId of chunk) {
    const size = sizes.get(subscriptionId) ?? 0
    const last = groups.at(-1)
    if (last !== undefined && size <= room) last.push(subscriptionId)
    else {
      groups.push([subscriptionId])
      room = pageSizes[0]
    }
    room -= size
  }
  return groups
}

/** How many resources each subscription has, by lower-case id, to plan by; empty where Resource Graph does not tell. */
export async function countResources(wire: Wire, subscriptionIds: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (let at = 0; at < subscriptionIds.length; at += groupSize) {
    const subscriptions = subscriptionIds.slice(at, at + groupSize)
    const page = await queryGraph(wire, { query: sizesQuery, subscriptions, top: pageSizes[0], skipToken: null }, sizePage)
    if (page.ok) for (const { subscriptionId, count } of page.value.rows) sizes.set(subscriptionId.toLowerCase(), count)
  }
  return sizes
}

const sizePage = graphPageOf(z.object({ subscriptionId: z.string(), count: z.number() }))

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
  if (!read.seen.add(toResourceKey(resource.id))) return false
  read.subscriptionsSeen.add(resource.subscriptionId)
  return true
}

/** An owner in the same group (a disk's machine, a machine's flexible scale set) gives way to whoever owns the group. */
function withOwner(resource: Resource, owners: Map<string, string>): Resource {
  if (owners.size === 0) return resource
  const owner = owners.get(groupKey(resource.subscriptionId, resource.resourceGroup))
  if (owner === undefined) return resource
  const own = resource.managedBy
  const isOutside = own !== null && resourceGroupOf(own)?.toLowerCase() !== resource.resourceGroup.toLowerCase()
  return isOutside ? resource : { ...resource, managedBy: owner }
}

function groupKey(subscriptionId: string, group: string | null): string {
  return `${subscriptionId}/${(group ?? '').toLowerCase()}`
}
