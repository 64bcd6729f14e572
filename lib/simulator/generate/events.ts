import { diagnosticEvent } from '../diagnostic-event'
import type { JsonObject } from '../json'
import type { DestinationBook } from './destinations'
import type { Estate, SubscriptionPlan } from './estate'

const eventsForEach = 6

/** Recent activity-log events: settings written and deleted on resources of each subscription. Their times count back from now. */
export function activityEvents(estate: Estate, plans: SubscriptionPlan[], book: DestinationBook): Map<string, JsonObject[]> {
  const events = new Map<string, JsonObject[]>()
  for (const plan of plans) {
    const own = estate.resources.filter((row) => row.subscriptionId === plan.subscriptionId).slice(0, 400)
    const made = Array.from({ length: eventsForEach }, (_, index) => {
      const row = own[Math.floor(estate.draw('event', plan.index, index) * own.length)]
      const subject = row?.id ?? book.centralWorkspace
      const minutesAgo = Math.floor(((index + estate.draw('event-at', plan.index, index)) / eventsForEach) * 7 * 24 * 60) + 20
      return diagnosticEvent({
        subject,
        operation: index % 3 === 2 ? 'delete' : 'write',
        setting: 'diag-app',
        caller: 'deploy@brightwater-provisions.example',
        at: new Date(Date.now() - minutesAgo * 60_000),
        seed: estate.seed,
        tenantId: estate.tenantId,
      })
    })
    events.set(plan.subscriptionId, made)
  }
  return events
}
