import { dayMs } from '@/lib/domain/day'
import { bareError, type Answer } from '../answer'
import type { Call, Route } from '../call'
import { jsonAt, type JsonObject } from '../json'
import { pageOf } from '../paging'
import { obstacle } from '../subject'

const eventsInPage = 200
const daysKept = 90

const filterForm =
  /^\s*(?:eventChannels eq '[^']*' and )?eventTimestamp ge '([^']+)'(?:\s+and\s+eventTimestamp le '([^']+)')?(?:\s+and\s+eventChannels eq '[^']*')?(?:\s+and\s+(resourceGroupName|resourceUri|resourceProvider|correlationId)\s+eq\s+'([^']*)')?\s*$/i

type Condition = (event: JsonObject) => boolean

function list(call: Call, subscriptionId: string): Answer {
  const stopped = obstacle(call, null, `/subscriptions/${subscriptionId}`, 'Microsoft.Insights/eventtypes/values/Read')
  if (stopped) return stopped
  const filter = filterForm.exec(call.query.get('$filter') ?? '')
  const from = Date.parse(filter?.[1] ?? '')
  const to = filter?.[2] === undefined ? Number.POSITIVE_INFINITY : Date.parse(filter[2])
  if (!filter || Number.isNaN(from) || Number.isNaN(to)) {
    return bareError(400, 'BadRequest', 'The filter is missing or not supported: a start time (eventTimestamp ge) is needed.')
  }
  if (from < Date.now() - daysKept * dayMs - 3_600_000) {
    return bareError(400, 'BadRequest', 'The start time cannot be more than 90 days in the past.')
  }
  const narrows = conditionOf(filter[3], filter[4])
  const found = (call.tenant.events.get(subscriptionId.toLowerCase()) ?? []).filter((event) => {
    const at = Date.parse(String(event.eventTimestamp))
    return at >= from && at <= to && narrows(event)
  })
  return pageOf(call, found.map(selector(call.query.get('$select'))), Math.min(eventsInPage, call.pageSize))
}

function conditionOf(field: string | undefined, value = ''): Condition {
  const wanted = value.toLowerCase()
  const textAt = (event: JsonObject, ...path: string[]) => String(jsonAt(event, ...path) ?? '').toLowerCase()
  switch (field?.toLowerCase()) {
    case 'resourcegroupname':
      return (event) => textAt(event, 'resourceGroupName') === wanted
    case 'resourceuri':
      return (event) => textAt(event, 'resourceId').startsWith(wanted)
    case 'resourceprovider':
      return (event) => textAt(event, 'resourceProviderName', 'value') === wanted
    case 'correlationid':
      return (event) => textAt(event, 'correlationId') === wanted
    default:
      return () => true
  }
}

/** `$select` narrows an event to the fields named. */
function selector(select: string | null): (event: JsonObject) => JsonObject {
  if (!select) return (event) => event
  const fields = select.split(',').map((each) => each.trim())
  return (event) => Object.fromEntries(fields.flatMap((field) => (field in event ? [[field, event[field]]] : [])))
}

export const activityLogRoutes: Route[] = [
  {
    kind: 'activity-log',
    method: 'GET',
    pattern: /^\/subscriptions\/([^/]+)\/providers\/microsoft\.insights\/eventtypes\/management\/values$/i,
    handle: (call, [subscriptionId = '']) => list(call, subscriptionId),
  },
]
