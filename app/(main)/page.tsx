import type { Metadata } from 'next'
import Link from 'next/link'
import { createLoader, parseAsStringLiteral } from 'nuqs/server'
import { Suspense } from 'react'
import { VerdictSummary } from '@/components/findings/verdict-summary'
import { formatCounted, formatScore } from '@/components/format'
import { judgedBy, scanFileHref, scanHref } from '@/components/links'
import { FixFirst } from '@/components/overview/fix-first'
import { HeatMap } from '@/components/overview/heat-map'
import { KeyPointTable } from '@/components/overview/key-point-table'
import { ScoreLine } from '@/components/overview/score-line'
import { StartButton } from '@/components/scans/start-button'
import { ScanBasis } from '@/components/scans/scan-basis'
import { UnreadTable } from '@/components/scans/unread-table'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { RunIcon } from '@/components/ui/icons'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/auth/person'
import { checks } from '@/lib/checks'
import { isTenantWide } from '@/lib/domain/scan'
import { coverageOf } from '@/lib/domain/score'
import { laterWithoutResults, loadExempted, loadOverview } from './load-overview'
import { productName } from './product-name'
import { RecentTrend, RecentTrendAwaited } from './recent-trend'
import { startScan } from './scans/actions'
import { SinceBefore, SinceBeforeAwaited } from './since-before'

const fixFirstMax = 10
/** More are a click away, so that the page stays light in a large estate. */
const [subscriptionsMax, unreadMax] = [10, 5]

export async function generateMetadata(): Promise<Metadata> {
  const { scan, estate } = await loadOverview()
  const state = scan === null ? 'No scan yet' : `Score ${formatScore(scan.score)}`
  // The layout's template holds for the pages below it alone.
  return { title: { absolute: `${state} · Overview · ${productName(estate)}` } }
}

const loadOverviewParams = createLoader({ subscriptions: parseAsStringLiteral(['all']) })

export default async function OverviewPage({ searchParams }: PageProps<'/'>) {
  const { subscriptions: asked } = await loadOverviewParams(searchParams)
  const { person, scan, previousScore, counts, keyPoints, subscriptions, worst } = await loadOverview()
  const mayScan = hasRole(person, 'Keypoint.Operator')
  const header = <PageHeader title="Overview" actions={mayScan && <StartButton action={startScan} kind="primary" icon={<RunIcon />} label="Run scan" />} />

  if (scan === null) {
    return (
      <>
        {header}
        <EmptyState title="No scan has finished yet">
          <p>The score, the ten key points and the gaps will be here after the first scan. <Link className="link" href="/scans">See the scans</Link>.</p>
          {!mayScan && <p>Starting a scan needs the role Keypoint.Operator; ask whoever administers Keypoint.</p>}
        </EmptyState>
      </>
    )
  }

  const later = await laterWithoutResults(scan.scanId)
  const exempt = Object.values(await loadExempted()).reduce((sum, count) => sum + count, 0)
  const now = new Date()
  const within = judgedBy(scan)
  const titles = new Map(checks.map((check) => [check.id, check.title]))
  const change = scan.score !== null && previousScore !== null ? scan.score - previousScore : null
  return (
    <>
      {header}
      <div className="space-y-6">
        <section aria-label="Score" className="space-y-3">
          <ScoreLine score={scan.score} coverage={scan.coverage ?? coverageOf(counts)} scan={scan} unknown={counts.unknown} filter={within} now={now}
            sinceBefore={<Suspense fallback={<SinceBeforeAwaited />}><SinceBefore scanId={scan.scanId} change={change} /></Suspense>} />
          <VerdictSummary counts={counts} filter={within} exported="all findings of this scan" fileHref={(format) => scanFileHref(scan.scanId, format)} />
          {!isTenantWide(scan.scope) && <ScanBasis scan={scan} now={now} />}
          {exempt > 0 && <p className="text-sm"><Link href="/exemptions" className="link">{formatCounted(exempt, 'gap')} exempt</Link> <span className="text-muted">{isTenantWide(scan.scope) ? 'for a time; they stay gaps and count in the score.' : 'for a time in all of the estate; they stay gaps.'}</span></p>}
        </section>
        {later !== null && (
          <Notice kind="error" title={later.status === 'failed' ? 'The last scan failed' : 'The last scan was cancelled'}>
            {later.error !== null && <p className="wrap-anywhere">{later.error}</p>}
            <p>What is shown here was found by the scan before it; the list of resources has what it did store. <Link className="link" href={scanHref(later.scanId)}>Open the scan that {later.status === 'failed' ? 'failed' : 'was cancelled'}</Link>.</p>
          </Notice>
        )}
        {scan.status === 'partial' && (
          <Notice kind="warning" title={`${later === null ? 'The last scan' : 'The scan that is shown'} could not read everything`}>
            <p>What could not be read is unknown: it counts neither as pass nor as fail, and lowers the coverage. <a className="link" href="#could-not-read">See what is missing</a> or <Link className="link" href={scanHref(scan.scanId)}>open the scan</Link>.</p>
          </Notice>
        )}
        <Card title="Key points" id="key-points"><KeyPointTable rows={keyPoints} within={within} /></Card>
        <div className="grid items-start gap-6 xl:grid-cols-[2fr_1fr]">
          <Card title="Fix first" id="fix-first">
            {worst.length > 0 ? <FixFirst rows={worst.slice(0, fixFirstMax)} titles={titles} within={within} /> : <p className="text-sm">No gaps in what could be read.{counts.unknown > 0 && ' What could not be read may hold some.'}</p>}
          </Card>
          <Card title="Trend" id="trend"><Suspense fallback={<RecentTrendAwaited />}><RecentTrend now={now} /></Suspense></Card>
        </div>
        {subscriptions.length > 0 && <Card title="Subscriptions" id="subscriptions"><HeatMap rows={subscriptions} cut={asked === 'all' ? null : { rowsMax: subscriptionsMax, allHref: '/?subscriptions=all#subscriptions' }} /></Card>}
        {scan.unread.length > 0 && <Card title="Could not read" id="could-not-read"><UnreadTable rows={scan.unread} total={scan.unreadTotal} linkedWithin={within} cut={{ rowsMax: unreadMax, allHref: `${scanHref(scan.scanId)}#could-not-read` }} /></Card>}
      </div>
    </>
  )
}
