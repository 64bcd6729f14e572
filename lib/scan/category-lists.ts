import { setTimeout as pause } from 'node:timers/promises'
import { subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Collected } from '@/lib/domain/collected'
import type { LogCategoryList } from '@/lib/domain/estate'
import type { ReadTarget } from '@/lib/db'
import { categoriesSubjectOf } from '@/lib/domain/categories-subject'
import type { Fact } from '@/lib/domain/fact'

/** How long a resource waits for the answer to one of another subscription, which may be out of order or told to wait. */
const patienceMsUsual = 5_000

/** How many resources of one type, region and kind are asked in one subscription before the catalogue has to do: another subscription may be readable. */
const attemptsMax = 3

type ReadCategories = (resource: ReadTarget) => Promise<Collected<LogCategoryList>>

class Entry {
  answer: Collected<LogCategoryList> | undefined

  /** @param asked top-level resources that were asked so far, this one's last. */
  constructor(readonly pending: Promise<Collected<LogCategoryList>>, readonly asked: readonly ResourceKey[]) {}

  get subscriptionId(): string | null {
    return subscriptionIdOf(this.asked.at(-1) ?? '')
  }

  /** After a refusal: false for a part of what was asked already (what refuses a machine refuses its extensions too), and where enough were asked. */
  mayAsk(id: string): boolean {
    const subscriptionId = subscriptionIdOf(id)
    return !this.asked.includes(topLevelOf(id)) && this.asked.filter((key) => subscriptionIdOf(key) === subscriptionId).length < attemptsMax
  }
}

/** The key of the top-level resource that an id lies in: its first provider, type and name. */
function topLevelOf(id: string): ResourceKey {
  return toResourceKey(toResourceKey(id).split('/').slice(0, 9).join('/'))
}

/**
 * Reads the log categories once per type, region and kind; on the next resource when one will not answer. Which resource comes first
 * is a matter of chance: the one that answered in an earlier scan is asked again, so that two scans do not differ by it.
 */
export class CategoryLists {
  private readonly entries = new Map<ResourceKey, Entry>()
  /** The resource that answered before, by subject; null where none did. */
  private readonly before = new Map<ResourceKey, string | null>()
  /** Subscriptions that keep others waiting. */
  private readonly slow = new Set<string>()
  private unsaved = new Map<ResourceKey, Fact<'log-categories'>>()
  private saving: Promise<void> = Promise.resolve()

  constructor(private readonly read: ReadCategories, private readonly now: () => string, private readonly patienceMs = patienceMsUsual) {}

  /** Takes lists that were read before and need not be asked for again. */
  remember(facts: Iterable<Fact<'log-categories'>>): void {
    for (const { subject, read } of facts) {
      if (!read.ok && read.reason !== 'not-supported') continue
      const entry = new Entry(Promise.resolve(read), [])
      entry.answer = read
      this.entries.set(subject, entry)
    }
  }

  /** Takes the resources that answered in an earlier scan, to ask them first. */
  askFirst(facts: Iterable<Fact<'log-categories'>>): void {
    for (const { subject, read } of facts) this.before.set(subject, read.ok ? read.value.askedOf : null)
  }

  /** True when the list was asked for, now or in an earlier scan, whatever came of it. */
  wasAsked(resource: ReadTarget): boolean {
    const subject = categoriesSubjectOf(resource)
    return this.before.has(subject) || this.entries.has(subject)
  }

  /** The answer that is at hand, if any. */
  known(resource: ReadTarget): Collected<LogCategoryList> | undefined {
    return this.entries.get(categoriesSubjectOf(resource))?.answer
  }

  async of(resource: ReadTarget): Promise<Collected<LogCategoryList>> {
    const subject = categoriesSubjectOf(resource)
    for (;;) {
      const entry = this.entries.get(subject) ?? this.ask(subject, resource, this.firstOf(subject, resource))
      const answer = entry.answer ?? (await this.answerOf(entry, resource))
      if (answer?.ok || answer?.reason === 'not-supported') return answer
      // Another caller may have asked the next resource while this one waited.
      if (entry !== this.entries.get(subject)) continue
      if (entry.mayAsk(resource.id)) this.ask(subject, resource, resource.id, entry.asked)
      else return answer ?? (await entry.pending)
    }
  }

  /** The resource that answered before, which may be gone or out of sight by now, unless its subscription keeps others waiting; or else this one. */
  private firstOf(subject: ResourceKey, resource: ReadTarget): string {
    const before = this.before.get(subject) ?? null
    if (before === null) return resource.id
    const subscriptionId = subscriptionIdOf(before) ?? ''
    return this.slow.has(subscriptionId) && subscriptionId !== subscriptionIdOf(resource.id) ? resource.id : before
  }

  private ask(subject: ResourceKey, resource: ReadTarget, id: string, asked: readonly ResourceKey[] = []): Entry {
    const entry = new Entry(this.read({ ...resource, id }).then((answer) => {
      entry.answer = answer
      this.slow.delete(entry.subscriptionId ?? '')
      if (entry === this.entries.get(subject)) this.unsaved.set(subject, { subject, source: 'log-categories', subscriptionId: null, read: answer, readAt: this.now() })
      return answer
    }, (error: unknown) => {
      // Azure was out of reach, which says nothing of the list: whoever comes later asks anew.
      if (entry === this.entries.get(subject)) this.entries.delete(subject)
      throw error
    }), [...asked, topLevelOf(id)])
    this.entries.set(subject, entry)
    return entry
  }

  /** Null: the resource that was asked is of another subscription and keeps this one waiting. */
  private async answerOf({ pending, subscriptionId }: Entry, { id }: ReadTarget): Promise<Collected<LogCategoryList> | null> {
    if (subscriptionId === null || subscriptionId === subscriptionIdOf(id)) return await pending
    const answered = new AbortController()
    try {
      const answer = await Promise.race([pending, pause(this.patienceMs, null, { signal: answered.signal })])
      if (answer === null) this.slow.add(subscriptionId)
      return answer
    } finally {
      answered.abort()
    }
  }

  /** Saves the lists read so far; when it resolves they are saved, whoever began to. What could not be saved is saved with the next. */
  flush(save: (facts: Fact[]) => Promise<unknown>): Promise<void> {
    this.saving = this.saving.catch(() => undefined).then(() => this.saveUnsaved(save))
    return this.saving
  }

  private async saveUnsaved(save: (facts: Fact[]) => Promise<unknown>): Promise<void> {
    const facts = this.unsaved
    this.unsaved = new Map()
    if (facts.size === 0) return
    try {
      await save([...facts.values()])
    } catch (error) {
      // What was read meanwhile is newer.
      this.unsaved = new Map([...facts, ...this.unsaved])
      throw error
    }
  }
}
