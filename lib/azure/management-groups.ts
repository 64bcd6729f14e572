import { z } from 'zod'
import { nameOf, toResourceKey } from '../domain/arm-id'
import { collected, type Collected } from '../domain/collected'
import type { ManagementGroup } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

/** A management group or a subscription below one. */
interface Descendant {
  id: string
  name: string
  isSubscription: boolean
  parentId: string | null
}

const groupsPath = '/providers/Microsoft.Management/managementGroups'

const group = z
  .object({ id: z.string(), name: text, properties: z.object({ displayName: text }).nullish() })
  .transform((row): ManagementGroup => {
    const name = row.name ?? nameOf(row.id)
    return { id: row.id, name, displayName: row.properties?.displayName ?? name, parentId: null }
  })

const descendant = z
  .object({
    id: z.string(),
    name: text,
    type: text,
    properties: z.object({ parent: z.object({ id: text }).nullish() }).nullish(),
  })
  .transform((row): Descendant => ({
    id: row.id,
    name: row.name ?? nameOf(row.id),
    isSubscription: /\/subscriptions$/i.test(row.type ?? ''),
    parentId: row.properties?.parent?.id ?? null,
  }))

const groupPage = pageOf(group)

export function parseManagementGroups(status: number, body: unknown): Collected<Page<ManagementGroup>> {
  return parseAnswer(status, body, groupPage)
}

function parseManagementGroup(status: number, body: unknown): Collected<ManagementGroup> {
  return parseAnswer(status, body, group)
}

const descendantPage = pageOf(descendant)

export function parseDescendants(status: number, body: unknown): Collected<Page<Descendant>> {
  return parseAnswer(status, body, descendantPage)
}

/** The groups that the identity can read. Parents come from the root group (named like the tenant) and are null where it cannot be read. */
export async function listManagementGroups(wire: Wire, tenantId: string): Promise<Collected<ManagementGroup[]>> {
  const list = await readPages(wire, wire.get(`${groupsPath}?api-version=${apiVersions.managementGroups}`), parseManagementGroups)
  if (!list.ok || list.value.length === 0) return list
  const below = await readDescendants(wire, tenantId)
  if (!below.ok) return list
  const parents = new Map(below.value.map((item) => [toResourceKey(item.id), item.parentId]))
  return collected(list.value.map((item) => ({ ...item, parentId: parents.get(toResourceKey(item.id)) ?? null })))
}

/** One group, without its parent: `gone` when it was deleted, `permission-denied` when sight of it was lost. */
export async function getManagementGroup(wire: Wire, name: string): Promise<Collected<ManagementGroup>> {
  const answer = await wire.get(`${armPath(`${groupsPath}/${name}`)}?api-version=${apiVersions.managementGroups}`)
  return answer.ok ? toldGone(name, parseManagementGroup(answer.value.status, answer.value.body)) : answer
}

/** Lower-case ids of all subscriptions below a group, at every level. */
export async function listSubscriptionsUnder(wire: Wire, managementGroup: string): Promise<Collected<string[]>> {
  const below = await readDescendants(wire, nameOf(managementGroup))
  return below.ok ? collected(below.value.filter((item) => item.isSubscription).map((item) => item.name.toLowerCase())) : below
}

async function readDescendants(wire: Wire, name: string): Promise<Collected<Descendant[]>> {
  const path = `${armPath(`${groupsPath}/${name}/descendants`)}?api-version=${apiVersions.managementGroups}`
  return toldGone(name, await readPages(wire, wire.get(path), parseDescendants))
}

/** A group that is not there answers 404 `NotFound`, a code that elsewhere says too little to mean `gone`. */
function toldGone<T>(name: string, read: Collected<T>): Collected<T> {
  if (read.ok || read.status !== 404 || read.code !== 'NotFound') return read
  return { ok: false, reason: 'gone', detail: `The management group ${name} does not exist.`, status: 404, code: read.code, action: null }
}
