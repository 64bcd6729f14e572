import clsx from 'clsx'
import { formatCount } from '@/components/format'
import { verdictWords } from '@/components/vocabulary'
import { countOrder, type VerdictCounts } from '@/lib/domain/score'
import type { Verdict } from '@/lib/domain/verdict'

const heightOf = (verdict: Verdict) => (verdict === 'not-applicable' ? 5 : 10)

/** Counts in words, in the fixed order: "12 pass, 3 fail, 1 unknown, 4 not applicable". */
function countsSentence(counts: VerdictCounts): string {
  return countOrder.map(({ verdict, key }) => `${formatCount(counts[key])} ${verdictWords[verdict].toLowerCase()}`).join(', ')
}

/** Stacked bar in fixed order; not applicable is a low pale tail. A picture only: the counts stand beside it as text. */
export function VerdictBar({ counts, className = 'h-3 w-full' }: { counts: VerdictCounts; className?: string }) {
  const total = counts.pass + counts.fail + counts.unknown + counts.notApplicable
  const sentence = countsSentence(counts)
  if (total === 0) return null
  return (
    <svg viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label={sentence} stroke="var(--control)" className={clsx('[&_path]:[vector-effect:non-scaling-stroke]', className)}>
      <title>{sentence}</title>
      {countOrder.map(({ verdict, key }, index) => {
        const x = tenth(countOrder.slice(0, index).reduce((sum, before) => sum + counts[before.key], 0) / total)
        const end = tenth(countOrder.slice(0, index + 1).reduce((sum, before) => sum + counts[before.key], 0) / total)
        const height = heightOf(verdict)
        return counts[key] > 0 && <path key={key} d={`M${x} ${(10 - height) / 2}H${end}v${height}H${x}z`} fill={`var(--fill-${verdict})`} />
      })}
    </svg>
  )
}

/** A share in the bar's thousand units, to a tenth. */
function tenth(share: number): number {
  return Math.round(share * 10_000) / 10
}
