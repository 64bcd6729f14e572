import type { ReadFailure } from '@/lib/domain/collected'
import type { ReasonCode } from '@/lib/domain/verdict'

const words: Record<ReasonCode, string> = {
  'permission-denied': 'refused',
  throttled: 'throttled to the end',
  'api-error': 'failed',
  'not-onboarded': 'without the provider',
  unsupported: 'not supported',
}

/** What a subscription's part came to: partial when some read failed, with one sentence that counts the failures by kind. */
export function partStatusOf(failures: readonly ReadFailure[]): { status: 'succeeded' | 'partial'; reason: string | null } {
  if (failures.length === 0) return { status: 'succeeded', reason: null }
  const kinds = new Map<string, number>()
  for (const failure of failures) {
    const kind = `${words[failure.reason]}${failure.action === null ? '' : ` (${failure.action})`}`
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
  }
  const parts = [...kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${count === 1 ? 'read' : 'reads'} ${kind}`)
  return { status: 'partial', reason: parts.join('; ') }
}
