import { nameOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import { destinationTypes } from '@/lib/domain/destination-types'
import type { ManagementGroup, Resource, Subscription } from '@/lib/domain/estate'
import { tenantSubject } from '@/lib/domain/fact'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { batches, hashOf, toJson, toObject, toText } from './json'
import { SharedTexts } from './shared-texts'
import { writeVanished } from './transitions'

/** Types of the rows that stand for scopes, so that findings can hang on them; Resource Graph never lists these as resources. */
export const scopeTypes = {
  subscription: 'microsoft.resources/subscriptions',
  managementGroup: 'microsoft.management/managementgroups',
  tenant: 'microsoft.aadiam/tenants',
} as const

const isScope = Prisma.sql`type in (${Prisma.join(Object.values(scopeTypes))})`

interface StoredResource extends Omit<Resource, 'subscriptionId' | 'resourceGroup'> {
  subscriptionId: string | null
  resourceGroup: string | null
}

const rowsPerPage = 1_000

/** Keys of what an inventory listed. */
export interface ListedKeys {
  has(key: ResourceKey): boolean
}

/** Stores a page of resources as just read; unchanged ones are not written, and one that was gone is present again. Returns those written. */
export async function saveInventoryPage(db: Database, estateId: number, seq: number, resources: readonly Resource[]): Promise<{ written: ResourceKey[] }> {
  if (resources.length === 0) return { written: [] }
  const keys = resources.map((resource) => toText(toResourceKey(resource.id)))
  const rows = resources.map((r) => ({ ...r, subscriptionId: r.subscriptionId.toLowerCase() }))
  return db.$transaction((tx) => save(tx, estateId, seq, rows, Prisma.sql`key = any(${keys}::text[])`))
}

/** Ends a complete inventory of a subscription (of some types alone): what is stored and was not listed is gone, and its findings end with this scan. Returns how many. */
export async function closeInventory(
  db: Database, estateId: number, seq: number, subscriptionId: string, listed: ListedKeys, types?: readonly string[],
): Promise<number> {
  const ofTypes = types === undefined ? Prisma.sql`not (${isScope})` : Prisma.sql`type = any(${[...types]}::text[])`
  const subscription = subscriptionId.toLowerCase()
  const gone: number[] = []
  for (let after = ''; ;) {
    const rows = await db.$queryRaw<{ id: number; key: string }[]>(Prisma.sql`
      select id, key from resource
      where estate_id = ${estateId} and subscription_id = ${subscription} and gone_seq is null and ${ofTypes} and ${keysUnder(subscription, after)}
      order by key limit 5000`)
    const last = rows.at(-1)
    if (last === undefined) break
    for (const { id, key } of rows) if (!listed.has(toStoredKey(key))) gone.push(id)
    after = last.key
  }
  await db.$transaction((tx) => markGone(tx, seq, gone))
  return gone.length
}

/** Keys are stored as they are made. */
function toStoredKey(key: string): ResourceKey {
  return key as ResourceKey
}

/** Stores subscriptions, management groups and the tenant as rows of their own. Management groups not listed are left alone. */
export async function saveScopes(
  db: Database, estateId: number, seq: number,
  scopes: { tenantId: string; subscriptions: readonly Subscription[]; managementGroups: readonly ManagementGroup[] },
): Promise<void> {
  const plain = { kind: null, location: 'global', resourceGroup: null, skuName: null, managedBy: null, tags: {}, derivedFrom: null }
  const rows: StoredResource[] = [
    { ...plain, id: tenantSubject(scopes.tenantId), name: scopes.tenantId, type: scopeTypes.tenant, subscriptionId: null, properties: {} },
    ...scopes.subscriptions.map((s) => ({
      ...plain, id: `/subscriptions/${s.subscriptionId}`, name: s.displayName, type: scopeTypes.subscription,
      subscriptionId: s.subscriptionId.toLowerCase(), properties: { state: s.state },
    })),
    ...scopes.managementGroups.map((group) => ({
      ...plain, id: group.id, name: group.displayName || nameOf(group.id), type: scopeTypes.managementGroup, subscriptionId: null,
      properties: { parentId: group.parentId },
    })),
  ]
  await db.$transaction((tx) => save(tx, estateId, seq, rows, isScope))
}

async function save(tx: Queryable, estateId: number, seq: number, resources: readonly StoredResource[], known: Prisma.Sql): Promise<{ written: ResourceKey[] }> {
  const rows = await tx.$queryRaw<{ key: string; hash: string; gone: boolean }[]>(Prisma.sql`
    select key, hash, gone_seq is not null as gone from resource where estate_id = ${estateId} and ${known}`)
  const before = new Map(rows.map((row) => [row.key, row]))
  const listed = new Map(resources.map((resource) => [toText(toResourceKey(resource.id)), resource]))
  const toWrite: ({ key: string; hash: string; resourceId: string } & Omit<StoredResource, 'id'>)[] = []
  for (const [key, { id, ...columns }] of listed) {
    const stored = before.get(key)
    const hash = hashOf({ id, ...columns })
    if (stored?.hash !== hash || stored.gone) toWrite.push({ ...columns, resourceId: id, key, hash })
  }
  for (const batch of batches(toWrite)) await upsert(tx, estateId, seq, batch)
  // What was read of a resource that is new, changed or back is read again, whatever happens to this scan.
  await tx.$executeRaw(Prisma.sql`
    update fact set read_seq = 0 where estate_id = ${estateId} and subject = any(${toWrite.map(({ key }) => key)}::text[]) and read_seq between 1 and ${seq - 1}`)
  return { written: toWrite.map(({ key }) => toStoredKey(key)) }
}

async function upsert(tx: Queryable, estateId: number, seq: number, rows: object[]): Promise<void> {
  await tx.$executeRaw(Prisma.sql`
    insert into resource (estate_id, key, resource_id, name, type, kind, location, resource_group, subscription_id, sku_name, managed_by,
      tags, properties, derived_from, hash, first_seen_seq)
    select ${estateId}, r.key, r."resourceId", r.name, r.type, r.kind, r.location, r."resourceGroup", r."subscriptionId", r."skuName", r."managedBy",
      r.tags, r.properties, r."derivedFrom", r.hash, ${seq}
    from jsonb_to_recordset(${toJson(rows)}::jsonb) as r(key text, "resourceId" text, name text, type text, kind text, location text,
      "resourceGroup" text, "subscriptionId" text, "skuName" text, "managedBy" text, tags jsonb, properties jsonb, "derivedFrom" text, hash text)
    on conflict (estate_id, key) do update set resource_id = excluded.resource_id, name = excluded.name, type = excluded.type, kind = excluded.kind,
      location = excluded.location, resource_group = excluded.resource_group, subscription_id = excluded.subscription_id,
      sku_name = excluded.sku_name, managed_by = excluded.managed_by, tags = excluded.tags, properties = excluded.properties,
      derived_from = excluded.derived_from, hash = excluded.hash, gone_seq = null`)
}

/** Marks resources as gone since this scan, ends their findings and clears their posture. */
export async function markGone(tx: Queryable, seq: number, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return
  await tx.$executeRaw(Prisma.sql`
    update resource set gone_seq = ${seq}, fail_critical = 0, fail_high = 0, fail_medium = 0, fail_low = 0, unknown_count = 0,
      pass_count = 0, findings = 0, findings_hash = null, rank = 0, mask = 0
    where id = any(${[...ids]}::int[])`)
  await tx.$executeRaw(Prisma.sql`
    delete from finding where resource_ref = any(${[...ids]}::int[]) and to_seq is null and from_seq >= ${seq}`)
  await tx.$executeRaw(Prisma.sql`
    update finding set to_seq = ${seq} where resource_ref = any(${[...ids]}::int[]) and to_seq is null`)
  await writeVanished(tx, seq, ids)
}

interface ResourceColumns {
  resource_id: string; name: string; type: string; kind: string | null; location: string; resource_group: string | null; subscription_id: string
  sku_name: string | null; managed_by: string | null; tags: unknown; properties: unknown; derived_from: string | null
}

const columns = Prisma.raw(
  'resource_id, name, type, kind, location, resource_group, subscription_id, sku_name, managed_by, tags, properties, derived_from')

function toResources(rows: readonly ResourceColumns[]): Resource[] {
  const shared = new SharedTexts()
  return rows.map((row) => toResource(row, shared))
}

function toResource(row: ResourceColumns, shared: SharedTexts): Resource {
  return {
    id: row.resource_id, name: row.name, type: shared.of(row.type), kind: row.kind, location: shared.of(row.location), resourceGroup: row.resource_group ?? '',
    subscriptionId: row.subscription_id, skuName: row.sku_name, managedBy: row.managed_by, tags: toTags(row.tags),
    properties: toObject(row.properties), derivedFrom: row.derived_from,
  }
}

/** Tags as text by name. */
export function toTags(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(toObject(value)).map(([name, tag]) => [name, String(tag)]))
}

