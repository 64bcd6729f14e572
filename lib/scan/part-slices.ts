import { loadFacts, loadFactsOf, loadFamilies, resourcePages, type Database, type FactReading } from '@/lib/db'
import { toResourceKey, topLevelKeyOf, type ResourceKey } from '@/lib/domain/arm-id'
import type { Resource } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'

/** Some of a subscription's resources, with what they are judged with. */
export interface PartSlice {
  resources: Resource[]
  /** Resources of other slices that checks ask about to judge these. */
  beside: Resource[]
  /** About all of these and the subscription itself. */
  facts: Fact[]
  /** Of the whole subscription at the most so many resources as one slice holds: nothing else is there. */
  whole: boolean
  last: boolean
}

export interface SliceInput {
  db: Database
  estateId: number
  subscriptionId: string
  perSlice: number
  reading?: FactReading
}

/**
 * A subscription's stored resources and facts, so many resources at a time, so that memory does not grow with the largest subscription. Checks judge a resource by
 * itself, by its family (the resource at the top level and all that lies on it), and by the scale set that a machine is an instance of: those come along where they are of
 * another slice.
 */
export async function* slicesOf({ db, estateId, subscriptionId, perSlice, reading }: SliceInput): AsyncGenerator<PartSlice> {
  const scope = toResourceKey(`/subscriptions/${subscriptionId}`)
  const scopeFacts = await loadFactsOf(db, estateId, [scope], reading)
  let after = scope
  for await (const { resources, upTo, full } of resourcePages(db, estateId, subscriptionId, perSlice)) {
    const whole = after === scope && !full
    const beside = whole ? [] : await besides(db, estateId, resources, upTo)
    const facts = await loadFacts(db, estateId, subscriptionId, { ...reading, after, ...(full && { upTo }) })
    const factsBeside = await loadFactsOf(db, estateId, beside.map(({ id }) => toResourceKey(id)), reading)
    yield { resources, beside, facts: [...scopeFacts, ...facts, ...factsBeside], whole, last: !full }
    if (!full) return
    after = upTo
  }
  yield { resources: [], beside: [], facts: [...scopeFacts, ...(await loadFacts(db, estateId, subscriptionId, { ...reading, after }))], whole: after === scope, last: true }
}

async function besides(db: Database, estateId: number, resources: readonly Resource[], upTo: ResourceKey): Promise<Resource[]> {
  const own = new Set(resources.map(({ id }) => toResourceKey(id)))
  const named = resources.flatMap((resource) => scaleSetOf(resource) ?? [])
  const tops = new Set([...own].map(topLevelKeyOf))
  // What lies on a resource comes behind it, though not at once: `a-1` is between `a` and `a/b`.
  const open = [...tops].filter((key) => !own.has(key) || upTo < `${key}0`)
  const families = new Set([...open, ...named.filter((key) => !own.has(key))])
  return (await loadFamilies(db, estateId, [...families])).filter(({ id }) => !own.has(toResourceKey(id)))
}

/** The scale set that a machine is an instance of. */
function scaleSetOf({ properties }: Resource): ResourceKey | null {
  const set = properties.virtualMachineScaleSet
  return typeof set === 'object' && set !== null && 'id' in set && typeof set.id === 'string' ? toResourceKey(set.id) : null
}
