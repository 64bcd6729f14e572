import clsx from 'clsx'
import { formatDay, formatPercent, formatScore, formatUtc } from '@/components/format'
import { scanHref } from '@/components/links'
import type { TrendPoint } from '@/lib/domain/trend'
import { chartHeight, chartWidth, linePath, xOf, yOf } from './trend-lines'

/** From so many points on, dots of the usual size would hide the line. */
const densePoints = 120

const dayMs = 86_400_000

interface TrendChartProps {
  points: Pick<TrendPoint, 'scanId' | 'at' | 'status' | 'score' | 'coverage'>[]
  since: Date
  until: Date
  /** True: lower, and with one dot for each scan, on its score where it has one. */
  small?: boolean
}

/**
 * Score and coverage over time, 0 to 100, a dot for each scan that leads to it. A picture for the eye and the mouse: its caption and a table beside it say the
 * same to everyone. It stretches to the room it has, so dots are drawn as round ends of lines without length.
 */
export function TrendChart({ points, since, until, small = false }: TrendChartProps) {
  return (
    <figure className="space-y-1">
      <div className="grid grid-cols-[2rem_1fr] gap-x-1 text-xs text-muted tabular-nums" aria-hidden>
        <div className="-my-2 flex flex-col justify-between text-right leading-4"><span>100</span><span>50</span><span>0</span></div>
        <svg viewBox={`0 0 ${chartWidth} ${chartHeight}`} preserveAspectRatio="none" focusable={false} className={clsx('w-full overflow-visible', small ? 'h-24' : 'h-52')}>
          {[0, 25, 50, 75, 100].map((value) => <Line key={value} d={`M0 ${yOf(value)}H${chartWidth}`} stroke="var(--line)" strokeWidth="1" />)}
          <Line d={linePath(points.map(({ at, coverage }) => ({ at, value: coverage })), since, until)} stroke="var(--unknown)" strokeWidth="2" strokeDasharray="6 4" />
          <Line d={linePath(points.map(({ at, score }) => ({ at, value: score })), since, until)} stroke="var(--accent)" strokeWidth="2" />
          {points.map((point) => <Dots key={point.scanId} point={point} x={xOf(point.at, since, until)} withCoverage={!small || point.score === null} size={points.length > densePoints ? 3 : 7} />)}
        </svg>
        <span />
        <div className="flex justify-between gap-4 pt-1"><span>{endText(since, since, until)}</span><span className="text-right">{endText(until, since, until)}</span></div>
      </div>
      <figcaption className="text-sm">{trendSentence(points)}</figcaption>
    </figure>
  )
}

/** An end of the axis of time: within two days a date alone would say too little. */
function endText(end: Date, since: Date, until: Date): string {
  return until.getTime() - since.getTime() < 2 * dayMs ? formatUtc(end.toISOString()) : formatDay(end.toISOString())
}

/** `Score 53.0 to 51.9, coverage 82.6 % to 83.1 %, over 7 scans.` */
export function trendSentence(points: TrendChartProps['points']): string {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return 'No scan in this time.'
  if (points.length === 1) return `One scan: score ${formatScore(first.score).toLowerCase()}, coverage ${formatPercent(first.coverage)}.`
  if (points.every((point) => point.score === null)) return `Not scored, coverage ${formatPercent(first.coverage)} to ${formatPercent(last.coverage)}, over ${points.length} scans.`
  return `Score ${formatScore(first.score).toLowerCase()} to ${formatScore(last.score).toLowerCase()}, coverage ${formatPercent(first.coverage)} to ${formatPercent(last.coverage)}, over ${points.length} scans.`
}

function Dots({ point, x, withCoverage, size }: { point: TrendChartProps['points'][number]; x: number; withCoverage: boolean; size: number }) {
  const tip = `${formatUtc(point.at)}: score ${formatScore(point.score).toLowerCase()}, coverage ${formatPercent(point.coverage)}${point.status === 'partial' ? ', partial' : ''}`
  return (
    <a href={scanHref(point.scanId)} tabIndex={-1}>
      <title>{tip}</title>
      {withCoverage && <Dot x={x} value={point.coverage} size={size} colour="var(--unknown)" hollow={point.status === 'partial'} />}
      {point.score !== null && <Dot x={x} value={point.score} size={size} colour="var(--accent)" hollow={point.status === 'partial'} />}
    </a>
  )
}

/** A dot with room around it to point at; hollow for a partial scan. */
function Dot({ x, value, size, colour, hollow }: { x: number; value: number; size: number; colour: string; hollow: boolean }) {
  const d = `M${x} ${yOf(value)}h0`
  return (
    <>
      <Line d={d} stroke="transparent" strokeWidth="18" />
      <Line d={d} stroke={colour} strokeWidth={String(size)} />
      {hollow && <Line d={d} stroke="var(--page)" strokeWidth={String(size / 2)} />}
    </>
  )
}

function Line(props: { d: string; stroke: string; strokeWidth: string; strokeDasharray?: string }) {
  return <path {...props} fill="none" strokeLinecap="round" strokeLinejoin="round" vectorEffect="non-scaling-stroke" />
}

/** What the lines and dots of the charts mean. */
export function TrendLegend() {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm text-muted">
      <li className="flex items-center gap-2"><Swatch stroke="var(--accent)" /> Score</li>
      <li className="flex items-center gap-2"><Swatch stroke="var(--unknown)" strokeDasharray="6 4" /> Coverage</li>
      <li>Hollow dots: partial scans. Each dot leads to its scan.</li>
    </ul>
  )
}

function Swatch(props: { stroke: string; strokeDasharray?: string }) {
  return <svg viewBox="0 0 28 8" aria-hidden focusable={false} className="h-2 w-7"><Line d="M2 4H26" strokeWidth="2" {...props} /></svg>
}
