import { VerdictMark } from '@/components/findings/verdict-mark'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import type { FindingRow } from '@/lib/domain/views'

const worstFirst: readonly Verdict[] = ['fail', 'unknown', 'pass', 'not-applicable']

/** A key point's worst verdict; undefined where nothing was judged. */
function worstVerdict(findings: readonly FindingRow[], keyPoint: KeyPoint): Verdict | undefined {
  const own = findings.filter((finding) => finding.keyPoint === keyPoint)
  return worstFirst.find((verdict) => own.some((finding) => finding.verdict === verdict))
}

/** The ten verdicts of one resource, each leading to its findings below. */
export function VerdictList({ findings }: { findings: FindingRow[] }) {
  return (
    <ol className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
      {keyPoints.map((keyPoint) => {
        const verdict = worstVerdict(findings, keyPoint.slug)
        return (
          <li key={keyPoint.slug} className="flex min-h-7 flex-wrap items-center justify-between gap-x-3 border-b border-line py-0.5">
            {verdict === undefined
              ? <><span>{keyPoint.title}</span><span className="text-muted">Not judged</span></>
              : <><a href={`#${keyPoint.slug}`} className="link py-0.5">{keyPoint.title}</a><VerdictMark verdict={verdict} /></>}
          </li>
        )
      })}
    </ol>
  )
}
