import type { DefenderAlertRow, GraphTable } from '@/lib/azure'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { Fact } from '@/lib/domain/fact'

/** One fact for each subscription, also where there is no alert. */
export function defenderAlertFacts(subscriptionIds: readonly string[], { rows, failures }: GraphTable<DefenderAlertRow>, readAt: string): Fact<'defender-alerts'>[] {
  const alertsOf = Map.groupBy(rows, ({ subscriptionId }) => subscriptionId)
  return subscriptionIds.map((subscriptionId) => {
    const key = subscriptionId.toLowerCase()
    const alerts = (alertsOf.get(key) ?? []).map(({ id, severity, status, raisedAt }) => ({ id, severity, status, raisedAt }))
    return { subject: toResourceKey(`/subscriptions/${key}`), source: 'defender-alerts', subscriptionId: key, read: failures.get(key) ?? { ok: true, value: alerts }, readAt }
  })
}
