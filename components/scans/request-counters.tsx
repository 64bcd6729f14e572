import { formatCount, formatDuration } from '@/components/format'
import type { RequestCounts } from '@/lib/domain/scan'

export function RequestCounters({ requests }: { requests: RequestCounts }) {
  const { total, throttled, retried, circuitsOpened, timedOut, tokensRenewed, batches, pausedMs, mostAtOnce } = requests
  const counts = [
    { label: 'Requests to Azure', value: total },
    { label: 'Throttled', value: throttled },
    { label: 'Retried', value: retried },
    { label: 'Not answered in time', value: timedOut },
    { label: 'Pauses for failing subscriptions', value: circuitsOpened },
    { label: 'Tokens renewed', value: tokensRenewed },
    { label: 'Batches', value: batches },
  ].flatMap(({ label, value }) => (value === undefined ? [] : [{ label, value: formatCount(value), sum: true }]))
  const rest = [
    ...(pausedMs === undefined ? [] : [{ label: 'Pauses that Azure asked for', value: formatDuration(pausedMs), sum: true }]),
    ...(mostAtOnce === undefined ? [] : [{ label: 'Most at once', value: formatCount(mostAtOnce), sum: false }]),
  ]
  return (
    <>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {[...counts, ...rest].map(({ label, value, sum }) => (
          <div key={label}>
            <dt className="text-sm text-muted">{label}</dt>
            <dd className="text-xl tabular-nums">{requests.atLeast === true && sum && <span className="text-base">at least </span>}{value}</dd>
          </div>
        ))}
      </dl>
      {requests.atLeast === true && <p className="mt-1 text-sm text-muted">A process died at work; what it asked in its last second is not counted.</p>}
    </>
  )
}
