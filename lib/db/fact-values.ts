import { z } from 'zod'
import type { FactSource, FactValues } from '@/lib/domain/fact'
import { reasonCodes } from '@/lib/domain/verdict'

const text = z.string().nullable()
const count = z.number().nullable()
const flag = z.boolean().nullable()
const texts = z.array(z.string())
const leaf = { field: text, equals: text, containsAny: texts }
const flowLog = z.object({
  id: z.string(), targetId: z.string(), storageId: text, enabled: z.boolean(), retentionDays: z.number(), filter: z.string().optional(), recordTypes: z.string().optional(),
  trafficAnalytics: z.object({ workspaceId: text, intervalMinutes: count }).nullable(),
})
const rule = { id: z.string(), enabled: z.boolean(), scopes: texts }
const processing = {
  ...rule, conditions: z.array(z.object({ field: text, operator: text, values: texts })), always: z.boolean(),
  schedule: z.object({ from: text, until: text, recurring: z.boolean() }).optional(),
}

/** What a stored read of each source must look like; a row that no longer does (written by an older version) counts as never read. */
export const factValueSchemas: { [S in FactSource]: z.ZodType<FactValues[S]> } = {
  'diagnostic-settings': z.array(z.object({
    id: z.string(), name: z.string(), workspaceId: text, storageAccountId: text, eventHubAuthorizationRuleId: text, eventHubName: text,
    marketplacePartnerId: text, logAnalyticsDestinationType: text,
    logs: z.array(z.object({ category: text, categoryGroup: text, enabled: z.boolean() })), metricsEnabled: z.number(),
  })),
  'log-categories': z.object({
    resourceType: z.string(), location: z.string(), kind: text, askedOf: z.string(),
    categories: z.array(z.object({ name: z.string(), groups: z.array(z.string()) })),
  }),
  'sql-auditing': z.object({
    state: z.enum(['Enabled', 'Disabled']), isAzureMonitorTargetEnabled: z.boolean(), isDevopsAuditEnabled: z.boolean(), retentionDays: z.number(),
    auditActionsAndGroups: z.array(z.string()), storageEndpoint: text, storageSubscriptionId: text.default(null), predicateExpression: text,
  }),
  'database-parameters': z.array(z.object({ name: z.string(), value: z.string() })),
  'workspace-tables': z.array(z.object({
    name: z.string(), plan: z.string(), retentionInDays: count, totalRetentionInDays: count,
    retentionInDaysAsDefault: z.boolean().nullable(), totalRetentionInDaysAsDefault: z.boolean().nullable(),
  })),
  'data-exports': z.array(z.object({ name: z.string(), enabled: z.boolean(), tables: z.array(z.string()), destinationId: z.string() })),
  'workspace-queries': z.object({ queries: z.number(), people: z.number(), lastOn: text }),
  'machine-arrivals': z.array(z.object({ machine: z.string(), heartbeat: z.boolean(), events: z.boolean() })),
  'audit-arrivals': z.array(z.object({ resource: z.string(), category: z.string(), lastOn: z.string() })),
  'sentinel-onboarding': z.object({ onboarded: z.boolean() }),
  'sentinel-rules': z.array(z.object({
    id: z.string(), name: z.string(), kind: z.string(), enabled: z.boolean(), createsIncidents: z.boolean(),
    activityQuery: z.object({ text: z.string(), onAny: z.boolean() }).nullable(),
  })),
  'sentinel-connectors': z.array(z.object({ id: z.string(), kind: z.string(), subscriptionId: text, dataTypes: texts })),
  'sentinel-incidents': z.array(z.object({ id: z.string().optional(), severity: z.enum(['High', 'Medium']), createdAt: z.string() })),
  'storage-lifecycle': z.array(z.object({
    name: z.string(), enabled: z.boolean(), blobTypes: z.array(z.string()), prefixMatch: z.array(z.string()), tags: texts.optional(),
    deleteAfterModificationDays: count, deleteAfterCreationDays: count, deleteAfterLastAccessDays: count,
  })),
  'log-containers': z.array(z.object({
    name: z.string(), immutability: z.object({ state: z.string(), days: count, allowsAppends: z.boolean() }).nullable(),
  })),
  'event-hub-namespace': z.object({
    firewall: z.object({ denies: z.boolean(), trustsServices: z.boolean(), publicNetworkAccess: text, rules: z.number() }), eventHubs: texts, authorizationRules: texts,
  }),
  'defender-plans': z.array(z.object({
    name: z.string(), tier: z.enum(['Free', 'Standard']), subPlan: text, freeTrialRemainingTime: text, coverage: text, inheritedFrom: text,
    deprecated: z.boolean(), extensionsOn: texts.optional(),
  })),
  'defender-alerts': z.array(z.object({ id: z.string(), severity: z.enum(['High', 'Medium']), status: z.string(), raisedAt: text })),
  'security-contacts': z.array(z.object({
    name: z.string(), emails: z.number(), alerts: flag, minimalSeverity: text, byRole: flag, roles: texts,
  })),
  alerting: z.object({
    activityLogAlerts: z.array(z.object({
      ...rule, conditions: z.array(z.object({ ...leaf, anyOf: z.array(z.object(leaf)) })), actionGroupIds: texts,
    })),
    queryRules: z.array(z.object({ ...rule, queries: z.array(z.object({ text: z.string(), onAny: z.boolean() })), actionGroupIds: texts, byResource: z.boolean().optional() })),
    actionGroups: z.array(z.object({
      id: z.string(), enabled: z.boolean(), receivers: z.record(z.string(), z.number()), disabledReceivers: z.number(),
    })),
    suppressionRules: z.array(z.object(processing)),
    additionRules: z.array(z.object({ ...processing, actionGroupIds: texts })).optional(),
    exports: z.array(z.object({ ...rule, severities: texts.nullable(), workspaceIds: texts, eventHubIds: texts })),
    covered: texts,
    unread: texts,
    failures: z.array(z.object({
      subscriptions: texts,
      failure: z.object({ ok: z.literal(false), reason: z.enum(reasonCodes), detail: z.string(), status: count, code: text, action: text }),
    })).optional(),
  }),
  'rule-associations': z.array(z.object({ name: z.string(), ruleId: text, endpointId: text })),
  'collection-rule': z.object({
    id: z.string(), name: z.string(), kind: text,
    windowsEvents: z.array(z.object({ streams: texts, xPathQueries: texts })),
    syslog: z.array(z.object({ streams: texts, facilities: texts, levels: texts })),
    logFiles: z.array(z.object({ streams: texts, filePatterns: texts })),
    workspaces: z.array(z.object({ name: z.string(), workspaceId: z.string() })),
    flows: z.array(z.object({ streams: texts, destinations: texts, transformKql: text, outputStream: z.string().optional() })),
  }),
  'guest-assignments': z.array(z.object({
    name: z.string(), configuration: text, status: z.string(), checkedOn: text,
    rules: z.array(z.object({ id: z.string(), status: z.string(), words: texts })), rulesReported: z.number(),
  })),
  'endpoint-protection': z.object({ serversPlan: z.boolean(), recommendations: z.array(z.object({ name: z.string(), status: z.string() })) }),
  'virtual-network': z.object({
    dnsServers: texts, peerIds: texts,
    subnets: z.array(z.object({ name: z.string(), delegations: texts, networkSecurityGroupId: text })),
    ownServers: z.array(z.object({ id: z.string(), dnsServers: texts })).nullable(),
  }),
  'flow-logs': z.array(flowLog),
  'flow-log': flowLog,
  'name-resolution': z.object({
    policies: z.array(z.object({ id: z.string(), location: z.string(), links: z.array(z.object({ networkId: z.string(), state: text })).nullable() })),
    firewalls: z.array(z.object({
      id: z.string(), location: z.string(), addresses: texts, networkIds: texts, hubId: text, policyId: text, proxy: z.enum(['on', 'off', 'unclear']),
    })),
    inboundEndpoints: z.array(z.object({ id: z.string(), location: z.string(), addresses: texts, networkId: text })),
    domainServices: z.array(z.object({ id: z.string(), addresses: texts })),
    hosts: z.array(z.object({ id: z.string(), location: z.string(), address: z.string(), networkId: z.string() })),
    policyRegions: texts.nullable(),
    unread: z.array(z.object({ subject: z.string(), reason: z.enum(reasonCodes), detail: z.string(), action: text })),
  }),
}

/** A read that gave no value, as stored beside its status. */
export const unreadSchema = z.object({ detail: z.string(), status: count, code: text, action: text })

export const absentStatus = z.enum(['gone', 'not-supported'])
export const failureStatus = z.enum(reasonCodes)
