import type { ReasonCode } from '@/lib/domain/verdict'

const words: Record<ReasonCode, string> = {
  'permission-denied': 'refused',
  throttled: 'throttled to the end',
  'api-error': 'failed',
  'not-onboarded': 'without the provider',
  unsupported: 'not supported',
}

/** Reads that failed in one way. */
export interface FailedReads {
  reason: ReasonCode
  action: string | null
  /** True: not made, because the subscription had failed again and again. Absent: made. */
  notAsked?: boolean
  /** Absent: one. */
  count?: number
}

/** What a subscription's part came to: partial when some read failed, with one sentence that counts the failures by kind. */
export function partStatusOf(failures: readonly FailedReads[]): { status: 'succeeded' | 'partial'; reason: string | null } {
  if (failures.length === 0) return { status: 'succeeded', reason: null }
  const kinds = new Map<string, number>()
  for (const failure of failures) {
    const word = failure.notAsked === true ? 'not asked after repeated failures' : words[failure.reason]
    const kind = `${word}${failure.action === null ? '' : ` (${failure.action})`}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + (failure.count ?? 1))
  }
  const parts = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${count === 1 ? 'read' : 'reads'} ${kind}`)
  return { status: 'partial', reason: parts.join('; ') }
}
