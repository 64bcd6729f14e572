import type { CheckContext, Destinations } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'

/** A value made once per context and forgotten with it. */
export function memoByContext<T>(make: (context: CheckContext) => T): (context: CheckContext) => T {
  const made = new WeakMap<CheckContext, { value: T }>()
  return (context) => {
    const known = made.get(context)
    if (known) return known.value
    const value = make(context)
    made.set(context, { value })
    return value
  }
}

/**
 * A value made once for all subscriptions that are judged by one policy in one scan, for what depends on the destinations,
 * their facts and the category lists, which all of them share, and not on the subscription itself.
 */
export function memoByScan<T>(make: (context: CheckContext) => T): (context: CheckContext) => T {
  const made = new WeakMap<Destinations, WeakMap<Policy, { value: T }>>()
  return memoByContext((context) => {
    const { estate, policy } = context
    let byPolicy = made.get(estate.destinations)
    if (!byPolicy) made.set(estate.destinations, (byPolicy = new WeakMap()))
    let known = byPolicy.get(policy)
    if (!known) byPolicy.set(policy, (known = { value: make(context) }))
    return known.value
  })
}
