import { keyPoints } from '@/lib/domain/key-point'
import type { MissedCounts, RequestCounts, ScanSummary } from '@/lib/domain/scan'

const number = new Intl.NumberFormat('en')

/** The scan summary for people, as plain text. */
export function summaryText(summary: ScanSummary, demo: boolean): string {
  const seconds = Math.round((Date.parse(summary.finishedAt) - Date.parse(summary.startedAt)) / 1_000)
  const lines = [
    `${demo ? 'Demo tenant. ' : ''}Scan ${summary.scanId} ${summary.status} after ${number.format(seconds)} s`,
    `Score ${summary.score === null ? 'not scored' : summary.score.toFixed(1)} · coverage ${summary.coverage.toFixed(1)} % · ${number.format(summary.resources)} resources in ${summary.subscriptions.length} subscriptions`,
    ...requestsText(summary.requests),
    ...(summary.missed === undefined ? [] : [missedText(summary.missed)]),
    '',
    `${'Key point'.padEnd(44)} ${'score'.padStart(6)} ${'pass'.padStart(7)} ${'fail'.padStart(7)} ${'unknown'.padStart(8)} ${'n/a'.padStart(7)}`,
  ]
  for (const row of summary.keyPoints) {
    const title = keyPoints.find((k) => k.slug === row.keyPoint)?.title ?? row.keyPoint
    const judged = row.pass + row.fail + row.unknown + row.notApplicable > 0
    lines.push(judged
      ? `${title.padEnd(44)} ${(row.score === null ? '–' : row.score.toFixed(1)).padStart(6)} ${number.format(row.pass).padStart(7)} ${number.format(row.fail).padStart(7)} ${number.format(row.unknown).padStart(8)} ${number.format(row.notApplicable).padStart(7)}`
      : `${title.padEnd(44)} not judged yet`)
  }
  const unread = summary.subscriptions.filter((s) => s.status !== 'succeeded')
  if (unread.length > 0) {
    lines.push('', 'Not read completely:')
    for (const s of unread) lines.push(`  ${s.displayName} (${s.subscriptionId}): ${s.status}${s.reason === null ? '' : `, ${s.reason}`}`)
  }
  return `${lines.join('\n')}\n`
}

function missedText({ missed, perhapsMissed }: MissedCounts): string {
  return [
    ...(missed > 0 ? [`${number.format(missed)} had changed without a trace in the activity log, so that incremental scans missed it`] : []),
    ...(perhapsMissed > 0 ? [`${number.format(perhapsMissed)} changed where the activity log could not be asked, so that incremental scans may have missed it`] : []),
  ].join(' · ')
}

function requestsText({ total, throttled, retried, circuitsOpened, timedOut, tokensRenewed, batches, pausedMs, mostAtOnce, atLeast }: RequestCounts): string[] {
  const counted = (what: string, count: number | undefined) => (count === undefined ? [] : [`${what} ${number.format(count)}`])
  const asked = [
    `Requests ${atLeast === true ? 'at least ' : ''}${number.format(total)}`, `throttled ${number.format(throttled)}`, `retried ${number.format(retried)}`,
    ...counted('not answered in time', timedOut), ...counted('pauses for failing subscriptions', circuitsOpened),
  ]
  const met = [
    ...counted('most at once', mostAtOnce), ...counted('batches', batches), ...counted('tokens renewed', tokensRenewed),
    ...(pausedMs === undefined ? [] : [`pauses that Azure asked for ${number.format(Math.ceil(pausedMs / 1_000))} s`]),
  ].join(' · ')
  return [asked.join(' · '), ...(met === '' ? [] : [met.charAt(0).toUpperCase() + met.slice(1)])]
}
