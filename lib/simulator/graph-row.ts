import type { Json, JsonObject } from './json'

/** One row of a Resource Graph table, with the columns that all tables share. `type` and `resourceGroup` are lower case. */
export interface GraphRow {
  id: string
  name: string
  type: string
  tenantId: string
  kind: string
  location: string
  resourceGroup: string
  subscriptionId: string
  managedBy: string
  sku: JsonObject | null
  plan: JsonObject | null
  properties: JsonObject
  tags: JsonObject | null
  identity: JsonObject | null
  zones: Json[] | null
  extendedLocation: JsonObject | null
}

export const graphColumns: ReadonlySet<string> = new Set([
  'id',
  'name',
  'type',
  'tenantId',
  'kind',
  'location',
  'resourceGroup',
  'subscriptionId',
  'managedBy',
  'sku',
  'plan',
  'properties',
  'tags',
  'identity',
  'zones',
  'extendedLocation',
])

export const graphTables = [
  'resources',
  'resourcecontainers',
  'insightsresources',
  'computeresources',
  'securityresources',
  'guestconfigurationresources',
  'policyresources',
] as const
export type GraphTable = (typeof graphTables)[number]

export function isGraphTable(name: string): name is GraphTable {
  return graphTables.some((table) => table === name)
}
