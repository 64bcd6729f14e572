import Link from 'next/link'
import { formatCount, formatDuration, formatPercent, formatScore, formatUtc } from '@/components/format'
import { judgedBy, keyPointHref, resourcesHref, scanFileHref, scanHref, type ResourceFilter } from '@/components/links'
import { PartTable } from '@/components/scans/part-table'
import { MissedTable } from '@/components/scans/missed-table'
import { RequestCounters } from '@/components/scans/request-counters'
import { hasResults } from '@/components/scans/scan-progress-view'
import { UnreadTable } from '@/components/scans/unread-table'
import { Card } from '@/components/ui/card'
import { CountLink } from '@/components/ui/count-link'
import { DefinitionList } from '@/components/ui/definition-list'
import { ExportLinks } from '@/components/ui/export-links'
import { Notice } from '@/components/ui/notice'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { verdictWords } from '@/components/vocabulary'
import { keyPointTitle, type KeyPoint } from '@/lib/domain/key-point'
import type { KeyPointSummary } from '@/lib/domain/scan'
import type { Verdict } from '@/lib/domain/verdict'
import type { ScanDetail } from '@/lib/domain/views'

/** What an ended scan found and could not read. Counts lead to rows only while no later scan has changed them. */
export function ScanOutcome({ scan, isLatest }: { scan: ScanDetail; isLatest: boolean }) {
  const { startedAt, finishedAt } = scan
  const linkedWithin = isLatest ? judgedBy(scan) : null
  return (
    <>
      {scan.pruned && <Notice title="Only the figures of this scan are kept"><p>Its findings were pruned for their age; see Settings › History for how long they are kept.</p></Notice>}
      <Card title="Summary" id="summary">
        <DefinitionList
          items={[
            { term: 'Score', value: <strong className="font-semibold tabular-nums">{formatScore(scan.score)}</strong> },
            { term: 'Coverage', value: scan.coverage === null ? 'Nothing was judged' : formatPercent(scan.coverage) },
            { term: 'Started', value: startedAt === null ? 'Never' : formatUtc(startedAt) },
            { term: 'Ended', value: finishedAt === null ? 'Not yet' : formatUtc(finishedAt) },
            ...(startedAt !== null && finishedAt !== null ? [{ term: 'Took', value: formatDuration(Date.parse(finishedAt) - Date.parse(startedAt)) }] : []),
            { term: 'Subscriptions read', value: `${formatCount(scan.subscriptionsRead)} of ${formatCount(scan.subscriptionsTotal)}` },
            { term: 'Resources in the inventory', value: scan.resources === null ? 'Not counted' : formatCount(scan.resources) },
            { term: 'Policy', value: scan.policyVersion === 0 ? 'Defaults' : <Link href={`/settings/versions#version-${scan.policyVersion}`} className="link">Version {scan.policyVersion}</Link> },
            ...(scan.judgesAgain === null ? [] : [{ term: 'Judged again', value: <>What an <Link href={scanHref(scan.judgesAgain)} className="link">earlier scan</Link> had read; Azure was not asked</> }]),
          ]}
        />
        {hasResults(scan) && <div className="mt-3"><ExportLinks what="the findings of this scan" hrefFor={(format) => scanFileHref(scan.scanId, format)} /></div>}
        {scan.requests !== null && <div className="mt-4"><RequestCounters requests={scan.requests} /></div>}
      </Card>
      {scan.summary !== null && hasResults(scan) && <Card title="Key points" id="key-points"><KeyPointSummaries rows={scan.summary.keyPoints} linkedWithin={linkedWithin} /></Card>}
      {!scan.pruned && <Card title="Could not read" id="could-not-read">
        {scan.unread.length > 0 ? <UnreadTable rows={scan.unread} total={scan.unreadTotal} linkedWithin={linkedWithin} /> : <p className="text-sm">{hasResults(scan) ? 'Everything that was asked could be read.' : 'The scan ended before it judged anything.'}</p>}
      </Card>}
      {scan.missedCounts.missed + scan.missedCounts.perhapsMissed > 0 && <Card title="Missed by the scans before" id="missed"><MissedTable rows={scan.missed} counts={scan.missedCounts} /></Card>}
      {scan.parts.length > 0 && <Card title="Subscriptions" id="subscriptions"><PartTable parts={scan.parts} /></Card>}
    </>
  )
}

function KeyPointSummaries({ rows, linkedWithin }: { rows: KeyPointSummary[]; linkedWithin: ResourceFilter | null }) {
  return (
    <DataTable caption="Key points in this scan">
      <thead>
        <tr>
          <HeadCell>Key point</HeadCell>
          <HeadCell numeric>Score</HeadCell>
          <HeadCell numeric>Pass</HeadCell>
          <HeadCell numeric>Fail</HeadCell>
          <HeadCell numeric>Unknown</HeadCell>
          <HeadCell numeric>Not applicable</HeadCell>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => {
          const judged = row.pass + row.fail + row.unknown + row.notApplicable > 0
          return (
            <tr key={row.keyPoint}>
              <RowHead><Link href={keyPointHref(row.keyPoint)} prefetch={false} className="link inline-block py-0.5">{keyPointTitle(row.keyPoint)}</Link></RowHead>
              {judged ? (
                <>
                  <Cell numeric label="Score">{formatScore(row.score)}</Cell>
                  <Cell numeric label="Pass"><KeyPointCount count={row.pass} keyPoint={row.keyPoint} verdict="pass" linkedWithin={linkedWithin} /></Cell>
                  <Cell numeric label="Fail"><KeyPointCount count={row.fail} keyPoint={row.keyPoint} verdict="fail" linkedWithin={linkedWithin} /></Cell>
                  <Cell numeric label="Unknown"><KeyPointCount count={row.unknown} keyPoint={row.keyPoint} verdict="unknown" linkedWithin={linkedWithin} /></Cell>
                  <Cell numeric label="Not applicable"><KeyPointCount count={row.notApplicable} keyPoint={row.keyPoint} verdict="not-applicable" linkedWithin={linkedWithin} /></Cell>
                </>
              ) : <Cell colSpan={5} className="text-muted">Not judged</Cell>}
            </tr>
          )
        })}
      </tbody>
    </DataTable>
  )
}

function KeyPointCount({ count, keyPoint, verdict, linkedWithin }: { count: number; keyPoint: KeyPoint; verdict: Verdict; linkedWithin: ResourceFilter | null }) {
  if (linkedWithin === null) return formatCount(count)
  return <CountLink count={count} label={`${verdictWords[verdict].toLowerCase()}, ${keyPointTitle(keyPoint)}`} href={resourcesHref({ ...linkedWithin, keyPoints: [keyPoint], verdicts: [verdict] })} />
}
