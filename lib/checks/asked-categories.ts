import type { CheckContext } from '@/lib/domain/check'
import { bestOfEachList, keptInWorkspace } from './best-kept'
import type { Destination } from './destination'
import type { EffectiveCategory, EffectiveLogging } from './effective-logging'
import { listsOfOwnKeyPoints } from './log-key-points'
import type { RequiredSet } from './required-categories'
import type { RetentionSubject } from './retention'

/** Of the categories that something sends: those whose copies are asked for, where one of several may be enough. */
export class AskedCategories {
  /** Asked for whatever else is sent. */
  private readonly always: ReadonlySet<string>
  private readonly required: ReadonlySet<string>
  private readonly kept: ReadonlySet<string>
  /** The lists of which one is enough, by each category that is in them. */
  private readonly lists = new Map<string, EffectiveCategory[][]>()

  constructor(
    private readonly effective: EffectiveLogging,
    { categories, anyOf }: RequiredSet,
    private readonly subject: RetentionSubject,
    private readonly context: CheckContext,
  ) {
    this.always = new Set(categories.map((name) => name.toLowerCase()))
    this.required = new Set([...this.always, ...this.neededOf(anyOf)])
    // Queries that a firewall answers are a security log, although its audit does not ask for them.
    this.kept = new Set([...this.required, ...this.neededOf(listsOfOwnKeyPoints(effective.profile.type))])
  }

  /** The keys of each list that are asked for. */
  private neededOf(lists: RequiredSet['anyOf']): string[] {
    return bestOfEachList(lists, this.effective, this.subject, this.context).flatMap(({ best, isLongEnough, others }) => {
      const list = [best, ...others]
      for (const { key } of list) this.lists.set(key, [...(this.lists.get(key) ?? []), list])
      // Where the best is not surely kept long enough, none of them takes the place of the others.
      return (isLongEnough ? [best] : list).map(({ key }) => key)
    })
  }

  /** False for what the audit of the resource does not ask for, and where another that is enough is kept long enough. */
  isRequired({ key }: EffectiveCategory): boolean {
    return this.required.has(key)
  }

  /** True as well for what another key point asks for. */
  isKept({ key }: EffectiveCategory): boolean {
    return this.kept.has(key)
  }

  /** Whether a workspace keeps the category, or what is enough in its place, for the total time of the policy. */
  inWorkspace(category: EffectiveCategory): 'yes' | 'no' | 'unclear' {
    const { type } = this.effective.profile
    const states = this.listsOf(category).map((list) => {
      const kept = list.map((one) => keptInWorkspace(one, type, this.subject, this.context))
      return kept.includes('yes') ? 'yes' : kept.includes('unclear') ? 'unclear' : 'no'
    })
    return states.includes('no') ? 'no' : states.includes('unclear') ? 'unclear' : 'yes'
  }

  /** True where neither the category nor, of some list, what is enough in its place goes anywhere else. */
  isOnlyAt(destination: Destination, category: EffectiveCategory): boolean {
    return this.listsOf(category).some((list) => list.every(({ flows }) => flows.every((flow) => flow.destination.key === destination.key)))
  }

  private listsOf(category: EffectiveCategory): EffectiveCategory[][] {
    return (this.always.has(category.key) ? undefined : this.lists.get(category.key)) ?? [[category]]
  }
}
