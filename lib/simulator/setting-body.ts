import { toResourceKey } from '@/lib/domain/arm-id'
import type { JsonObject } from './json'

/** A diagnostic setting as tests and generators write it; the wire's shape is made from it. */
export interface SettingInput {
  name: string
  workspaceId?: string | null
  storageAccountId?: string | null
  eventHubAuthorizationRuleId?: string | null
  eventHubName?: string | null
  marketplacePartnerId?: string | null
  logAnalyticsDestinationType?: string | null
  logs?: { category?: string; categoryGroup?: string; enabled: boolean }[]
  metrics?: { category: string; enabled: boolean }[]
}

const noRetention = { enabled: false, days: 0 }

/**
 * A setting as ARM answers it: the resource's part of the id in lower case, absent values null; a subscription's, a management
 * group's or the tenant's id without a leading slash, the subscription's without metrics and retention.
 */
export function settingBody(subject: string, setting: SettingInput): JsonObject {
  const platform = !/\/resourcegroups\//i.test(subject)
  const scope = platform ? subject.replace(/^\//, '') : toResourceKey(subject)
  const aadiam = /^\/?providers\/microsoft\.aadiam/i.test(subject)
  const logs = (setting.logs ?? []).map((log) => ({
    category: log.category ?? null,
    categoryGroup: log.categoryGroup ?? null,
    enabled: log.enabled,
    ...(platform && !aadiam ? {} : { retentionPolicy: noRetention }),
  }))
  const metrics = (setting.metrics ?? []).map((metric) => ({
    timeGrain: null,
    category: metric.category,
    enabled: metric.enabled,
    retentionPolicy: noRetention,
  }))
  return {
    id: aadiam
      ? `providers/microsoft.aadiam/diagnosticSettings/${setting.name}`
      : `${scope}/providers/microsoft.insights/diagnosticSettings/${setting.name}`,
    type: platform ? (aadiam ? '' : null) : 'Microsoft.Insights/diagnosticSettings',
    name: setting.name,
    location: platform && !aadiam ? 'global' : null,
    kind: null,
    tags: null,
    properties: {
      storageAccountId: setting.storageAccountId ?? null,
      serviceBusRuleId: null,
      workspaceId: setting.workspaceId ?? null,
      eventHubAuthorizationRuleId: setting.eventHubAuthorizationRuleId ?? null,
      eventHubName: setting.eventHubName ?? null,
      marketplacePartnerId: setting.marketplacePartnerId ?? null,
      logs,
      ...(platform ? {} : { metrics }),
      logAnalyticsDestinationType: setting.logAnalyticsDestinationType ?? null,
    },
    identity: null,
  }
}
