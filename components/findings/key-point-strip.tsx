import { verdictWords } from '@/components/vocabulary'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import { VerdictIcon } from './verdict-mark'

/** Ten small marks in contract order; a dot where nothing was judged. Read out as sentences of what is not empty. */
export function KeyPointStrip({ verdicts }: { verdicts: Partial<Record<KeyPoint, Verdict>> }) {
  return (
    <span className="inline-flex h-5 items-center">
      <span className="sr-only">{stripSentence(verdicts)}</span>
      {keyPoints.map((keyPoint) => {
        const verdict = verdicts[keyPoint.slug]
        return (
          <span key={keyPoint.slug} aria-hidden title={`${keyPoint.title}: ${verdict === undefined ? 'not judged' : verdictWords[verdict].toLowerCase()}`} className="inline-flex size-4 items-center justify-center">
            {verdict === undefined ? <span className="size-1 rounded-full bg-line" /> : <VerdictIcon verdict={verdict} className="size-3.5" />}
          </span>
        )
      })}
    </span>
  )
}

function stripSentence(verdicts: Partial<Record<KeyPoint, Verdict>>): string {
  const parts = keyPoints.flatMap(({ slug, title }) => {
    const verdict = verdicts[slug]
    return verdict === undefined ? [] : [`${title}: ${verdictWords[verdict].toLowerCase()}`]
  })
  return parts.length === 0 ? 'No key point judged' : parts.join('. ')
}
