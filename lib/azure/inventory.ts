import { z } from 'zod'
import { resourceGroupOf, toResourceKey } from '../domain/arm-id'
import { collected, isFailure, type Collected, type ReadAbsent, type ReadFailure } from '../domain/collected'
import { destinationTypes } from '../domain/destination-types'
import type { Resource } from '../domain/estate'
import { KeySet } from '../domain/key-set'
import { graphPageOf } from './graph'
import { groupSize, incomplete, incompleteCode, isTooMuch, mayPass, pageRows, readGraphPages, readGraphRows } from './graph-pages'
import { containersQuery, destinationsQuery, resourcesQuery, sizesQueryOf } from './inventory-queries'
import { containerPage, resourcePage } from './inventory-rows'
import type { Wire } from './wire/wire'

/** How often one group may be split before Resource Graph counts as broken. */
const splitsMax = 12
/** So much of what was counted must be listed, or it is counted again. */
const leastShare = 0.9
const inventoryAction = 'Microsoft.Resources/subscriptions/resources/read'

export type InventoryPage =
  | { kind: 'page'; resources: Resource[] }
  /** All pages of these subscriptions (lower-case ids) have come; the unreadable among them are named. */
  | { kind: 'listed'; subscriptions: string[]; unreadable: { subscriptionId: string; failure: ReadFailure }[] }

export interface Containers {
  subscriptions: Set<string>
  /** Owner by `subscription/group`, for groups that belong to another service; empty for one that is named like such a group and has none. */
  owners: Map<string, string>
}

/** What is known while one group of subscriptions is read. */
interface GroupRead {
  seen: KeySet
  /** How many resources of each subscription. */
  listed: Map<string, number>
  owners: Map<string, string>
  splits: number
  failures: Map<string, ReadFailure>
  query: string
}

export interface InventoryOptions {
  /** Only what logs can be sent to: workspaces, storage accounts, event hub namespaces and partner resources. */
  destinationsOnly?: boolean
  /**
   * About how many of these resources each subscription (lower-case id) has; the subscriptions are then read in the order given, a page or so at a time, and what is
   * listed is compared with it.
   */
  sizes?: ReadonlyMap<string, number>
}

/**
 * All resources of the subscriptions, page by page; after the pages of some subscriptions comes a note that they are listed, with those of them that could
 * not be read, also those that Resource Graph left out without a word. What fails in a way that may pass is listed once more after all others, and is then
 * given a second time; otherwise each resource comes once.
 */
export async function* readInventory(wire: Wire, subscriptionIds: readonly string[], options: InventoryOptions = {}): AsyncGenerator<InventoryPage> {
  const again: string[] = []
  let inTrouble = false
  for await (const page of readRound(wire, [...new Set(subscriptionIds.map((id) => id.toLowerCase()))], options)) {
    if (page.kind === 'page') {
      yield page
      continue
    }
    const passing = page.unreadable.filter(({ failure }) => mayPass(failure))
    inTrouble ||= passing.some(({ failure }) => failure.code !== incompleteCode)
    const later = new Set(passing.map(({ subscriptionId }) => subscriptionId))
    again.push(...later)
    const subscriptions = page.subscriptions.filter((id) => !later.has(id))
    if (subscriptions.length > 0) yield { ...page, subscriptions, unreadable: page.unreadable.filter(({ subscriptionId }) => !later.has(subscriptionId)) }
  }
  if (inTrouble) await wire.rest()
  yield* readRound(wire, again, options)
}

async function* readRound(wire: Wire, subscriptionIds: readonly string[], options: InventoryOptions): AsyncGenerator<InventoryPage> {
  const query = options.destinationsOnly ? destinationsQuery : resourcesQuery
  for (let at = 0; at < subscriptionIds.length; at += groupSize) {
    const chunk = subscriptionIds.slice(at, at + groupSize)
    const containers = await readContainers(wire, chunk)
    // Without it nobody knows what belongs to another service, and that would be judged as the customer's own.
    if (!containers.ok) {
      yield { kind: 'listed', subscriptions: chunk, unreadable: chunk.map((subscriptionId) => ({ subscriptionId, failure: asInventoryFailure(containers) })) }
      continue
    }
    for (const group of groupsOf(chunk, options.sizes)) {
      const read: GroupRead = { seen: new KeySet(), listed: new Map(), owners: containers.value.owners, splits: 0, failures: new Map(), query }
      yield* readGroup(wire, group, read)
      if (options.sizes !== undefined) await findMissing(wire, group, read, options.sizes, options.destinationsOnly ? destinationTypes : undefined)
      for (const subscriptionId of group) if (!containers.value.subscriptions.has(subscriptionId) && !read.failures.has(subscriptionId)) read.failures.set(subscriptionId, outOfSight)
      yield { kind: 'listed', subscriptions: group, unreadable: [...read.failures].map(([subscriptionId, failure]) => ({ subscriptionId, failure })) }
    }
  }
}

/**
 * A subscription of which far less is listed than was counted, or of which nobody could count anything, is counted again: then it has really become smaller, or the
 * list is not whole.
 */
async function findMissing(wire: Wire, group: readonly string[], read: GroupRead, sizes: ReadonlyMap<string, number>, types?: readonly string[]): Promise<void> {
  const isShort = (subscriptionId: string, count = 0) => (read.listed.get(subscriptionId) ?? 0) < count * leastShare
  const doubtful = group.filter((id) => !read.failures.has(id) && (!sizes.has(id) || isShort(id, sizes.get(id))))
  if (doubtful.length === 0) return
  const counted = await countGroup(wire, doubtful, types)
  for (const id of doubtful) {
    // Where it cannot be counted, an empty list is not believed.
    const count = counted.ok ? counted.value.get(id) : (sizes.get(id) ?? 1)
    if (isShort(id, count)) read.failures.set(id, incomplete('Resource Graph lists fewer resources than it counts.'))
  }
}

