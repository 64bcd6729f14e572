import type { GuestAssignment, GuestRule } from '@/lib/domain/estate'

/** Results of guest configuration for tests; judged on 2026-08-01. */
const freshDay = '2026-07-30'
export const staleDay = '2026-07-01'

export function guestOf(name: string, status: string, rules: Readonly<Record<string, boolean>> = {}, checkedOn: string | null = freshDay): GuestAssignment {
  const list = Object.entries(rules).map(([id, passed]): GuestRule => ({ id, status: passed ? 'Compliant' : 'NonCompliant', words: [] }))
  return { name, configuration: name, status, checkedOn, rules: list, rulesReported: list.length }
}
