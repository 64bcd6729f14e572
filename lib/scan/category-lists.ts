import type { ResourceKey } from '@/lib/domain/arm-id'
import type { Collected } from '@/lib/domain/collected'
import type { LogCategoryList, Resource } from '@/lib/domain/estate'
import { categoriesSubject, type Fact } from '@/lib/domain/fact'

/** Types whose categories depend on the kind of the resource (web apps, function apps, logic apps). */
const typesByKind = new Set(['microsoft.web/sites', 'microsoft.web/sites/slots', 'microsoft.cognitiveservices/accounts'])

/** How many resources of one type, region and kind are asked before the catalogue has to do. */
const attemptsMax = 3

export function categoriesSubjectOf(resource: Pick<Resource, 'type' | 'location' | 'kind'>): ResourceKey {
  return categoriesSubject(resource.type, resource.location, typesByKind.has(resource.type) ? resource.kind : null)
}

type ReadCategories = (resource: Resource) => Promise<Collected<LogCategoryList>>

interface Entry {
  attempts: number
  pending: Promise<Collected<LogCategoryList>>
}

/** Reads the log categories once per type, region and kind; on the next resource when one will not answer. */
export class CategoryLists {
  private readonly entries = new Map<ResourceKey, Entry>()
  private readonly found = new Map<ResourceKey, Fact<'log-categories'>>()

  constructor(private readonly read: ReadCategories, private readonly now: () => string) {}

  async of(resource: Resource): Promise<Collected<LogCategoryList>> {
    const subject = categoriesSubjectOf(resource)
    const entry = this.entries.get(subject)
    if (entry !== undefined) {
      const answer = await entry.pending
      if (answer.ok || answer.reason === 'not-supported' || entry.attempts >= attemptsMax) return answer
      // Another caller may have asked the next resource while this one waited.
      if (entry !== this.entries.get(subject)) return this.of(resource)
    }
    const pending = this.read(resource)
    this.entries.set(subject, { attempts: (entry?.attempts ?? 0) + 1, pending })
    const answer = await pending
    this.found.set(subject, { subject, source: 'log-categories', subscriptionId: null, read: answer, readAt: this.now() })
    return answer
  }

  facts(): Fact<'log-categories'>[] {
    return [...this.found.values()]
  }
}
