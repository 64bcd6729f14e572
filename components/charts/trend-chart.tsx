import clsx from 'clsx'
import { formatDay, formatPercent, formatScore, formatUtc } from '@/components/format'
import { scanHref } from '@/components/links'
import { dayMs } from '@/lib/domain/day'
import type { TrendPoint } from '@/lib/domain/trend'
import { chartHeight, chartWidth, dotsPath, linePath, yOf, type LinePoint } from './trend-lines'

/** From so many points on, dots of the usual size would hide the line. */
const densePoints = { wide: 120, narrow: 60 }
/** With more points than these nobody could point at one in a narrow chart. */
export const narrowLinksMax = 40

interface TrendChartProps {
  points: Pick<TrendPoint, 'scanId' | 'at' | 'status' | 'score' | 'coverage'>[]
  since: Date
  until: Date
  /** True: lower, and with one dot for each scan, on its score where it has one. */
  small?: boolean
  /** True: it has half the page's width or less. */
  narrow?: boolean
}

/**
 * Score and coverage over time, 0 to 100, a dot for each scan that leads to it. A picture for the eye and the mouse: its caption and a table beside it say the
 * same to everyone. It stretches to the room it has, so dots are drawn as round ends of lines without length; all of a kind in one path, since hundreds of scans
 * in a dozen charts made a page of megabytes.
 */
export function TrendChart({ points, since, until, small = false, narrow = small }: TrendChartProps) {
  const dense = points.length > densePoints[narrow ? 'narrow' : 'wide']
  return (
    <figure className="space-y-1">
      <div className="grid grid-cols-[2rem_1fr] gap-x-1 text-xs text-muted tabular-nums" aria-hidden>
        <div className="-my-2 flex flex-col justify-between text-right leading-4"><span>100</span><span>50</span><span>0</span></div>
        <svg viewBox={`0 0 ${chartWidth} ${chartHeight}`} preserveAspectRatio="none" focusable={false} className={clsx(lineLook, 'w-full overflow-visible', small ? 'h-24' : 'h-52')}>
          <path d={[0, 25, 50, 75, 100].map((value) => `M0 ${yOf(value)}H${chartWidth}`).join('')} stroke="var(--line)" strokeWidth="1" />
          <path d={linePath(coverageOf(points), since, until)} stroke="var(--unknown)" strokeWidth="2" strokeDasharray="6 4" />
          <path d={linePath(scoreOf(points), since, until)} stroke="var(--accent)" strokeWidth="2" />
          <Dots points={points} valuesOf={(those) => coverageOf(small ? those.filter(({ score }) => score === null) : those)} {...{ since, until, dense }} colour="var(--unknown)" />
          <Dots points={points} valuesOf={scoreOf} {...{ since, until, dense }} colour="var(--accent)" />
          {!(narrow && points.length > narrowLinksMax) && points.map((point) => <ScanLink key={point.scanId} point={point} {...{ since, until }} />)}
        </svg>
        <span />
        <div className="flex justify-between gap-4 pt-1"><span>{endText(since, since, until)}</span><span className="text-right">{endText(until, since, until)}</span></div>
      </div>
      <figcaption className="text-sm">{trendSentence(points)}</figcaption>
    </figure>
  )
}

/** Lines keep their width however the drawing is stretched. */
const lineLook = 'fill-none [stroke-linecap:round] [stroke-linejoin:round] [&_path]:[vector-effect:non-scaling-stroke]'

function scoreOf(points: TrendChartProps['points']): LinePoint[] {
  return points.map(({ at, score }) => ({ at, value: score }))
}

function coverageOf(points: TrendChartProps['points']): LinePoint[] {
  return points.map(({ at, coverage }) => ({ at, value: coverage }))
}

/** An end of the axis of time: within two days a date alone would say too little. */
function endText(end: Date, since: Date, until: Date): string {
  return until.getTime() - since.getTime() < 2 * dayMs ? formatUtc(end.toISOString()) : formatDay(end.toISOString())
}

/** `Score 53.0 to 51.9, coverage 82.6 % to 83.1 %, over 7 scans.` */
function trendSentence(points: TrendChartProps['points']): string {
  const [first, last] = [points[0], points.at(-1)]
  if (first === undefined || last === undefined) return 'No scan in this time.'
  if (points.length === 1) return `One scan: score ${formatScore(first.score).toLowerCase()}, coverage ${formatPercent(first.coverage)}.`
  if (points.every((point) => point.score === null)) return `Not scored, coverage ${formatPercent(first.coverage)} to ${formatPercent(last.coverage)}, over ${points.length} scans.`
  return `Score ${formatScore(first.score).toLowerCase()} to ${formatScore(last.score).toLowerCase()}, coverage ${formatPercent(first.coverage)} to ${formatPercent(last.coverage)}, over ${points.length} scans.`
}

interface DotsProps {
  points: TrendChartProps['points']
  valuesOf: (points: TrendChartProps['points']) => LinePoint[]
  since: Date
  until: Date
  dense: boolean
  colour: string
}

/** A dot for each value; hollow for a partial scan. */
function Dots({ points, valuesOf, since, until, dense, colour }: DotsProps) {
  const size = dense ? 3 : 7
  const [all, hollow] = [points, points.filter(({ status }) => status === 'partial')].map((those) => dotsPath(valuesOf(those), since, until))
  return (
    <>
      {all !== '' && <path d={all} stroke={colour} strokeWidth={size} />}
      {hollow !== '' && <path d={hollow} stroke="var(--page)" strokeWidth={size / 2} />}
    </>
  )
}

/** Room to point at around the dots of a scan, with what they say. */
function ScanLink({ point, since, until }: { point: TrendChartProps['points'][number]; since: Date; until: Date }) {
  const { scanId, at, status, score, coverage } = point
  return (
    <a href={scanHref(scanId)} tabIndex={-1}>
      <title>{`${formatUtc(at)}: score ${formatScore(score).toLowerCase()}, coverage ${formatPercent(coverage)}${status === 'partial' ? ', partial' : ''}`}</title>
      <path d={dotsPath([...scoreOf([point]), ...coverageOf([point])], since, until)} stroke="transparent" strokeWidth="18" />
    </a>
  )
}

/** What the lines and dots of the charts mean. `linked`: dots lead to scans, as in a wide chart, or a narrow one of few scans. */
export function TrendLegend({ linked = true }: { linked?: boolean }) {
  return (
    <ul className="flex flex-wrap gap-x-6 gap-y-1 text-sm text-muted">
      <li className="flex items-center gap-2"><Swatch stroke="var(--accent)" /> Score</li>
      <li className="flex items-center gap-2"><Swatch stroke="var(--unknown)" strokeDasharray="6 4" /> Coverage</li>
      <li>Hollow dots: partial scans.{linked && ' Each dot leads to its scan.'}</li>
    </ul>
  )
}

function Swatch(props: { stroke: string; strokeDasharray?: string }) {
  return <svg viewBox="0 0 28 8" aria-hidden focusable={false} className={clsx(lineLook, 'h-2 w-7')}><path d="M2 4H26" strokeWidth="2" {...props} /></svg>
}
