import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Destinations, Estate } from '@/lib/domain/check'
import type { Collected, ReadFailure } from '@/lib/domain/collected'
import type { ManagementGroup, Resource, Subscription } from '@/lib/domain/estate'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import { categoriesSubjectOf } from './category-lists'

/** Facts by source and subject. */
export class FactIndex {
  private readonly bySource = new Map<FactSource, Map<ResourceKey, Fact>>()

  constructor(facts: Iterable<Fact> = []) {
    for (const fact of facts) this.add(fact)
  }

  add(fact: Fact): void {
    const subjects = this.bySource.get(fact.source)
    if (subjects === undefined) this.bySource.set(fact.source, new Map([[fact.subject, fact]]))
    else subjects.set(fact.subject, fact)
  }

  get<S extends FactSource>(subject: ResourceKey, source: S): Collected<FactValues[S]> | undefined {
    const fact = this.bySource.get(source)?.get(subject)
    return fact === undefined ? undefined : readOf(fact, source)
  }
}

/** A fact found under its source has that source's value: TypeScript cannot follow a map key. */
function readOf<S extends FactSource>(fact: Fact, _source: S): Collected<FactValues[S]> {
  return fact.read as Collected<FactValues[S]>
}

export interface EstateParts {
  tenantId: string
  cloud: string
  subscription: Subscription | null
  managementGroups: ManagementGroup[]
  /** Names of the groups above the subscription. */
  managementGroupNames: readonly string[]
  resources: Resource[]
  /** Facts of this subscription, looked at first. */
  own: FactIndex
  /** Facts of destinations and category lists, shared by all subscriptions. */
  shared: FactIndex
  destinations: Destinations
  /** Set when the whole subscription is out of sight: every fact about its subjects is this failure. */
  lost?: ReadFailure
}

/** One subscription's estate over stored resources and facts. */
export function buildEstate(parts: EstateParts): Estate {
  const byKey = new Map<ResourceKey, Resource>()
  const children = new Map<ResourceKey, Resource[]>()
  // Checks ask by ids as Azure wrote them, again and again: making a key each time would cost more than judging.
  const keys = new Map<string, ResourceKey>()
  const keyOf = (id: string): ResourceKey => {
    const known = keys.get(id)
    if (known !== undefined) return known
    const key = toResourceKey(id)
    keys.set(id, key)
    return key
  }
  const categories = new Map<Resource, Collected<FactValues['log-categories']> | undefined>()
  for (const resource of parts.resources) {
    const key = keyOf(resource.id)
    byKey.set(key, resource)
    const parent = parentKey(key)
    if (parent === null) continue
    const siblings = children.get(parent)
    if (siblings === undefined) children.set(parent, [resource])
    else siblings.push(resource)
  }
  return {
    tenantId: parts.tenantId,
    cloud: parts.cloud,
    subscription: parts.subscription,
    managementGroups: parts.managementGroups,
    managementGroupNames: parts.managementGroupNames,
    resources: parts.resources,
    destinations: parts.destinations,
    childrenOf: (id) => children.get(keyOf(id)) ?? [],
    resource: (id) => byKey.get(keyOf(id)),
    fact: (subject, source) => {
      const key = keyOf(subject)
      if (parts.lost !== undefined && isOwn(key, byKey, parts.subscription)) return parts.lost
      return parts.own.get(key, source) ?? parts.shared.get(key, source)
    },
    liveCategories: (resource) => {
      if (!categories.has(resource)) categories.set(resource, parts.shared.get(categoriesSubjectOf(resource), 'log-categories'))
      return categories.get(resource)
    },
  }
}

function isOwn(key: ResourceKey, byKey: Map<ResourceKey, Resource>, subscription: Subscription | null): boolean {
  return byKey.has(key) || (subscription !== null && key === toResourceKey(`/subscriptions/${subscription.subscriptionId}`))
}

/** The parent's key: two segments less, when what is left still names a resource. */
function parentKey(key: ResourceKey): ResourceKey | null {
  const at = key.lastIndexOf('/providers/')
  if (at < 0 || key.slice(at + '/providers/'.length).split('/').length <= 3) return null
  return toResourceKey(key.split('/').slice(0, -2).join('/'))
}
