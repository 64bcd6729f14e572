import type { Judgement } from '@/lib/domain/finding'

/** Days as evidence has them, of which 0 keeps for ever; null where they were not read. */
export function daysSeen(value: unknown): number | null {
  if (value === 'for ever') return 0
  return typeof value === 'number' ? value : null
}

/** The days to write: those asked, or those that are there where they are more. 0 keeps for ever. */
export function longerOf(seen: number | null, asked: number): number {
  return seen === 0 || asked === 0 ? 0 : Math.max(seen ?? 0, asked)
}

/** Whether what is there is long enough by itself. */
export function isLongEnough(seen: number | null, asked: number): boolean {
  return seen !== null && longerOf(seen, asked) === seen
}

/** Whether a finding could not look, so that nobody knows what a change would take away. */
export function isUnread(judgement: Judgement): boolean {
  return judgement.verdict === 'unknown' && judgement.reasonCode !== 'unsupported' && judgement.reasonCode !== 'not-onboarded'
}

/** Goes with a remediation that gives no command. */
export const notRead = 'What is there now could not be read, so nothing is given to paste: it could overwrite what nobody saw.'
