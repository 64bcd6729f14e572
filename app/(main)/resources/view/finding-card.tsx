import Link from 'next/link'
import { EvidenceTable } from '@/components/findings/evidence-table'
import { RemediationPanel } from '@/components/findings/remediation-panel'
import { SeverityMark } from '@/components/findings/severity-mark'
import { reopenedText, VerdictHistory } from '@/components/findings/verdict-history'
import { VerdictMark } from '@/components/findings/verdict-mark'
import { formatDay, formatRelative } from '@/components/format'
import { checkHref, newExemptionHref } from '@/components/links'
import { Badge } from '@/components/ui/badge'
import { CodeBlock } from '@/components/ui/code-block'
import { Disclosure } from '@/components/ui/disclosure'
import { Time } from '@/components/ui/time'
import { reasonWords } from '@/components/vocabulary'
import { azurePolicyNotes } from '@/lib/checks/azure-policy-notes'
import type { Check, Remediation } from '@/lib/domain/check'
import { cureFor, isReadFailure } from '@/lib/domain/cure'
import type { ExemptionMark } from '@/lib/domain/exemption'
import type { GapHistory } from '@/lib/domain/gap-history'
import type { FindingRow } from '@/lib/domain/views'
import { PolicyNotes } from './policy-notes'

interface FindingCardProps {
  finding: FindingRow
  history: GapHistory | undefined
  check: Check | undefined
  /** Null where there is nothing to do. */
  remediation: Remediation | null
  /** Marks a fail that people decided to live with for a time. */
  exemption: ExemptionMark | null
  /** True: the page shows what was read of the resource itself. */
  hasFacts: boolean
  /** True: may ask for an exemption. */
  mayAsk: boolean
  portalHref: string | null
  now: Date
}

/** One finding: verdict and reason, then evidence, then what to do. Its anchor is the check's id. */
export function FindingCard({ finding, history, check, remediation, exemption, hasFacts, mayAsk, portalHref, now }: FindingCardProps) {
  const { since } = finding
  // A loss of sight does not close a gap.
  const gapSince = finding.verdict === 'unknown' ? (history?.openSince ?? null) : null
  const title = check?.title ?? finding.check
  return (
    <article id={finding.check} aria-labelledby={`${finding.check}-title`} className="space-y-3 rounded border border-line px-4 py-3 target:border-accent target:outline-2 target:outline-accent">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <VerdictMark verdict={finding.verdict} />
        {exemption !== null && <Badge>{exemption.category === 'mitigated' ? 'Mitigated, exempt' : 'Exempt'} until {formatDay(exemption.expiresAt)}</Badge>}
        <h3 id={`${finding.check}-title`} className="font-semibold"><Link href={checkHref(finding.check)} className="link">{title}</Link></h3>
        {(finding.verdict === 'fail' || finding.verdict === 'unknown') && <span className="text-sm"><SeverityMark severity={finding.severity} /></span>}
        <span className="text-sm text-muted sm:ml-auto">
          {finding.verdict === 'fail' ? 'open since' : 'since'} {formatDay(since)}, <Time iso={since} text={formatRelative(since, now)} />
          {gapSince !== null && <>, a gap when it was last seen, open since {formatDay(gapSince)}, <Time iso={gapSince} text={formatRelative(gapSince, now)} /></>}
          {history !== undefined && history.timesReopened > 0 && `, ${reopenedText(history.timesReopened)}`}
        </span>
      </div>
      <p>{finding.reason}</p>
      {exemption !== null && <p className="text-sm"><span className="text-muted">Exempt: </span><span className="wrap-anywhere">{exemption.reason}</span> <span className="text-muted">{exemption.source === null ? `Asked for by ${exemption.requestedBy}, approved by ${exemption.approvedBy}.` : `From Azure Policy: ${exemption.source.name}. Approved by ${exemption.approvedBy}.`}</span></p>}
      {finding.verdict === 'unknown' && <UnknownHelp finding={finding} />}
      {Object.keys(finding.evidence).length > 0 && (
        <div className="space-y-2">
          <h4 className="text-sm font-semibold">Evidence</h4>
          <EvidenceTable evidence={finding.evidence} label={title} />
          {check !== undefined && <p className="text-sm"><span className="text-muted">Wanted: </span>{check.rules.pass}</p>}
          <Disclosure summary="Raw evidence (JSON)"><CodeBlock text={JSON.stringify(finding.evidence, null, 2)} label={`evidence of ${title}`} /></Disclosure>
        </div>
      )}
      {history !== undefined && <VerdictHistory history={history} title={title} />}
      {(finding.verdict === 'pass' || finding.verdict === 'fail') && <PolicyNotes notes={azurePolicyNotes(finding.check, finding.resourceType)} />}
      {remediation !== null && (
        <div className="space-y-1">
          <h4 className="text-sm font-semibold">What to do</h4>
          <RemediationPanel remediation={remediation} resourceName={finding.resourceName} portalHref={portalHref} />
        </div>
      )}
      <p className="flex flex-wrap items-baseline gap-x-5 text-sm text-muted">
        <span>Decided by <code>{finding.check}</code>, version {finding.checkVersion}{hasFacts && <>, from <a href="#facts" className="link">what Azure answered</a></>}</span>
        <a href={`#${finding.check}`} className="link py-0.5 print:hidden">Link to this finding<span className="sr-only">, {title}</span></a>
        {finding.verdict === 'fail' && exemption === null && mayAsk && (
          <Link href={newExemptionHref(finding.resourceId, finding.check)} prefetch={false} className="link py-0.5 print:hidden">Ask for an exemption<span className="sr-only"> from {title}</span></Link>
        )}
      </p>
    </article>
  )
}

/** The failed read in words; what would cure it is what to do, below. */
function UnknownHelp({ finding: { reasonCode: code, permission, subscriptionId } }: { finding: FindingRow }) {
  const reasonCode = code ?? 'api-error'
  return (
    <div className="space-y-1 rounded border-2 border-dashed border-unknown bg-panel px-3 py-2 text-sm">
      <p><strong className="font-semibold">{reasonWords[reasonCode]}.</strong> Unknown is neither pass nor fail: it stays out of the score and lowers the coverage.</p>
      {permission !== null && <p>Missing permission: <code className="wrap-anywhere">{permission}</code></p>}
      {!isReadFailure(reasonCode) && <p>{cureFor({ reasonCode, permission, subscriptionId }).sentence}</p>}
    </div>
  )
}