/** A subscription's present resources, without the row of the subscription itself. */
export async function loadResources(db: Queryable, estateId: number, subscriptionId: string): Promise<Resource[]> {
  const resources: Resource[] = []
  for await (const page of resourcePages(db, estateId, subscriptionId)) resources.push(...page.resources)
  return resources
}

export interface ResourcePage {
  resources: Resource[]
  /** The key of the last one. */
  upTo: ResourceKey
  /** True: there may be more. */
  full: boolean
}

/** The same in pages, in the order of their keys, since rows on their way take several times the room of what is made of them. */
export async function* resourcePages(db: Queryable, estateId: number, subscriptionId: string, perPage = rowsPerPage): AsyncGenerator<ResourcePage> {
  const shared = new SharedTexts()
  for (let after = ''; ;) {
    const rows = await db.$queryRaw<(ResourceColumns & { key: string })[]>(Prisma.sql`
      select key, ${columns} from resource
      where estate_id = ${estateId} and subscription_id = ${subscriptionId.toLowerCase()} and gone_seq is null and not (${isScope}) and ${keysUnder(subscriptionId, after)}
      order by key limit ${perPage}`)
    const last = rows.at(-1)
    if (last === undefined) return
    const full = rows.length === perPage
    yield { resources: rows.map((row) => toResource(row, shared)), upTo: toStoredKey(last.key), full }
    if (!full) return
    after = last.key
  }
}

