import type { Metadata } from 'next'
import Link from 'next/link'
import { TrendChart, TrendLegend } from '@/components/charts/trend-chart'
import { keyPointHref } from '@/components/links'
import { buttonClass } from '@/components/ui/button'
import { Card } from '@/components/ui/card'
import { EmptyState } from '@/components/ui/empty-state'
import { Field, inputClass } from '@/components/ui/field'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { gapTurnover, getDatabase, getTrend, listSubscriptionNames } from '@/lib/db'
import { keyPoints, type KeyPoint } from '@/lib/domain/key-point'
import { trendSpans, type TrendPoint } from '@/lib/domain/trend'
import { loadTrendParams } from './search-params'
import { TrendTable } from './trend-table'
import { TurnoverTables } from './turnover-tables'

export const metadata: Metadata = { title: 'Trends' }

const dayMs = 86_400_000

export default async function TrendsPage({ searchParams }: { searchParams: Promise<Record<string, string | string[]>> }) {
  const { viewer } = await requireViewer()
  const { days, subscription } = await loadTrendParams(searchParams)
  const db = getDatabase()
  const until = new Date()
  const since = new Date(until.getTime() - days * dayMs)
  const subscriptions = await listSubscriptionNames(db, viewer)
  const chosen = subscriptions.find((one) => one.subscriptionId === subscription.toLowerCase())
  const [points, turnover] = await Promise.all([
    getTrend(db, viewer, { since, subscription: chosen?.subscriptionId }), gapTurnover(db, viewer, since),
  ])
  const judged = keyPoints.filter(({ slug }) => points.some((point) => point.keyPoints[slug] !== undefined))
  const ownTurnover = chosen === undefined ? turnover : turnover.filter((row) => row.subscriptionId === chosen.subscriptionId)
  return (
    <>
      <PageHeader title="Trends" lead={chosen === undefined ? 'Scans of everything, over time' : `What each scan found in ${chosen.displayName}`} />
      <div className="space-y-6">
        <form method="get" action="/trends" className="grid max-w-3xl items-end gap-4 sm:grid-cols-[1fr_1fr_auto] print:hidden" key={`${days} ${subscription}`}>
          <Field id="days" label="Time">
            <select id="days" name="days" defaultValue={days} className={inputClass}>{trendSpans.map((span) => <option key={span} value={span}>Last {span} days</option>)}</select>
          </Field>
          <Field id="subscription" label="Subscription">
            <select id="subscription" name="subscription" defaultValue={chosen?.subscriptionId ?? ''} className={inputClass}>
              <option value="">All</option>
              {subscriptions.map((one) => <option key={one.subscriptionId} value={one.subscriptionId}>{one.displayName}</option>)}
            </select>
          </Field>
          <button type="submit" className={buttonClass('primary')}>Show</button>
        </form>
        {points.length === 0 ? <EmptyState title="No scan with results in this time">Choose a longer time, or run a scan.</EmptyState> : (
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
            <Card title="Gaps opened and closed" id="gaps"><TurnoverTables rows={ownTurnover} subscriptions={subscriptions} bySubscription={chosen === undefined} /></Card>
            <Card title="As a table" id="table"><TrendTable points={points.toReversed()} keyPoints={judged.map(({ slug }) => slug)} /></Card>
          </>
        )}
      </div>
    </>
  )
}

/** The same scans, as they judged one key point. */
function pointsOf(points: TrendPoint[], keyPoint: KeyPoint) {
  return points.flatMap(({ scanId, at, status, keyPoints }) => {
    const figures = keyPoints[keyPoint]
    return figures === undefined ? [] : [{ scanId, at, status, ...figures }]
  })
}
