import { VerdictMark } from '@/components/findings/verdict-mark'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import { severities, type Verdict } from '@/lib/domain/verdict'
import type { FindingRow } from '@/lib/domain/views'

const worstFirst: readonly Verdict[] = ['fail', 'unknown', 'pass', 'not-applicable']

/** Fails before unknowns, passes and what does not apply; of one verdict the more severe first. */
export function byWorst(a: FindingRow, b: FindingRow): number {
  return worstFirst.indexOf(a.verdict) - worstFirst.indexOf(b.verdict) || severities.indexOf(a.severity) - severities.indexOf(b.severity)
}

/** A key point's worst verdict; undefined where nothing was judged. */
function worstVerdict(findings: readonly FindingRow[], keyPoint: KeyPoint): Verdict | undefined {
  const own = findings.filter((finding) => finding.keyPoint === keyPoint)
  return worstFirst.find((verdict) => own.some((finding) => finding.verdict === verdict))
}

/** The ten verdicts of one resource, each leading to its findings below. */
export function VerdictList({ findings }: { findings: FindingRow[] }) {
  return (
    <ol className="text-sm">
      {keyPoints.map((keyPoint) => {
        const verdict = worstVerdict(findings, keyPoint.slug)
        return (
          <li key={keyPoint.slug} className="flex min-h-7 items-baseline gap-x-3 border-b border-line py-0.5">
            <span className="w-32 shrink-0">{verdict === undefined ? <span className="text-muted">Not judged</span> : <VerdictMark verdict={verdict} />}</span>
            {verdict === undefined ? <span>{keyPoint.title}</span> : <a href={`#${keyPoint.slug}`} className="link py-0.5">{keyPoint.title}</a>}
          </li>
        )
      })}
    </ol>
  )
}
