import { z } from 'zod'
import { nameOf, resourceGroupOf, subscriptionIdOf } from '../domain/arm-id'
import type { Collected } from '../domain/collected'
import type { Resource } from '../domain/estate'
import { graphPageOf, type GraphPage } from './graph'
import { columnOf, identityTypes, propertyPaths, storageFirewallPaths } from './inventory-queries'
import { parseAnswer, text } from './shape'

/** A column that is text but for odd rows, of which one must not cost its page: what else it holds is kept as JSON, since nothing would say that there is none. */
const oddText = z.unknown().optional().transform((value) => (value === undefined || value === null || value === '' ? null : typeof value === 'string' ? value : JSON.stringify(value)))

/** A row of `resourcesQuery`. Unknown columns stay for the properties that they hold. */
const resourceRow = z
  .looseObject({
    id: z.string().min(1),
    name: oddText,
    type: z.string().min(1),
    kind: oddText,
    location: oddText,
    resourceGroup: oddText,
    subscriptionId: text,
    managedBy: oddText,
    tags: z.record(z.string(), z.unknown()).nullish().catch(null),
    skuName: oddText,
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

/**
 * Properties that are kept of one type alone, since nobody asks for those of others. Where `absenceTells`, that there is none is a fact, too, and must be told
 * from what a release before this one never asked for.
 */
const keptOf: Readonly<Partial<Record<(typeof propertyPaths)[number], { type: string; absenceTells?: true }>>> = {
  ...Object.fromEntries(storageFirewallPaths.map((path) => [path, { type: 'microsoft.storage/storageaccounts' }])),
  clusterArmId: { type: 'microsoft.eventhub/namespaces', absenceTells: true },
  hubProfile: { type: 'microsoft.containerservice/fleets', absenceTells: true },
  distribution: { type: 'microsoft.kubernetes/connectedclusters' },
}

/** Nests the columns again as Azure had them; what a resource does not have is left out. */
function toProperties(row: Record<string, unknown>): Record<string, unknown> {
  const properties: Record<string, unknown> = {}
  for (const path of propertyPaths) {
    const value = row[columnOf(path)]
    const only = keptOf[path]
    if (only !== undefined && only.type !== String(row.type).toLowerCase()) continue
    if (only?.absenceTells && value !== undefined && !value) properties[path] = null
    if (value === null || value === undefined || value === '') continue
    put(properties, path.split('.'), pruned(path, value))
  }
  // No identity is a fact, too, and must be told from what a release before this one never asked for.
  const { identityType } = row
  if (identityTypes.includes(String(row.type).toLowerCase()) && (identityType === null || typeof identityType === 'string')) properties.identity = { type: identityType || 'None' }
  return properties
}

function put(into: Record<string, unknown>, [name = '', ...rest]: string[], value: unknown): void {
  if (rest.length === 0) {
    into[name] = value
    return
  }
  const inner = asRecord(into[name])
  put(inner, rest, value)
  into[name] = inner
}

function asRecord(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/** What is kept of a value that comes whole: some carry keys and scripts. */
function pruned(path: (typeof propertyPaths)[number], value: unknown): unknown {
  switch (path) {
    case 'virtualMachineProfile.extensionProfile.extensions': return extensionList(value)
    case 'appLogsConfiguration': return logsConfiguration(value)
    // That there is one is all that is asked.
    case 'hubProfile': return {}
    default: return value
  }
}

/** No destination is one, too: Azure writes null for it, so that it must be told from no word at all. */
function logsConfiguration(value: unknown): unknown {
  const { destination, logAnalyticsConfiguration } = asRecord(value)
  const { customerId } = asRecord(logAnalyticsConfiguration)
  return { destination: destination ?? 'none', customerId: customerId ?? null }
}

/** A scale set's extensions carry their settings, in which scripts and keys are found: what they are is kept, and nothing else. */
function extensionList(value: unknown): unknown {
  if (!Array.isArray(value)) return value
  return value.map((each) => {
    const { name, properties } = asRecord(each)
    const { publisher, type, provisioningState, settings } = asRecord(properties)
    const { RealtimeProtectionEnabled, authentication } = asRecord(settings)
    const { managedIdentity } = asRecord(authentication)
    const named = managedIdentity === undefined ? {} : { authentication: { managedIdentity } }
    return { name, properties: { publisher, type, provisioningState, settings: { RealtimeProtectionEnabled, ...named } } }
  })
}
