import type { DiagnosticSetting } from '@/lib/domain/estate'

interface Kept<T> {
  said: readonly number[]
  value: T
}

// Scatters small numbers over 32 bits (Knuth, The Art of Computer Programming 6.4).
const golden = 0x9e3779b1

/** Lists are told apart by numbers that are compared in the end, so that a hash need not be a good one. */
function hashOf(said: readonly number[]): number {
  let hash = 0
  for (const number of said) hash = Math.imul(hash ^ number, golden)
  return hash
}

function areSame(some: readonly number[], others: readonly number[]): boolean {
  if (some.length !== others.length) return false
  for (let at = 0; at < some.length; at += 1) if (some[at] !== others[at]) return false
  return true
}

/**
 * Values by lists of settings. Lists that say the same have one value; their own ids are not part of what they say. Each text is numbered and looked at
 * once: to write a list out as one key, and to compare that, costs more than to judge it.
 */
export class BySettings<T> {
  private readonly numbers = new Map<string, number>()
  private readonly kept = new Map<number, Kept<T>[]>()
  private readonly saying: number[] = []

  /** The value of these settings, made when nobody has asked for them yet. */
  of(settings: readonly DiagnosticSetting[], make: () => T): T {
    this.say(settings)
    const hash = hashOf(this.saying)
    let alike = this.kept.get(hash)
    if (alike === undefined) this.kept.set(hash, (alike = []))
    for (const one of alike) if (areSame(one.said, this.saying)) return one.value
    const made = { said: [...this.saying], value: make() }
    alike.push(made)
    return made.value
  }

  /** All that a judgement can depend on, in numbers; how many of what comes next stands before it. */
  private say(settings: readonly DiagnosticSetting[]): void {
    this.saying.length = 0
    for (const { name, workspaceId, storageAccountId, eventHubAuthorizationRuleId, eventHubName, marketplacePartnerId, logAnalyticsDestinationType, metricsEnabled, logs } of settings) {
      this.sayText(name)
      this.sayText(workspaceId)
      this.sayText(storageAccountId)
      this.sayText(eventHubAuthorizationRuleId)
      this.sayText(eventHubName)
      this.sayText(marketplacePartnerId)
      this.sayText(logAnalyticsDestinationType)
      this.saying.push(metricsEnabled, logs.length)
      for (const { category, categoryGroup, enabled } of logs) {
        this.sayText(category)
        this.sayText(categoryGroup)
        this.saying.push(enabled ? 1 : 0)
      }
    }
  }

  private sayText(text: string | null): void {
    let number = text === null ? 0 : this.numbers.get(text)
    if (number === undefined && text !== null) this.numbers.set(text, (number = this.numbers.size + 1))
    this.saying.push(number ?? 0)
  }
}
