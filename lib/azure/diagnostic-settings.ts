import { z } from 'zod'
import { nameOf } from '../domain/arm-id'
import { collected, type Collected } from '../domain/collected'
import type { DiagnosticSetting } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { flag, pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

const logs = z.array(z.object({ category: text, categoryGroup: text, enabled: flag })).nullish()
const metrics = z.array(z.object({ enabled: flag })).nullish()

const setting = z
  .object({
    id: z.string(),
    name: text,
    properties: z.object({
      workspaceId: text,
      storageAccountId: text,
      eventHubAuthorizationRuleId: text,
      eventHubName: text,
      marketplacePartnerId: text,
      logAnalyticsDestinationType: text,
      logs,
      metrics,
    }),
  })
  .transform(({ id, name, properties }): DiagnosticSetting => ({
    id,
    name: name ?? nameOf(id),
    workspaceId: properties.workspaceId,
    storageAccountId: properties.storageAccountId,
    eventHubAuthorizationRuleId: properties.eventHubAuthorizationRuleId,
    eventHubName: properties.eventHubName,
    marketplacePartnerId: properties.marketplacePartnerId,
    logAnalyticsDestinationType: properties.logAnalyticsDestinationType,
    logs: (properties.logs ?? []).map((log) => ({
      category: log.category,
      categoryGroup: log.categoryGroup,
      enabled: log.enabled === true,
    })),
    metricsEnabled: (properties.metrics ?? []).filter((metric) => metric.enabled === true).length,
  }))

const settingPage = pageOf(setting)

/** There are five settings at most. A list that goes on and on would cost its subscription the reads of all others. */
const pagesMax = 3

function parseDiagnosticSettingsPage(status: number, body: unknown): Collected<Page<DiagnosticSetting>> {
  return parseAnswer(status, body, settingPage)
}

/** The settings of one answer: for resources, subscriptions, management groups and Entra alike. */
export function parseDiagnosticSettings(status: number, body: unknown): Collected<DiagnosticSetting[]> {
  const page = parseDiagnosticSettingsPage(status, body)
  return page.ok ? collected(page.value.items) : page
}

/**
 * The settings of a resource, subscription or management group, by its ARM id. Nearly all requests of a scan are these, and the generated client takes as
 * much CPU for one as the rest of the pipeline, so they are plain requests.
 */
export async function readDiagnosticSettings(wire: Wire, scopeId: string): Promise<Collected<DiagnosticSetting[]>> {
  const path = `${armPath(scopeId)}/providers/Microsoft.Insights/diagnosticSettings?api-version=${apiVersions.diagnosticSettings}`
  return await readPages(wire, wire.get(path), parseDiagnosticSettingsPage, pagesMax)
}

/** The tenant's own (Entra) settings. Outside AzureCloud the service may not exist: `unsupported`. */
export async function readEntraDiagnosticSettings(wire: Wire, cloud: string): Promise<Collected<DiagnosticSetting[]>> {
  const path = `/providers/microsoft.aadiam/diagnosticSettings?api-version=${apiVersions.entraDiagnosticSettings}`
  const read = await readPages(wire, wire.get(path), parseDiagnosticSettingsPage, pagesMax)
  if (read.ok || (read.status !== 404 && read.status !== 400) || (cloud === 'AzureCloud' && read.reason !== 'not-supported')) return read
  return { ...read, reason: 'unsupported', detail: 'Entra diagnostic settings cannot be read in this cloud.', action: null }
}
