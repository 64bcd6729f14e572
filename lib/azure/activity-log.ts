import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import { apiVersions } from './api-versions'
import { readPages } from './pages'
import { pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

/** A write or deletion that succeeded. */
export interface ActivityEvent {
  eventId: string
  /** ISO 8601 UTC. */
  at: string
  /** Lower case, `microsoft.insights/diagnosticsettings/write`. */
  operation: string
  /** Of what was written, as the log has it: a diagnostic setting's own id, not its resource's. */
  resourceId: string
  /** A user's name or an application's id; null: the log does not say. */
  caller: string | null
}

const named = z.object({ value: text }).nullish().transform((value) => value?.value ?? null)

const event = z.object({ eventDataId: text, eventTimestamp: text, operationName: named, status: named, resourceId: text, caller: text })

const eventPage = pageOf(event)

function parsePage(wanted: (operation: string) => boolean) {
  return (status: number, body: unknown): Collected<Page<ActivityEvent>> => {
    const page = parseAnswer(status, body, eventPage)
    if (!page.ok) return page
    const items = page.value.items.flatMap(({ eventDataId, eventTimestamp, operationName, status: outcome, resourceId, caller }): ActivityEvent[] => {
      const operation = operationName?.toLowerCase() ?? ''
      // The same operation shows as started and accepted before it succeeds.
      if (eventDataId === null || eventTimestamp === null || resourceId === null || outcome?.toLowerCase() !== 'succeeded' || !wanted(operation)) return []
      return [{ eventId: eventDataId, at: eventTimestamp, operation, resourceId, caller }]
    })
    return collected({ items, nextLink: page.value.nextLink })
  }
}

/**
 * A subscription's activity log between two times (ISO 8601 UTC, at most 90 days back): the operations that are wanted and succeeded.
 * The service filters by time alone; the rest is dropped page by page.
 */
export async function readActivityLog(wire: Wire, subscriptionId: string, from: string, to: string, wanted: (operation: string) => boolean): Promise<Collected<ActivityEvent[]>> {
  const filter = encodeURIComponent(`eventTimestamp ge '${from}' and eventTimestamp le '${to}'`)
  // Without $select: the caller is not among the fields that it takes.
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Insights/eventtypes/management/values?api-version=${apiVersions.activityLog}&$filter=${filter}`
  return readPages(wire, wire.get(path), parsePage(wanted))
}