/** Families read by one statement: written out, each is a range of keys of its own. */
const familiesPerStatement = 50

/** The present resources of some keys, and all that lie on them. */
export async function loadFamilies(db: Queryable, estateId: number, keys: readonly ResourceKey[]): Promise<Resource[]> {
  const resources: Resource[] = []
  for (const some of batches(keys, familiesPerStatement)) {
    // `0` follows `/`.
    const within = Prisma.join(some.map((key) => Prisma.sql`key = ${key} or (key > ${`${key}/`} and key < ${`${key}0`})`), ' or ')
    resources.push(...toResources(await db.$queryRaw<ResourceColumns[]>(Prisma.sql`
      select ${columns} from resource where estate_id = ${estateId} and gone_seq is null and not (${isScope}) and (${within}) order by key`)))
  }
  return resources
}

/** What kinds of resource a subscription has where. */
export async function resourceKinds(db: Queryable, estateId: number, subscriptionId: string): Promise<Pick<Resource, 'type' | 'kind' | 'location'>[]> {
  return db.$queryRaw<Pick<Resource, 'type' | 'kind' | 'location'>[]>(Prisma.sql`
    select distinct type, kind, location from resource
    where estate_id = ${estateId} and subscription_id = ${subscriptionId.toLowerCase()} and gone_seq is null and not (${isScope}) and ${keysUnder(subscriptionId, '')}
    order by type, kind, location`)
}

/** Keys of a subscription's resources behind the last one seen: with both ends named, a page costs as much as it holds, wherever it is in the estate. */
export function keysUnder(subscriptionId: string, after: string): Prisma.Sql {
  const [first, end] = ['/', '0'].map((next) => `/subscriptions/${subscriptionId.toLowerCase()}${next}`)
  return Prisma.sql`key > ${after === '' ? first : after} and key < ${end}`
}

