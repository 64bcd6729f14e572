import { subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Collected } from '@/lib/domain/collected'
import type { LogCategoryList } from '@/lib/domain/estate'
import type { ReadTarget } from '@/lib/db'
import { categoriesSubject, type Fact } from '@/lib/domain/fact'

/** Types whose categories depend on the kind of the resource (web apps, function apps, logic apps). */
const typesByKind = new Set(['microsoft.web/sites', 'microsoft.web/sites/slots', 'microsoft.cognitiveservices/accounts'])

/** How many resources of one type, region and kind are asked in one subscription before the catalogue has to do: another subscription may be readable. */
const attemptsMax = 3

export function categoriesSubjectOf(resource: Pick<ReadTarget, 'type' | 'location' | 'kind'>): ResourceKey {
  return categoriesSubject(resource.type, resource.location, typesByKind.has(resource.type) ? resource.kind : null)
}

type ReadCategories = (resource: ReadTarget) => Promise<Collected<LogCategoryList>>

class Entry {
  /** @param asked top-level resources that were asked so far. */
  constructor(readonly pending: Promise<Collected<LogCategoryList>>, readonly asked: readonly ResourceKey[], public answer?: Collected<LogCategoryList>) {}

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

/** Reads the log categories once per type, region and kind; on the next resource when one will not answer. */
export class CategoryLists {
  private readonly entries = new Map<ResourceKey, Entry>()
  private unsaved = new Map<ResourceKey, Fact<'log-categories'>>()
  private saving: Promise<void> = Promise.resolve()

  constructor(private readonly read: ReadCategories, private readonly now: () => string) {}

  /** Takes lists that were read before and need not be asked for again. */
  remember(facts: Iterable<Fact<'log-categories'>>): void {
    for (const { subject, read } of facts) {
      if (!read.ok && read.reason !== 'not-supported') continue
      this.entries.set(subject, new Entry(Promise.resolve(read), [], read))
    }
  }

  /** The answer that is at hand, if any. */
  known(resource: ReadTarget): Collected<LogCategoryList> | undefined {
    return this.entries.get(categoriesSubjectOf(resource))?.answer
  }

  async of(resource: ReadTarget): Promise<Collected<LogCategoryList>> {
    const subject = categoriesSubjectOf(resource)
    const entry = this.entries.get(subject)
    if (entry !== undefined) {
      const answer = await entry.pending
      if (answer.ok || answer.reason === 'not-supported' || !entry.mayAsk(resource.id)) return answer
      // Another caller may have asked the next resource while this one waited.
      if (entry !== this.entries.get(subject)) return this.of(resource)
    }
    const next = new Entry(this.read(resource), [...(entry?.asked ?? []), topLevelOf(resource.id)])
    this.entries.set(subject, next)
    next.answer = await next.pending
    this.unsaved.set(subject, { subject, source: 'log-categories', subscriptionId: null, read: next.answer, readAt: this.now() })
    return next.answer
  }

  /** Saves the lists read so far; when it resolves they are saved, whoever began to. */
  flush(save: (facts: Fact[]) => Promise<unknown>): Promise<void> {
    this.saving = this.saving.then(async () => {
      const facts = [...this.unsaved.values()]
      this.unsaved = new Map()
      if (facts.length > 0) await save(facts)
    })
    return this.saving
  }
}
