import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Destinations, Estate, ResourceKind } from '@/lib/domain/check'
import type { Collected, ReadFailure } from '@/lib/domain/collected'
import type { ManagementGroup, Resource, Subscription } from '@/lib/domain/estate'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import { categoriesSubjectsOf } from '@/lib/domain/categories-subject'

const none: readonly Fact[] = []

/** Facts by subject; a later one of the same source takes the place of an earlier one. */
export class FactIndex {
  private readonly bySubject = new Map<ResourceKey, Fact[]>()

  constructor(facts: Iterable<Fact> = []) {
    for (const fact of facts) this.add(fact)
  }

  add(fact: Fact): void {
    const known = this.bySubject.get(fact.subject)
    if (known === undefined) {
      this.bySubject.set(fact.subject, [fact])
      return
    }
    const at = known.findIndex(({ source }) => source === fact.source)
    if (at < 0) known.push(fact)
    else known[at] = fact
  }

  /** All facts about a subject: a few. */
  of(subject: ResourceKey): readonly Fact[] {
    return this.bySubject.get(subject) ?? none
  }

  get<S extends FactSource>(subject: ResourceKey, source: S): Collected<FactValues[S]> | undefined {
    return readFrom(this.of(subject), source)
  }
}

function readFrom<S extends FactSource>(facts: readonly Fact[], source: S): Collected<FactValues[S]> | undefined {
  for (const fact of facts) if (fact.source === source) return readOf(fact, source)
  return undefined
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
  /** Those that are judged. */
  resources: Resource[]
  /** Others of the subscription that checks ask about to judge these. */
  beside: readonly Resource[]
  kinds: readonly ResourceKind[]
  judgesScopes: boolean
  /** Facts of this subscription, looked at first. */
  own: FactIndex
  /** Facts of destinations and category lists, shared by all subscriptions. */
  shared: FactIndex
  destinations: Destinations
  /** Set when the whole subscription is out of sight: every fact about its subjects is this failure. */
  lost?: ReadFailure
}

/** One subscription's estate, or some resources of it, over stored resources and facts. */
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
  // By ids as written, the subscription's own first.
  const facts = new Map<string, readonly Fact[]>()
  const factsOf = (id: string): readonly Fact[] => {
    let known = facts.get(id)
    if (known === undefined) {
      const key = keyOf(id)
      const [own, shared] = [parts.own.of(key), parts.shared.of(key)]
      facts.set(id, (known = shared.length === 0 ? own : own.length === 0 ? shared : [...own, ...shared]))
    }
    return known
  }
  const categories = new CategoriesByKind()
  for (const resource of [...parts.resources, ...parts.beside]) {
    const key = keyOf(resource.id)
    byKey.set(key, resource)
    factsOf(resource.id)
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
    kinds: parts.kinds,
    judgesScopes: parts.judgesScopes,
    lost: parts.lost,
    destinations: parts.destinations,
    childrenOf: (id) => children.get(keyOf(id)) ?? [],
    resource: (id) => byKey.get(keyOf(id)),
    fact: (subject, source) => {
      if (parts.lost !== undefined && isOwn(keyOf(subject), byKey, parts.subscription)) return parts.lost
      return readFrom(factsOf(subject), source)
    },
    liveCategories: (resource) => categories.of(resource, () => storedCategories(resource, parts.shared)),
  }
}

/** The first that is stored: a list that a release before this one read serves until a scan has read its own. */
function storedCategories(resource: Resource, shared: FactIndex): LiveCategories {
  for (const subject of categoriesSubjectsOf(resource)) {
    const read = shared.get(subject, 'log-categories')
    if (read !== undefined) return read
  }
  return undefined
}

type LiveCategories = Collected<FactValues['log-categories']> | undefined

/** Category lists, looked up once for all resources of a type, region and kind: making the key of each resource would cost more than judging it. */
class CategoriesByKind {
  private readonly byType = new Map<string, Map<string, Map<string | null, LiveCategories>>>()

  of({ type, location, kind }: Resource, find: () => LiveCategories): LiveCategories {
    let byLocation = this.byType.get(type)
    if (byLocation === undefined) this.byType.set(type, (byLocation = new Map()))
    let byKind = byLocation.get(location)
    if (byKind === undefined) byLocation.set(location, (byKind = new Map()))
    if (!byKind.has(kind)) byKind.set(kind, find())
    return byKind.get(kind)
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
