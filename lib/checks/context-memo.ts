import type { CheckContext } from '@/lib/domain/check'

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
