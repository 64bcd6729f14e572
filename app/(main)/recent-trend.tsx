import Link from 'next/link'
import { narrowLinksMax, TrendChart, TrendLegend } from '@/components/charts/trend-chart'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, getTrend } from '@/lib/db'
import { dayMs } from '@/lib/domain/day'

const days = 90

/** Score and coverage of the last months, with the way to all trends. */
export async function RecentTrend({ now }: { now: Date }) {
  const { viewer } = await requireViewer()
  const points = await getTrend(getDatabase(), viewer, { since: new Date(now.getTime() - days * dayMs) })
  const [first] = points
  if (first === undefined || points.length < 2) return <p className="text-sm text-muted">From the second scan of everything on, this shows whether it gets better.</p>
  return (
    <div className="space-y-3">
      <TrendLegend linked={points.length <= narrowLinksMax} />
      <TrendChart narrow points={points} since={new Date(first.at)} until={now} />
      <p className="text-sm"><Link href="/trends" className="link inline-block py-0.5">All trends</Link></p>
    </div>
  )
}

/** Holds the chart's place until it is drawn. */
export function RecentTrendAwaited() {
  return <div className="skeleton h-72" />
}
