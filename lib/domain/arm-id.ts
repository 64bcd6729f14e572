/**
 * ARM ids are case-insensitive and their casing differs between APIs: compare keys, show ids as Azure wrote them.
 * The only place that lower-cases an id.
 */
export type ResourceKey = string & { readonly __resourceKey: unique symbol }

/** The key that two spellings of one id share: lower case, one leading slash, no trailing slash. */
export function toResourceKey(id: string): ResourceKey {
  const trimmed = id.trim().replace(/\/+$/, '').toLowerCase()
  return (trimmed.startsWith('/') ? trimmed : `/${trimmed}`) as ResourceKey
}

export function sameResource(a: string, b: string): boolean {
  return toResourceKey(a) === toResourceKey(b)
}

/** The subscription's GUID in lower case, or null for ids outside a subscription. */
export function subscriptionIdOf(id: string): string | null {
  return /^\/?subscriptions\/([^/]+)/i.exec(id)?.[1]?.toLowerCase() ?? null
}

/** The resource group as written in the id, or null. */
export function resourceGroupOf(id: string): string | null {
  return /\/resourcegroups\/([^/]+)/i.exec(id)?.[1] ?? null
}

/** The last segment as written. */
export function nameOf(id: string): string {
  return id.replace(/\/+$/, '').split('/').at(-1) ?? id
}

/** `microsoft.sql/servers/databases` from the id's last provider part; null when it has none. */
export function typeOf(id: string): string | null {
  const provider = id.toLowerCase().split('/providers/').at(-1)
  if (provider === undefined || !id.toLowerCase().includes('/providers/')) return null
  const [namespace, ...rest] = provider.split('/')
  const types = rest.filter((_, index) => index % 2 === 0)
  return namespace && types.length > 0 ? [namespace, ...types].join('/') : null
}

/** The parent resource's id (as written) of a child such as a database or a storage service; null at the top level. */
export function parentOf(id: string): string | null {
  const at = id.toLowerCase().lastIndexOf('/providers/')
  if (at < 0) return null
  const segments = id.slice(at + '/providers/'.length).split('/')
  return segments.length > 3 ? id.slice(0, at + '/providers/'.length) + segments.slice(0, -2).join('/') : null
}

/** The key of the top-level resource that a sub-resource lies on, at any depth; the key itself at the top level and outside of any provider. */
export function topLevelKeyOf(key: ResourceKey): ResourceKey {
  const at = key.lastIndexOf('/providers/')
  if (at < 0) return key
  const top = key.slice(at + '/providers/'.length).split('/', 3).join('/')
  return toResourceKey(key.slice(0, at + '/providers/'.length) + top)
}

/** The key of the SQL server that a database lies on; null for every other key. */
export function sqlServerOf(key: ResourceKey): ResourceKey | null {
  const id = /^(.*\/microsoft\.sql\/servers\/[^/]+)\/databases\/[^/]+$/.exec(key)?.[1]
  return id === undefined ? null : toResourceKey(id)
}

/** The id, as written, of the event hub namespace that an id lies on or is of; null for every other id. */
export function eventHubNamespaceOf(id: string): string | null {
  return /^.*\/providers\/microsoft\.eventhub\/namespaces\/[^/]+/i.exec(id)?.[0] ?? null
}

/** The storage account that an endpoint such as `https://acct.blob.core.windows.net/` names, in lower case; empty where it names none. */
export function storageAccountNameOf(endpoint: string): string {
  return /^(?:https?:\/\/)?([^./:]+)/i.exec(endpoint)?.[1]?.toLowerCase() ?? ''
}
