import { keyPointSlugs, type KeyPoint } from '@/lib/domain/key-point'
import type { Severity, Verdict } from '@/lib/domain/verdict'

/** A resource's current standing, kept beside it for the resources page. */
export interface Posture {
  fails: Record<Severity, number>
  unknown: number
  pass: number
  /** All findings, whatever their verdict. */
  findings: number
  mask: number
}

/** Worst first; the bit of a verdict within a key point's four. */
const verdictOrder: readonly Verdict[] = ['fail', 'unknown', 'pass', 'not-applicable']

// Ten key points of four bits fit a double exactly, but not the 32 bits of JavaScript's bitwise operators.
function bitOf(keyPoint: KeyPoint, verdict: Verdict): number {
  return 2 ** (keyPointSlugs.indexOf(keyPoint) * 4 + verdictOrder.indexOf(verdict))
}

function hasBit(mask: number, bit: number): boolean {
  return Math.floor(mask / bit) % 2 === 1
}

export function emptyPosture(): Posture {
  return { fails: { critical: 0, high: 0, medium: 0, low: 0 }, unknown: 0, pass: 0, findings: 0, mask: 0 }
}

/** Counts one finding in. */
export function addToPosture(posture: Posture, keyPoint: KeyPoint, verdict: Verdict, severity: Severity): void {
  posture.findings += 1
  if (verdict === 'fail') posture.fails[severity] += 1
  if (verdict === 'unknown') posture.unknown += 1
  if (verdict === 'pass') posture.pass += 1
  const bit = bitOf(keyPoint, verdict)
  if (!hasBit(posture.mask, bit)) posture.mask += bit
}

/** Orders by the worst severity with gaps, then by how many, then by unknowns; fits 31 bits. */
export function rankOf(posture: Posture): number {
  const { critical, high, medium, low } = posture.fails
  const digits: [count: number, base: number][] = [[critical, 32], [high, 64], [medium, 64], [low, 64], [posture.unknown, 128]]
  return digits.reduce((rank, [count, base]) => rank * base + Math.min(count, base - 1), 0)
}

/** The worst verdict by key point. */
export function worstByKeyPoint(mask: number): Partial<Record<KeyPoint, Verdict>> {
  const worst: Partial<Record<KeyPoint, Verdict>> = {}
  for (const keyPoint of keyPointSlugs) {
    const verdict = verdictOrder.find((candidate) => hasBit(mask, bitOf(keyPoint, candidate)))
    if (verdict !== undefined) worst[keyPoint] = verdict
  }
  return worst
}

/** The bits of all given verdicts of all given key points; without key points: of every one. */
export function maskOf(verdicts: readonly Verdict[], keyPoints: readonly KeyPoint[] = keyPointSlugs): number {
  return keyPoints.flatMap((keyPoint) => verdicts.map((verdict) => bitOf(keyPoint, verdict))).reduce((a, b) => a + b, 0)
}
