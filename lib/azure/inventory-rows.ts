import { z } from 'zod'
import { nameOf, resourceGroupOf, subscriptionIdOf } from '../domain/arm-id'
import type { Collected } from '../domain/collected'
import type { Resource } from '../domain/estate'
import { graphPageOf, type GraphPage } from './graph'
import { columnOf, propertyPaths } from './inventory-queries'
import { parseAnswer, text } from './shape'

/** A row of `resourcesQuery`. Unknown columns stay for the properties that they hold. */
const resourceRow = z
  .looseObject({
    id: z.string().min(1),
    name: text,
    type: z.string().min(1),
    kind: text,
    location: text,
    resourceGroup: text,
    subscriptionId: text,
    managedBy: text,
    tags: z.record(z.string(), z.unknown()).nullish(),
    skuName: text,
  })
  .transform((row): Resource => ({
    id: row.id,
    name: row.name ?? nameOf(row.id),
    type: row.type.toLowerCase(),
    kind: row.kind,
    location: row.location ?? '',
    resourceGroup: row.resourceGroup ?? resourceGroupOf(row.id) ?? '',
    subscriptionId: (row.subscriptionId ?? subscriptionIdOf(row.id) ?? '').toLowerCase(),
    skuName: row.skuName,
    managedBy: row.managedBy,
    tags: Object.fromEntries(Object.entries(row.tags ?? {}).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)])),
    properties: toProperties(row),
    derivedFrom: null,
  }))

/** A row of `containersQuery`. */
const containerRow = z
  .object({ id: z.string(), type: z.string(), subscriptionId: text, managedBy: text })
  .transform((row) => ({
    id: row.id,
    isSubscription: row.type.toLowerCase() === 'microsoft.resources/subscriptions',
    subscriptionId: (row.subscriptionId ?? subscriptionIdOf(row.id) ?? '').toLowerCase(),
    managedBy: row.managedBy,
  }))

export const resourcePage = graphPageOf(resourceRow)
export const containerPage = graphPageOf(containerRow)
export function parseInventoryPage(status: number, body: unknown): Collected<GraphPage<Resource>> {
  return parseAnswer(status, body, resourcePage)
}

export type ContainerRow = z.infer<typeof containerRow>

/** Nests the columns again as Azure had them; what a resource does not have is left out. */
function toProperties(row: Record<string, unknown>): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  for (const path of propertyPaths) {
    const value = row[columnOf(path)]
    if (value === null || value === undefined || value === '') continue
    const [outer = path, inner] = path.split('.')
    if (inner === undefined) properties[outer] = value
    else properties[outer] = { ...asRecord(properties[outer]), [inner]: value }
  }
  return properties
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}
