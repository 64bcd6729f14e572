import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { NewIncident, SentinelConnector, SentinelOnboarding, SentinelRule } from '../domain/sentinel'
import { apiVersions } from './api-versions'
import { isUnregistered } from './errors'
import { isOnAny } from './on-any'
import { armPath, readPages } from './pages'
import { flag, number, pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

const states = z.object({ value: z.array(z.unknown()) })

/**
 * An empty list, a workspace that is not onboarded and a subscription that never registered the provider mean that Sentinel is not there. A cloud that does not know the
 * type or this api-version has said nothing.
 */
export function parseSentinelOnboarding(status: number, body: unknown): Collected<SentinelOnboarding> {
  if (isUnregistered(status, body)) return collected({ onboarded: false })
  const read = parseAnswer(status, body, states)
  if (read.ok) return collected({ onboarded: read.value.value.length > 0 })
  return read.reason === 'not-onboarded' ? collected({ onboarded: false }) : read
}

/** Whether Microsoft Sentinel works on a workspace. */
export async function readSentinelOnboarding(wire: Wire, workspaceId: string): Promise<Collected<SentinelOnboarding>> {
  const answer = await wire.get(sentinelPath(workspaceId, 'onboardingStates', apiVersions.sentinelOnboarding))
  return answer.ok ? parseSentinelOnboarding(answer.value.status, answer.value.body) : answer
}

function sentinelPath(workspaceId: string, list: string, version: string): string {
  return `${armPath(`${workspaceId}/providers/Microsoft.SecurityInsights/${list}`)}?api-version=${version}`
}

const rule = z
  .object({
    id: z.string().min(1),
    name: text,
    kind: z.string(),
    properties: z.object({
      displayName: text,
      enabled: flag,
      query: text,
      triggerOperator: text,
      triggerThreshold: number,
      incidentConfiguration: z.object({ createIncident: flag }).nullish(),
    }),
  })
  .transform(({ id, name, kind, properties }): SentinelRule => {
    const { query, triggerOperator, triggerThreshold } = properties
    return {
      id,
      name: properties.displayName ?? name ?? id,
      kind,
      enabled: properties.enabled !== false,
      createsIncidents: properties.incidentConfiguration?.createIncident !== false,
      activityQuery: query !== null && /\bAzureActivity\b/i.test(query)
        // A near-real-time rule has no threshold: each row counts.
        ? { text: query, onAny: kind.toLowerCase() === 'nrt' || isOnAny(triggerOperator, triggerThreshold) }
        : null,
    }
  })
const rulePage = pageOf(rule)

export function parseSentinelRules(status: number, body: unknown): Collected<Page<SentinelRule>> {
  return parseAnswer(status, body, rulePage)
}

/** All analytics rules, sorted by id. */
export async function readSentinelRules(wire: Wire, workspaceId: string): Promise<Collected<SentinelRule[]>> {
  return sorted(await readPages(wire, wire.get(sentinelPath(workspaceId, 'alertRules', apiVersions.sentinelRules)), parseSentinelRules))
}

const dataTypes = z.record(z.string(), z.object({ state: text }).nullable().catch(null)).nullish().catch(null)
const connector = z
  .object({
    id: z.string().min(1),
    kind: z.string(),
    properties: z.object({ subscriptionId: text.catch(null), dataTypes }).nullish(),
  })
  .transform(({ id, kind, properties }): SentinelConnector => ({
    id,
    kind,
    subscriptionId: properties?.subscriptionId?.toLowerCase() ?? null,
    dataTypes: Object.entries(properties?.dataTypes ?? {}).filter(([, type]) => type?.state?.toLowerCase() === 'enabled').map(([name]) => name.toLowerCase()).sort(),
  }))
const connectorPage = pageOf(connector)

export function parseSentinelConnectors(status: number, body: unknown): Collected<Page<SentinelConnector>> {
  return parseAnswer(status, body, connectorPage)
}

/** The data connectors of Microsoft Sentinel on a workspace, sorted. */
export async function readSentinelConnectors(wire: Wire, workspaceId: string): Promise<Collected<SentinelConnector[]>> {
  return sorted(await readPages(wire, wire.get(sentinelPath(workspaceId, 'dataConnectors', apiVersions.sentinelConnectors)), parseSentinelConnectors))
}

/** The filter is asked of Azure and held here again: what it makes of the severity is not written down anywhere. */
const incident = z.object({ id: text, properties: z.object({ severity: text, status: text, createdTimeUtc: text }) }).transform(({ id, properties }): NewIncident[] => {
  const { severity, status, createdTimeUtc } = properties
  const asked = severity?.toLowerCase() === 'high' ? 'High' : severity?.toLowerCase() === 'medium' ? 'Medium' : null
  return asked !== null && status?.toLowerCase() === 'new' && createdTimeUtc !== null ? [{ ...(id !== null && { id }), severity: asked, createdAt: createdTimeUtc }] : []
})
const incidentPage = pageOf(incident)

export function parseNewIncidents(status: number, body: unknown): Collected<Page<NewIncident[]>> {
  return parseAnswer(status, body, incidentPage)
}

/** Incidents of severity High or Medium whose status is `New`, the oldest first. Titles, owners and comments are not kept. */
export async function readNewIncidents(wire: Wire, workspaceId: string): Promise<Collected<NewIncident[]>> {
  const filter = encodeURIComponent("properties/status eq 'New'")
  const path = `${sentinelPath(workspaceId, 'incidents', apiVersions.sentinelIncidents)}&$filter=${filter}&$top=1000`
  const read = await readPages(wire, wire.get(path), parseNewIncidents)
  return read.ok ? collected(read.value.flat().sort((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))) : read
}

function orderOf({ createdAt, severity, id = '' }: NewIncident): string {
  return `${createdAt} ${severity} ${id}`
}

function sorted<T extends { id: string }>(read: Collected<T[]>): Collected<T[]> {
  return read.ok ? collected(read.value.toSorted((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))) : read
}
