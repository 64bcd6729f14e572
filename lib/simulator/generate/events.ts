import type { JsonObject } from '../json'
import { guid } from '../random'
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
        minutesAgo,
        seed: estate.seed,
        tenantId: estate.tenantId,
      })
    })
    events.set(plan.subscriptionId, made)
  }
  return events
}

interface EventInput {
  subject: string
  operation: 'write' | 'delete'
  minutesAgo: number
  seed: number
  tenantId: string
}

function diagnosticEvent({ subject, operation, minutesAgo, seed, tenantId }: EventInput): JsonObject {
  const at = new Date(Date.now() - minutesAgo * 60_000).toISOString()
  const action = `microsoft.insights/diagnosticSettings/${operation}`
  const resourceId = `${subject}/providers/microsoft.insights/diagnosticSettings/diag-app`
  const eventDataId = guid(seed, subject, operation, minutesAgo)
  const named = (value: string) => ({ value, localizedValue: value })
  return {
    authorization: { action, scope: resourceId },
    caller: 'deploy@brightwater-provisions.example',
    channels: 'Operation',
    correlationId: guid(seed, 'correlation', eventDataId),
    description: '',
    eventDataId,
    eventName: named('EndRequest'),
    category: named('Administrative'),
    eventTimestamp: at,
    id: `${resourceId}/events/${eventDataId}/ticks/638000000000000000`,
    level: 'Informational',
    resourceGroupName: /\/resourcegroups\/([^/]+)/i.exec(subject)?.[1] ?? '',
    resourceProviderName: named('Microsoft.Insights'),
    resourceId,
    resourceType: named('Microsoft.Insights/diagnosticSettings'),
    operationId: guid(seed, 'operation', eventDataId),
    operationName: named(action),
    status: named('Succeeded'),
    subStatus: named('OK (HTTP Status Code: 200)'),
    submissionTimestamp: at,
    subscriptionId: subject.split('/')[2] ?? '',
    tenantId,
  }
}
