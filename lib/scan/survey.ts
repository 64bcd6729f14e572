import { hash } from 'node:crypto'
import { destinationUse, type PartUse } from '@/lib/checks'
import { subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, DestinationUse, Destinations, Estate } from '@/lib/domain/check'
import type { Subscription } from '@/lib/domain/estate'
import type { FactSource } from '@/lib/domain/fact'
import { categoriesSubjectOf } from '@/lib/domain/categories-subject'
import { buildDestinations, mergeUse } from './destinations'
import type { FactIndex } from './estate'
import { contextsWith, isShared, type ContextsOf, type StoredInput } from './stored-context'

/** What sends where over the whole estate. */
export interface EstateUse {
  use: Map<ResourceKey, DestinationUse>
  /** Workspaces that receive the activity log of some subscription, with the id as written. */
  activityLogReceivers: Map<ResourceKey, string>
}

interface Surveyed {
  use: PartUse
  /** Facts of others that it was worked out from, as `source subject`, by a hash of what was read. */
  asked: ReadonlyMap<string, string>
}

/**
 * The first pass over stored facts: what each part of the estate sends where. Parts that are read to the end can be surveyed while others are still read: what
 * one of them was told of others is kept, and it is surveyed again when that is otherwise in the end.
 */
export class Survey {
  private readonly ahead = new Map<string, Surveyed>()
  private readonly names = new Map<string, string>()

  has(subscriptionId: string): boolean {
    return this.ahead.has(subscriptionId)
  }

  /** Surveys parts ahead, for as long as it `goesOn`. Their own facts must be complete. */
  async add(input: StoredInput, shared: FactIndex, parts: readonly Subscription[], goesOn: () => boolean): Promise<void> {
    const contexts = await contextsWith(input, shared)
    const destinations = destinationsIn(input)
    for (const subscription of parts) {
      if (!goesOn()) return
      const asked = new Map<string, string>()
      // What checks work out once for all that share destinations must ask anew for each part, or it would not be seen what the part depends on.
      const use = await surveyed(contexts({ ...destinations }, { lastKnown: true })(subscription), (context) => this.listening(context, subscription.subscriptionId, asked))
      this.ahead.set(subscription.subscriptionId, { use, asked })
    }
  }

  /** Puts the parts together; whatever was not surveyed ahead, or from what is otherwise by now, is surveyed now. */
  async whole(input: StoredInput, shared: FactIndex, parts: readonly (Subscription | null)[], signal: AbortSignal): Promise<EstateUse> {
    const whole: EstateUse = { use: new Map(), activityLogReceivers: new Map() }
    // What cannot be read today probably sends where it sent before: without it a workspace in use would look unused, and its gaps closed.
    const contextsOf: ContextsOf = (await contextsWith(input, shared))(destinationsIn(input), { lastKnown: true })
    for (const subscription of parts) {
      signal.throwIfAborted()
      const { use, activityLogWorkspaces } = this.stillTrue(subscription, shared) ?? (await surveyed(contextsOf(subscription)))
      mergeUse(whole.use, use)
      for (const [key, id] of activityLogWorkspaces) whole.activityLogReceivers.set(key, id)
    }
    return whole
  }

  private stillTrue(subscription: Subscription | null, shared: FactIndex): PartUse | null {
    const known = subscription === null ? undefined : this.ahead.get(subscription.subscriptionId)
    if (known === undefined) return null
    for (const [name, before] of known.asked) {
      const [source, subject] = splitName(name)
      if (hashOfRead(shared.of(subject).find((fact) => fact.source === source)?.read) !== before) return null
    }
    return known.use
  }

  private listening(context: CheckContext, subscriptionId: string, asked: Map<string, string>): CheckContext {
    const { estate } = context
    const note = (source: FactSource, key: ResourceKey, read: object | undefined): void => {
      const name = `${source} ${key}`
      const known = this.names.get(name) ?? name
      if (known === name) this.names.set(name, name)
      if (!asked.has(known)) asked.set(known, hashOfRead(read))
    }
    const listening: Estate = {
      ...estate,
      fact: (subject, source) => {
        const read = estate.fact(subject, source)
        if (isShared(source) || subscriptionIdOf(subject)?.toLowerCase() !== subscriptionId) note(source, toResourceKey(subject), read)
        return read
      },
      liveCategories: (resource) => {
        const read = estate.liveCategories(resource)
        note('log-categories', categoriesSubjectOf(resource), read)
        return read
      },
    }
    return { ...context, estate: listening }
  }
}

/** What one part sends where, some resources at a time. */
async function surveyed(contexts: AsyncIterable<CheckContext>, seenAs = (context: CheckContext) => context): Promise<PartUse> {
  const part: PartUse = { use: new Map(), activityLogWorkspaces: new Map() }
  for await (const context of contexts) {
    const { use, activityLogWorkspaces } = destinationUse(seenAs(context))
    mergeUse(part.use, use)
    for (const [key, id] of activityLogWorkspaces) part.activityLogWorkspaces.set(key, id)
  }
  return part
}

/** A name is made of a source, which has no space, and a key. */
function splitName(name: string): [source: string, subject: ResourceKey] {
  const at = name.indexOf(' ')
  return [name.slice(0, at), name.slice(at + 1) as ResourceKey]
}

/** Lookups without what the survey is made for. */
function destinationsIn({ destinationInventory: inventory, visibleSubscriptions }: StoredInput): Destinations {
  return buildDestinations({ inventory, visibleSubscriptions, outOfSightToo: true, use: new Map(), central: { ids: [], basis: 'none' } })
}

const hashes = new WeakMap<object, string>()

function hashOfRead(read: object | undefined): string {
  if (read === undefined) return ''
  let known = hashes.get(read)
  if (known === undefined) hashes.set(read, (known = hash('sha256', JSON.stringify(read), 'base64url')))
  return known
}
