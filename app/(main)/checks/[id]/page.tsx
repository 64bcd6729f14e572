import type { Metadata } from 'next'
import Link from 'next/link'
import { notFound } from 'next/navigation'
import { SeverityMark } from '@/components/findings/severity-mark'
import { VerdictSummary } from '@/components/findings/verdict-summary'
import { VerdictMark } from '@/components/findings/verdict-mark'
import { formatCount } from '@/components/format'
import { judgedBy, keyPointHref, resourcesHref, scanFileHref } from '@/components/links'
import { ScanBasis } from '@/components/scans/scan-basis'
import { Card } from '@/components/ui/card'
import { DefinitionList } from '@/components/ui/definition-list'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { findCheck } from '@/lib/checks'
import { allAzurePolicyNotes } from '@/lib/checks/azure-policy-notes'
import { getDatabase, listCheckGaps } from '@/lib/db'
import type { Check } from '@/lib/domain/check'
import { keyPointTitle } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import { loadOverview } from '../../load-overview'
import { GapTable } from './gap-table'

interface Props {
  params: Promise<{ id: string }>
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const { id } = await params
  return { title: findCheck(id)?.title ?? 'Not found' }
}

const gapsShown = 20

/** The reference of one check, made from its own definition, with what it found in the last scan. */
export default async function CheckPage({ params }: Props) {
  const { id } = await params
  const check = findCheck(id)
  if (check === undefined) notFound()
  const { scan, checks: rows } = await loadOverview()
  const row = rows.find((candidate) => candidate.check === check.id)
  const fails = row?.counts.fail ?? 0
  const gaps = scan === null || fails === 0 ? [] : await listCheckGaps(getDatabase(), (await requireViewer()).viewer, scan.scanId, check.id, gapsShown)
  const filter = { ...(scan !== null && judgedBy(scan)), checks: [check.id] }
  const now = new Date()
  const notes = allAzurePolicyNotes(check.id)
  const keyPoint = { href: keyPointHref(check.keyPoint), label: keyPointTitle(check.keyPoint) }
  return (
    <>
      <PageHeader title={check.title} crumbs={[{ href: '/key-points', label: 'Key points' }, keyPoint]} lead={check.question} />
      <div className="space-y-6">
        <section aria-label="Verdicts in the last scan" className="space-y-3">
          {check.optional && <p>This check is optional: it is asked where the policy has it on.</p>}
          {row === undefined || scan === null ? <p className="text-muted">{scan === null ? 'No scan has finished yet.' : 'The last scan asked this of nothing.'}</p> : (
            <VerdictSummary counts={row.counts} filter={filter} exported="these findings" fileHref={(format) => scanFileHref(scan.scanId, format, { checks: [check.id] })} />
          )}
          {scan !== null && <ScanBasis scan={scan} now={now} />}
        </section>
        <Card title="Why it matters" id="why"><p className="max-w-3xl">{check.why}</p></Card>
        {gaps.length > 0 && (
          <Card title="Gaps" id="gaps" actions={fails > gaps.length && <Link href={resourcesHref({ ...filter, verdicts: ['fail'] })} className="link text-sm">All {formatCount(fails)}</Link>}>
            <GapTable gaps={gaps} check={check.id} now={now} />
          </Card>
        )}
        <Card title="How it is decided" id="rules"><Rules check={check} /></Card>
        <Card title="Reference" id="reference">
          <DefinitionList
            items={[
              { term: 'Check', value: <><code>{check.id}</code>, version {check.version}</> },
              { term: 'Severity', value: <SeverityMark severity={check.severity} /> },
              { term: 'Sources', value: <Sources sources={check.sources} /> },
              { term: 'Benchmark controls', value: <Mappings mappings={check.mappings} /> },
              ...(notes.length === 0 ? [] : [{ term: 'Azure Policy may differ', value: <ul className="space-y-1">{notes.map((note) => <li key={note.id}><strong className="font-medium">{note.displayName}</strong>: {note.difference}</li>)}</ul> }]),
              { term: 'Azure actions it needs', value: <ul>{check.permissions.map((permission) => <li key={permission}><code>{permission}</code></li>)}</ul> },
            ]}
          />
        </Card>
      </div>
    </>
  )
}

function Rules({ check }: { check: Check }) {
  const lines: { verdict: Verdict; rule: string | undefined }[] = [
    { verdict: 'pass', rule: check.rules.pass },
    { verdict: 'fail', rule: check.rules.fail },
    { verdict: 'unknown', rule: check.rules.unknown },
    { verdict: 'not-applicable', rule: check.rules.notApplicable },
  ]
  return (
    <dl className="grid max-w-4xl gap-x-6 gap-y-2 sm:grid-cols-[auto_1fr]">
      {lines.filter((line) => line.rule !== undefined).map((line) => (
        <div key={line.verdict} className="contents">
          <dt><VerdictMark verdict={line.verdict} /></dt>
          <dd>{line.rule}</dd>
        </div>
      ))}
    </dl>
  )
}

function Sources({ sources }: { sources: Check['sources'] }) {
  return <ul>{sources.map((source) => <li key={source.url}><a href={source.url} className="link inline-block py-0.5" rel="noreferrer">{source.title}</a></li>)}</ul>
}

function Mappings({ mappings }: { mappings: Check['mappings'] }) {
  return <ul>{mappings.map((mapping) => <li key={mapping.framework}>{mapping.framework}: {mapping.controls.join(', ')}</li>)}</ul>
}
