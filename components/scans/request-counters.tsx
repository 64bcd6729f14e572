import { formatCount } from '@/components/format'
import type { RequestCounts } from '@/lib/domain/scan'

export function RequestCounters({ requests }: { requests: RequestCounts }) {
  const items = [
    { label: 'Requests to Azure', value: requests.total },
    { label: 'Throttled', value: requests.throttled },
    { label: 'Retried', value: requests.retried },
    ...(requests.circuitsOpened === undefined ? [] : [{ label: 'Pauses for failing subscriptions', value: requests.circuitsOpened }]),
  ]
  return (
    <>
      <dl className="flex flex-wrap gap-x-8 gap-y-2">
        {items.map((item) => (
          <div key={item.label}>
            <dt className="text-sm text-muted">{item.label}</dt>
            <dd className="text-xl tabular-nums">{requests.atLeast === true && <span className="text-base">at least </span>}{formatCount(item.value)}</dd>
          </div>
        ))}
      </dl>
      {requests.atLeast === true && <p className="mt-1 text-sm text-muted">A process died at work; what it asked in its last second is not counted.</p>}
    </>
  )
}