/** How many present resources are stored of each subscription, by lower-case id. */
export async function countPresentResources(db: Queryable, estateId: number): Promise<Map<string, number>> {
  const rows = await db.$queryRaw<{ id: string; count: number }[]>(Prisma.sql`
    select subscription_id as id, count(*)::int as count from resource
    where estate_id = ${estateId} and subscription_id is not null and gone_seq is null group by 1`)
  return new Map(rows.map(({ id, count }) => [id, count]))
}

/** A subscription's present resources of some types, in pages. */
export async function* resourcesOfTypes(db: Queryable, estateId: number, subscriptionId: string, types: readonly string[]): AsyncGenerator<Resource[]> {
  for (let after = ''; ;) {
    const rows = await db.$queryRaw<(ResourceColumns & { key: string })[]>(Prisma.sql`
      select key, ${columns} from resource
      where estate_id = ${estateId} and subscription_id = ${subscriptionId.toLowerCase()} and gone_seq is null and type = any(${[...types]}::text[]) and ${keysUnder(subscriptionId, after)}
      order by key limit ${rowsPerPage}`)
    const last = rows.at(-1)
    if (last === undefined) return
    yield toResources(rows)
    after = last.key
  }
}

/** ARM ids of a subscription's present resources of some types. */
export async function idsOfTypes(db: Queryable, estateId: number, subscriptionId: string, types: readonly string[]): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select resource_id as id from resource
    where estate_id = ${estateId} and subscription_id = ${subscriptionId.toLowerCase()} and gone_seq is null and type = any(${[...types]}::text[]) and ${keysUnder(subscriptionId, '')}
    order by key`)
  return rows.map(({ id }) => id)
}

/** ARM ids of the present children of one type, at any depth. */
export async function childIds(db: Queryable, estateId: number, parentId: string, type: string): Promise<string[]> {
  const prefix = `${toText(toResourceKey(parentId)).replaceAll(/[\\%_]/g, (wildcard) => `\\${wildcard}`)}/%`
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select resource_id as id from resource
    where estate_id = ${estateId} and key like ${prefix} and type = ${type} and gone_seq is null order by key`)
  return rows.map(({ id }) => id)
}

/** Customer ids, in lower case, of the workspaces that environments of container apps send their logs to by themselves. */
export async function environmentLogCustomers(db: Queryable, estateId: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select distinct lower(properties->'appLogsConfiguration'->>'customerId') as id from resource
    where estate_id = ${estateId} and gone_seq is null and type = 'microsoft.app/managedenvironments'
      and lower(properties->'appLogsConfiguration'->>'destination') = 'log-analytics' and properties->'appLogsConfiguration'->>'customerId' is not null`)
  return rows.map(({ id }) => id)
}

/**
 * Present resources of all subscriptions that logs can go to, in pages: workspaces, storage accounts, event hub namespaces and partner solutions. Without tags, and
 * all but workspaces without properties.
 * @param perPage a page is a walk through the estate's resources until it is full.
 */
export async function* destinationPages(db: Queryable, estateId: number, perPage = 10_000): AsyncGenerator<Resource[]> {
  for (let after = ''; ;) {
    const rows = await db.$queryRaw<(ResourceColumns & { key: string })[]>(Prisma.sql`
      select key, resource_id, name, type, kind, location, resource_group, subscription_id, sku_name, managed_by, derived_from, '{}'::jsonb as tags,
        case type when 'microsoft.operationalinsights/workspaces' then properties
          when 'microsoft.storage/storageaccounts' then jsonb_strip_nulls(jsonb_build_object('networkAcls', properties->'networkAcls', 'publicNetworkAccess', properties->'publicNetworkAccess'))
          else '{}'::jsonb end as properties
      from resource
      where estate_id = ${estateId} and key > ${after} and gone_seq is null and type in (${Prisma.join([...destinationTypes])})
      order by key limit ${perPage}`)
    const last = rows.at(-1)
    if (last === undefined) return
    yield toResources(rows)
    if (rows.length < perPage) return
    after = last.key
  }
}
