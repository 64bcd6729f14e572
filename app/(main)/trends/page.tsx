import type { Metadata } from 'next'
import Link from 'next/link'
import { TrendChart, TrendLegend } from '@/components/charts/trend-chart'
import { keyPointHref } from '@/components/links'
import { Card } from '@/components/ui/card'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { gapTurnover, getDatabase, getTrend, trendSubjects, type GapTurnover, type TrendSubjects } from '@/lib/db'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import type { TrendPoint, TrendSubject } from '@/lib/domain/trend'
import { NoPoints } from './no-points'
import { loadTrendParams, spanOf, subjectOf, trendsQuery, type NamedSubject } from './search-params'
import { TrendForm } from './trend-form'
import { TrendTable } from './trend-table'
import { TurnoverTables } from './turnover-tables'

export const metadata: Metadata = { title: 'Trends' }

export default async function TrendsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[]>> }) {
  const { viewer } = await requireViewer()
  const params = await loadTrendParams(searchParams)
  const db = getDatabase()
  const span = spanOf(params, new Date())
  const subjects = await trendSubjects(db, viewer, span)
  const asked = subjectOf(params.of, subjects)
  const subject = asked ?? everything
  const { of } = subject
  const [points, allTurnover] = await Promise.all([getTrend(db, viewer, { ...span, of }), gapTurnover(db, viewer, span.since, span.until)])
  const turnover = turnoverOf(allTurnover, of, subjects)
  // Before the first scan there is nothing to draw: a young history fills the charts, too.
  const drawn = { since: new Date(points[0]?.at ?? span.until), until: span.until }
  const judged = keyPoints.filter(({ slug }) => points.some((point) => point.keyPoints[slug] !== undefined))
  return (
    <>
      <PageHeader title="Trends" lead={leadOf(subject)} />
      <div className="space-y-6">
        <TrendForm subjects={subjects} chosen={{ ...params, subject }} />
        {asked === null && (
          <Notice title="Some of the address was ignored"><code className="wrap-anywhere">of={params.of.slice(0, 200)}</code> names nothing that a trend can be of: this is the trend of everything.</Notice>
        )}
        {points.length === 0 ? <NoPoints subject={subject} anyScan={subjects.subscriptions.length > 0} /> : (
          <>
            <Card title="Score and coverage" id="total">
              <div className="space-y-3"><TrendLegend /><TrendChart points={points} {...drawn} /></div>
            </Card>
            <Card title="Score and coverage by key point" id="key-points">
              <div className="grid gap-x-8 gap-y-6 md:grid-cols-2">
                {judged.map(({ slug, title }) => (
                  <section key={slug} aria-labelledby={`trend-${slug}`} className="min-w-0 space-y-2">
                    <h3 id={`trend-${slug}`} className="text-sm font-semibold"><Link href={keyPointHref(slug)} className="link">{title}</Link></h3>
                    <TrendChart small points={pointsOf(points, slug)} {...drawn} />
                  </section>
                ))}
              </div>
            </Card>
          </>
        )}
        {of.kind !== 'type' && points.length + turnover.length > 0 && (
          <Card title="Gaps opened and closed" id="gaps"><TurnoverTables rows={turnover} subscriptions={subjects.subscriptions} bySubscription={of.kind !== 'subscription'} /></Card>
        )}
        {points.length > 0 && <Card title="As a table" id="table"><TrendTable points={points} keyPoints={judged.map(({ slug }) => slug)} page={params.page} hrefFor={(page) => trendsQuery('/trends', { ...params, page })} /></Card>}
      </div>
    </>
  )
}

const everything: NamedSubject = { of: { kind: 'everything' }, label: '', isListed: true }

function leadOf({ of: { kind }, label }: NamedSubject): string {
  switch (kind) {
    case 'everything': return 'Scans of everything, over time'
    case 'subscription': return `What each scan found in ${label}`
    case 'management-group': return `Scans of everything, of ${label} or of a group above it, as they judged the subscriptions that were below ${label} at the time`
    case 'type': return `Scans of everything, as they judged resources of the type ${label}`
  }
}

/** The gaps of the subscriptions that are chosen; of a management group, of those that are below it now. */
function turnoverOf(rows: GapTurnover[], of: TrendSubject, { managementGroups }: TrendSubjects): GapTurnover[] {
  if (of.kind === 'subscription') return rows.filter((row) => row.subscriptionId === of.subscriptionId.toLowerCase())
  if (of.kind !== 'management-group') return rows
  const below = new Set(managementGroups.find(({ name }) => name === of.name.toLowerCase())?.subscriptions)
  return rows.filter((row) => row.subscriptionId !== null && below.has(row.subscriptionId))
}

/** The same scans, as they judged one key point. */
function pointsOf(points: TrendPoint[], keyPoint: KeyPoint) {
  return points.flatMap(({ scanId, at, status, keyPoints }) => {
    const figures = keyPoints[keyPoint]
    return figures === undefined ? [] : [{ scanId, at, status, ...figures }]
  })
}
