import { tableOfPlatformCategory, usesBothTables } from '@/lib/catalog/tables'
import type { CheckContext } from '@/lib/domain/check'
import type { Collected } from '@/lib/domain/collected'
import type { LogCategoryList, Resource } from '@/lib/domain/estate'
import type { CatalogType } from '@/lib/domain/log-catalog'
import { memoByScan } from './context-memo'
import { decideRequired, requiredVariant, type CategoryOffer, type OfferedCategory, type RequiredSet } from './required-categories'

/** What the entry of a category group in a setting stands for. */
export interface GroupContent {
  categories: readonly OfferedCategory[]
  /** True: it may hold more than these. */
  open: boolean
}

/** What resources of one type and variant, of which Azure says the same, can log and must log. Shared by all of them. */
export interface LoggingProfile extends CategoryOffer {
  /** False: Azure answers that the type takes no diagnostic settings. */
  takesSettings: boolean
  groups: ReadonlyMap<string, GroupContent>
  /** True: without `Dedicated` in the setting the rows go to AzureDiagnostics. */
  bothTables: boolean
  required: RequiredSet
}

function toOffered(name: string, catalogType: CatalogType | undefined): OfferedCategory {
  const key = name.toLowerCase()
  return { name, key, table: catalogType?.categories.find((category) => category.name.toLowerCase() === key)?.table ?? null }
}

function auditContent(liveAudit: readonly string[], byKey: ReadonlyMap<string, OfferedCategory>, type: CatalogType | undefined): GroupContent {
  const pick = (names: readonly string[]): OfferedCategory[] => names.flatMap((name) => byKey.get(name.toLowerCase()) ?? [])
  if (liveAudit.length > 0) return { categories: pick(liveAudit), open: false }
  const categories = type?.categories ?? []
  const certain = type?.auditGroup === true && type.complete && categories.every((category) => category.audit !== null)
  return { categories: pick(categories.filter((category) => category.audit === true).map((category) => category.name)), open: !certain }
}

function liveGroups(list: LogCategoryList | undefined, byKey: ReadonlyMap<string, OfferedCategory>): Map<string, GroupContent> {
  const names = new Map<string, OfferedCategory[]>()
  for (const category of list?.categories ?? []) {
    const offered = byKey.get(category.name.toLowerCase())
    for (const group of offered ? category.groups : []) {
      const held = names.get(group.toLowerCase()) ?? []
      names.set(group.toLowerCase(), [...held, ...(offered ? [offered] : [])])
    }
  }
  return new Map([...names].map(([group, categories]) => [group, { categories, open: false }]))
}

function byName(a: { key: string }, b: { key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0
}

function buildProfile(resource: Resource, variant: string, live: Collected<LogCategoryList> | undefined, context: CheckContext): LoggingProfile {
  const catalogType = context.catalog.type(resource.type)
  const list = live?.ok ? live.value : undefined
  const names = list ? list.categories.map((category) => category.name) : (catalogType?.categories ?? []).map((category) => category.name)
  const offered = names.map((name) => toOffered(name, catalogType)).sort(byName)
  const byKey = new Map(offered.map((category) => [category.key, category]))
  const source = list ? 'live' : offered.length > 0 ? 'catalogue' : 'none'
  const liveAudit = (list?.categories ?? [])
    .filter((category) => category.groups.some((group) => group.toLowerCase() === 'audit'))
    .map((category) => category.name)
    .sort()
  const groups = liveGroups(list, byKey)
  groups.set('alllogs', { categories: offered, open: source !== 'live' && catalogType?.complete !== true })
  groups.set('audit', auditContent(liveAudit, byKey, catalogType))
  const offer: CategoryOffer = {
    type: resource.type,
    catalogType,
    source,
    offered,
    byKey,
    liveAudit,
    liveNamesGroups: (list?.categories ?? []).some((category) => category.groups.length > 0),
  }
  return { ...offer, takesSettings: live === undefined || live.ok || live.reason !== 'not-supported', groups, bothTables: usesBothTables(resource.type), required: decideRequired(offer, variant, context.policy) }
}

/** By the answer for their type, region and kind, so that most are found without a look into it. */
const profilesByAnswer = memoByScan(() => new Map<Collected<LogCategoryList> | undefined, Map<string, LoggingProfile>>())

/** By what the answer says, which is the same in most regions. */
const profilesByContent = memoByScan(() => new Map<string, LoggingProfile>())

/** The profile of a resource, made once for all that share type, variant and categories. */
export function loggingProfile(resource: Resource, context: CheckContext): LoggingProfile {
  const live = context.estate.liveCategories(resource)
  let byKind = profilesByAnswer(context).get(live)
  if (!byKind) profilesByAnswer(context).set(live, (byKind = new Map()))
  const variant = requiredVariant(resource)
  const kind = variant === '' ? resource.type : `${resource.type}|${variant}`
  let profile = byKind.get(kind)
  if (!profile) byKind.set(kind, (profile = sharedProfile(resource, kind, variant, live, context)))
  return profile
}

function sharedProfile(resource: Resource, kind: string, variant: string, live: Collected<LogCategoryList> | undefined, context: CheckContext): LoggingProfile {
  const content = `${kind} ${live?.ok ? JSON.stringify(live.value.categories) : (live?.reason ?? 'unread')}`
  let profile = profilesByContent(context).get(content)
  if (!profile) profilesByContent(context).set(content, (profile = buildProfile(resource, variant, live, context)))
  return profile
}

/** What must be logged of a resource, and which rule decided it. */
export function requiredCategories(resource: Resource, context: CheckContext): RequiredSet {
  return loggingProfile(resource, context).required
}

export type PlatformScope = 'subscription' | 'managementGroup' | 'tenant'

const platformTypes: Record<PlatformScope, string> = {
  subscription: 'microsoft.resources/subscriptions',
  managementGroup: 'microsoft.management/managementgroups',
  tenant: 'microsoft.aadiam/tenants',
}

const platformProfiles = memoByScan((context) => {
  const build = (scope: PlatformScope): LoggingProfile => {
    const { categories, required } = context.catalog.platform[scope]
    const offered = categories.map((name) => ({ name, key: name.toLowerCase(), table: tableOfPlatformCategory(scope, name) })).sort(byName)
    return {
      type: platformTypes[scope],
      catalogType: undefined,
      source: 'catalogue',
      takesSettings: true,
      offered,
      byKey: new Map(offered.map((category) => [category.key, category])),
      liveAudit: [],
      liveNamesGroups: false,
      groups: new Map([['alllogs', { categories: offered, open: false }]]),
      bothTables: false,
      required: { decidedBy: 'platform-scope', categories: required, anyOf: [], why: null },
    }
  }
  return { subscription: build('subscription'), managementGroup: build('managementGroup'), tenant: build('tenant') }
})

/** The profile of the activity log of a subscription or management group, or of the tenant's Entra logs. */
export function platformProfile(scope: PlatformScope, context: CheckContext): LoggingProfile {
  return platformProfiles(context)[scope]
}
