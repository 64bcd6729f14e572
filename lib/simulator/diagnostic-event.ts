import type { JsonObject } from './json'
import { guid } from './random'

export interface DiagnosticEventInput {
  /** The resource or scope whose setting was written or deleted. */
  subject: string
  setting: string
  operation: 'write' | 'delete'
  caller: string
  at: Date
  seed: number
  tenantId: string
}

/** The activity-log event of a diagnostic setting that was written or deleted. */
export function diagnosticEvent({ subject, setting, operation, caller, at, seed, tenantId }: DiagnosticEventInput): JsonObject {
  const time = at.toISOString()
  const action = `microsoft.insights/diagnosticSettings/${operation}`
  const resourceId = `${subject}/providers/microsoft.insights/diagnosticSettings/${setting}`
  const eventDataId = guid(seed, subject, operation, time)
  const named = (value: string) => ({ value, localizedValue: value })
  return {
    authorization: { action, scope: resourceId },
    caller,
    channels: 'Operation',
    correlationId: guid(seed, 'correlation', eventDataId),
    description: '',
    eventDataId,
    eventName: named('EndRequest'),
    category: named('Administrative'),
    eventTimestamp: time,
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
    submissionTimestamp: time,
    subscriptionId: subject.split('/')[2] ?? '',
    tenantId,
  }
}