/** Subscriptions that fit a page together, or one that needs several and those that its last page has room for, so that the first are complete before the last are begun. */
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
      room = Math.ceil(Math.max(1, size) / pageRows) * pageRows
    }
    room -= size
  }
  return groups
}

/** How many resources (of some types) each subscription has, by lower-case id, to plan by; empty where Resource Graph does not tell. */
export async function countResources(wire: Wire, subscriptionIds: readonly string[], types?: readonly string[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>()
  for (let at = 0; at < subscriptionIds.length; at += groupSize) {
    const counted = await countGroup(wire, subscriptionIds.slice(at, at + groupSize), types)
    if (counted.ok) for (const [subscriptionId, count] of counted.value) sizes.set(subscriptionId, count)
  }
  return sizes
}

/** How many resources one subscription has, of all kinds and of each that was asked for, by its name. */
export interface KindCount<K extends string> {
  count: number
  of: Readonly<Record<K, number>>
}

/** How many resources each subscription has, by lower-case id, and how many of some kinds, which are types by name; empty where Resource Graph does not tell. */
export async function countKinds<K extends string>(wire: Wire, subscriptionIds: readonly string[], kinds: Readonly<Record<K, readonly string[]>>): Promise<Map<string, KindCount<K>>> {
  const counts = new Map<string, KindCount<K>>()
  const names = Object.keys(kinds) as K[]
  const page = graphPageOf(z.looseObject(sizeRow.shape).transform(({ subscriptionId, count, ...columns }) => ({ subscriptionId, count, of: kindsOf(names, columns) })))
  for (let at = 0; at < subscriptionIds.length; at += groupSize) {
    const rows = await readGraphRows(wire, { query: sizesQueryOf(undefined, kinds), subscriptions: subscriptionIds.slice(at, at + groupSize), page })
    if (rows.ok) for (const { subscriptionId, ...counted } of rows.value) counts.set(subscriptionId.toLowerCase(), counted)
  }
  return counts
}

function kindsOf<K extends string>(names: readonly K[], columns: Readonly<Record<string, unknown>>): Record<K, number> {
  return Object.fromEntries(names.map((name) => [name, Number(columns[name] ?? 0)])) as Record<K, number>
}

const sizeRow = z.object({ subscriptionId: z.string(), count: z.number() })
const sizePage = graphPageOf(sizeRow)

async function countGroup(wire: Wire, subscriptions: string[], types?: readonly string[]): Promise<Collected<Map<string, number>>> {
  const rows = await readGraphRows(wire, { query: sizesQueryOf(types), subscriptions, page: sizePage })
  return rows.ok ? collected(new Map(rows.value.map(({ subscriptionId, count }) => [subscriptionId.toLowerCase(), count]))) : rows
}

/** A query that stays too heavy with the smallest pages is asked of fewer subscriptions, then it is a failure. */
async function* readGroup(wire: Wire, group: readonly string[], read: GroupRead): AsyncGenerator<InventoryPage> {
  for await (const page of readGraphPages(wire, { query: read.query, subscriptions: [...group], page: resourcePage })) {
    if (!page.ok) {
      if (!isTooMuch(page) || group.length === 1 || read.splits >= splitsMax) return fail(group, page, read)
      read.splits += 1
      const half = Math.ceil(group.length / 2)
      yield* readGroup(wire, group.slice(0, half), read)
      return yield* readGroup(wire, group.slice(half), read)
    }
    const resources = page.value.filter((resource) => isNew(resource, read)).map((resource) => withOwner(resource, read.owners))
    if (resources.length > 0) yield { kind: 'page', resources }
  }
}

function fail(group: readonly string[], failure: ReadFailure | ReadAbsent, read: GroupRead): void {
  for (const subscriptionId of group) read.failures.set(subscriptionId, asInventoryFailure(failure))
}

function asInventoryFailure(failure: ReadFailure | ReadAbsent): ReadFailure {
  if (!isFailure(failure)) return { ...failure, reason: 'api-error' }
  return failure.reason === 'permission-denied' ? { ...failure, action: failure.action ?? inventoryAction } : failure
}

/** Resource Graph answers with the rest when it may not read a subscription: no container row means no sight. */
const outOfSight: ReadFailure = {
  ok: false,
  reason: 'permission-denied',
  detail: 'Resource Graph does not show this subscription to the scanning identity.',
  status: 200,
  code: null,
  action: inventoryAction,
}

/** Which subscriptions Resource Graph really shows, and the groups that belong to another service. */
export async function readContainers(wire: Wire, subscriptions: string[]): Promise<Collected<Containers>> {
  const rows = await readGraphRows(wire, { query: containersQuery, subscriptions, page: containerPage })
  if (!rows.ok) return rows
  const containers: Containers = { subscriptions: new Set(), owners: new Map() }
  for (const row of rows.value) {
    if (row.isSubscription) containers.subscriptions.add(row.subscriptionId)
    else containers.owners.set(groupKey(row.subscriptionId, resourceGroupOf(row.id)), row.managedBy ?? '')
  }
  return collected(containers)
}

function isNew(resource: Resource, read: GroupRead): boolean {
  if (!read.seen.add(toResourceKey(resource.id))) return false
  read.listed.set(resource.subscriptionId, (read.listed.get(resource.subscriptionId) ?? 0) + 1)
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
