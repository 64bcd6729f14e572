import { guid } from '../random'
import { businessUnits, firstSubscriptions, markets, regions, type SubscriptionTemplate } from './company'
import type { SubscriptionPlan } from './estate'

/** How many subscriptions a tenant of this size has when nobody says: 2 for ten resources, 8 for 1,200, about 80 for 200,000. */
export function usualSubscriptions(resources: number): number {
  return Math.max(2, Math.round(resources ** 0.45 / 3))
}

/** Plans the subscriptions: sizes fall as one over the square root of the rank and add up to `resources`. */
export function planSubscriptions(seed: number, resources: number, count: number): SubscriptionPlan[] {
  const weights = Array.from({ length: count }, (_, index) => 1 / Math.sqrt(index + 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  let used = 0
  let running = 0
  return weights.map((weight, index) => {
    running += weight
    const upTo = index === count - 1 ? resources : Math.round((resources * running) / total)
    const template = templateOf(index)
    const plan: SubscriptionPlan = {
      index,
      subscriptionId: guid(seed, 'subscription', index),
      displayName: template.name,
      environment: template.environment,
      discipline: template.discipline,
      group: template.group,
      region: regions[index < 3 ? 0 : index % regions.length] ?? regions[0],
      resources: upTo - used,
    }
    used = upTo
    return plan
  })
}

const cycle = [
  { environment: 'prod', discipline: 'strong', group: 'production', word: 'Production' },
  { environment: 'test', discipline: 'fair', group: 'non-production', word: 'Test' },
  { environment: 'prod', discipline: 'fair', group: 'production', word: 'Production' },
  { environment: 'prod', discipline: 'strong', group: 'production', word: 'Production' },
  { environment: 'dev', discipline: 'weak', group: 'non-production', word: 'Development' },
] as const

function templateOf(index: number): SubscriptionTemplate {
  const first = firstSubscriptions[index]
  if (first) return first
  const at = index - firstSubscriptions.length
  const kind = cycle[at % cycle.length] ?? cycle[0]
  const unit = businessUnits[at % businessUnits.length] ?? businessUnits[0]
  const round = Math.floor(at / businessUnits.length)
  const market = round === 0 ? '' : ` ${markets[(round - 1) % markets.length] ?? markets[0]}`
  const again = Math.floor(Math.max(0, round - 1) / markets.length)
  return {
    name: `${unit}${market} ${kind.word}${again > 0 ? ` ${again + 1}` : ''}`,
    environment: kind.environment,
    discipline: kind.discipline,
    group: kind.group,
  }
}
