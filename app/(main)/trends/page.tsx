import type { Metadata } from 'next'
import Link from 'next/link'
import { TrendChart, TrendLegend } from '@/components/charts/trend-chart'
import { keyPointHref } from '@/components/links'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { gapTurnover, getDatabase, getTrend, trendSubjects, type GapTurnover, type TrendSubjects } from '@/lib/db'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import type { TrendPoint, TrendSubject } from '@/lib/domain/trend'
import { loadTrendParams, spanOf, subjectOf } from './search-params'
import { TrendForm } from './trend-form'
import { TrendTable } from './trend-table'
import { TurnoverTables } from './turnover-tables'

export const metadata: Metadata = { title: 'Trends' }

export default async function TrendsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[]>> }) {
  const { viewer } = await requireViewer()
  const params = await loadTrendParams(searchParams)
  const db = getDatabase()
  const { since: asked, until } = spanOf(params, new Date())
  const subjects = await trendSubjects(db, viewer)
  const { of, label } = subjectOf(params.of, subjects)
  const [points, turnover] = await Promise.all([getTrend(db, viewer, { since: asked, until, of }), gapTurnover(db, viewer, asked, until)])
  // Before the first scan there is nothing to draw: a young history fills the charts, too.
  const since = new Date(points[0]?.at ?? until)
  const judged = keyPoints.filter(({ slug }) => points.some((point) => point.keyPoints[slug] !== undefined))
  return (
    <>
      <PageHeader title="Trends" lead={leadOf(of, label)} />
      <div className="space-y-6">
        <TrendForm subjects={subjects} chosen={{ ...params, of }} />
        {points.length === 0 ? <NoPoints anyScan={subjects.subscriptions.length > 0} /> : (
          <>
            <Card title="Score and coverage" id="total">
              <div className="space-y-3"><TrendLegend /><TrendChart points={points} since={since} until={until} /></div>
            </Card>
            <Card title="Score by key point" id="key-points">
              <div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
                {judged.map(({ slug, title }) => (
                  <section key={slug} aria-labelledby={`trend-${slug}`} className="min-w-0 space-y-2">
                    <h3 id={`trend-${slug}`} className="text-sm font-semibold"><Link href={keyPointHref(slug)} className="link">{title}</Link></h3>
                    <TrendChart small points={pointsOf(points, slug)} since={since} until={until} />
                  </section>
                ))}
              </div>
            </Card>
            {of.kind !== 'type' && (
              <Card title="Gaps opened and closed" id="gaps"><TurnoverTables rows={turnoverOf(turnover, of, subjects)} subscriptions={subjects.subscriptions} bySubscription={of.kind !== 'subscription'} /></Card>
            )}
            <Card title="As a table" id="table"><TrendTable points={points.toReversed()} keyPoints={judged.map(({ slug }) => slug)} /></Card>
          </>
        )}
      </div>
    </>
  )
}

function NoPoints({ anyScan }: { anyScan: boolean }) {
  if (anyScan) return <EmptyState title="No scan with results in this time">Choose a longer time, or run a scan.</EmptyState>
  return <EmptyState title="No scan has finished yet" action={<Link href="/scans" className={buttonClass()}>Go to the scans</Link>}>Score and coverage of each scan will be here; a schedule adds one every night.</EmptyState>
}

function leadOf({ kind }: TrendSubject, label: string): string {
  switch (kind) {
    case 'everything': return 'Scans of everything, over time'
    case 'subscription': return `What each scan found in ${label}`
    case 'management-group': return `Scans of everything, as they judged the subscriptions that were below ${label} at the time`
    case 'type': return `Scans of everything, as they judged resources of the type ${label}`
  }
}

/** The gaps of the subscriptions that are chosen; of a management group, of those that are below it now. */
function turnoverOf(rows: GapTurnover[], of: TrendSubject, { managementGroups }: TrendSubjects): GapTurnover[] {
  if (of.kind === 'subscription') return rows.filter((row) => row.subscriptionId === of.subscriptionId)
  if (of.kind !== 'management-group') return rows
  const below = new Set(managementGroups.find(({ name }) => name === of.name)?.subscriptions)
  return rows.filter((row) => row.subscriptionId !== null && below.has(row.subscriptionId))
}

/** The same scans, as they judged one key point. */
function pointsOf(points: TrendPoint[], keyPoint: KeyPoint) {
  return points.flatMap(({ scanId, at, status, keyPoints }) => {
    const figures = keyPoints[keyPoint]
    return figures === undefined ? [] : [{ scanId, at, status, ...figures }]
  })
}
