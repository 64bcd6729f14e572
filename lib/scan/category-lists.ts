import { subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Collected } from '@/lib/domain/collected'
import type { LogCategoryList } from '@/lib/domain/estate'
import type { ReadTarget } from '@/lib/db'
import { categoriesSubject, type Fact } from '@/lib/domain/fact'

/** Types whose categories depend on the kind of the resource, and what of the kind they depend on. */
const kindsThatMatter: Readonly<Record<string, (kind: string) => string>> = {
  'microsoft.web/sites': appKind,
  'microsoft.web/sites/slots': appKind,
  'microsoft.sql/servers/databases': (kind) => (kind.includes('datawarehouse') ? 'datawarehouse' : ''),
  'microsoft.cognitiveservices/accounts': (kind) => kind,
  'microsoft.cdn/profiles': (kind) => kind,
}

/** `functionapp,linux,workflowapp` is a logic app, `functionapp,linux` a function app; the system makes no difference. */
function appKind(kind: string): string {
  return ['workflowapp', 'functionapp'].find((word) => kind.includes(word)) ?? 'app'
}

/** How many resources of one type, region and kind are asked in one subscription before the catalogue has to do: another subscription may be readable. */
const attemptsMax = 3

export function categoriesSubjectOf(resource: Pick<ReadTarget, 'type' | 'location' | 'kind'>): ResourceKey {
  return categoriesSubject(resource.type, resource.location, kindsThatMatter[resource.type]?.((resource.kind ?? '').toLowerCase()) ?? null)
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

/**
 * Reads the log categories once per type, region and kind; on the next resource when one will not answer. Which resource comes first
 * is a matter of chance: the one that answered in an earlier scan is asked again, so that two scans do not differ by it.
 */
export class CategoryLists {
  private readonly entries = new Map<ResourceKey, Entry>()
  /** The resource that answered before, by subject. */
  private readonly before = new Map<ResourceKey, string>()
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

  /** Takes the resources that answered in an earlier scan, to ask them first. */
  askFirst(facts: Iterable<Fact<'log-categories'>>): void {
    for (const { subject, read } of facts) if (read.ok) this.before.set(subject, read.value.askedOf)
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
    const id = (entry === undefined ? this.before.get(subject) : undefined) ?? resource.id
    const next = new Entry(this.read({ ...resource, id }), [...(entry?.asked ?? []), topLevelOf(id)])
    this.entries.set(subject, next)
    next.answer = await next.pending
    this.unsaved.set(subject, { subject, source: 'log-categories', subscriptionId: null, read: next.answer, readAt: this.now() })
    // What answered before may be gone or out of sight by now.
    return id === resource.id || next.answer.ok || next.answer.reason === 'not-supported' ? next.answer : this.of(resource)
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
