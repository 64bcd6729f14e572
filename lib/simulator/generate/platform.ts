import type { GraphRow } from '../graph-row'
import type { JsonObject } from '../json'
import { guid } from '../random'
import type { Discipline } from './company'
import type { Archive, DestinationBook } from './destinations'
import type { Estate, Group, SubscriptionPlan } from './estate'
import { connectivity } from './networks'
import { workspaceProperties } from './workspace-rows'

interface WatchRule {
  name: string
  /** Whose subscriptions it watches. */
  of: readonly Discipline[]
  enabled: boolean
  /** How it says which operation, beside the category. */
  operation: JsonObject
}

const operationName = (equals: string): JsonObject => ({ field: 'operationName', equals })

/** One rule for each way of saying it; the fair subscriptions have fewer, the weak hardly any. */
const watchRules: readonly WatchRule[] = [
  { name: 'policy-write', of: ['strong', 'fair', 'weak'], enabled: true, operation: operationName('Microsoft.Authorization/policyAssignments/write') },
  { name: 'nsg-write', of: ['strong', 'fair'], enabled: true, operation: operationName('Microsoft.Network/networkSecurityGroups/write') },
  { name: 'nsg-delete', of: ['strong', 'fair'], enabled: false, operation: operationName('Microsoft.Network/networkSecurityGroups/delete') },
  { name: 'sql-firewall', of: ['strong'], enabled: true, operation: { field: 'operationName', containsAny: ['Microsoft.Sql/servers/firewallRules/'] } },
  {
    name: 'logging-tampered',
    of: ['strong'],
    enabled: true,
    operation: {
      anyOf: [
        operationName('Microsoft.Insights/diagnosticSettings/write'),
        operationName('Microsoft.Insights/diagnosticSettings/delete'),
        operationName('Microsoft.OperationalInsights/workspaces/delete'),
      ],
    },
  },
]

const archivePlans = [
  { name: 'bwplogsarchive', deleteAfterDays: null, immutability: 'Locked' },
  { name: 'bwplogsquarter', deleteAfterDays: 90, immutability: null },
  { name: 'bwplogsyearplus', deleteAfterDays: 400, immutability: 'Unlocked' },
  { name: 'bwplogsmonth', deleteAfterDays: 30, immutability: null },
] as const

/** Fills the platform subscription: first what logs go to, then what watches and connects. Makes no more than `budget` rows. */
export function buildPlatform(estate: Estate, plan: SubscriptionPlan, plans: readonly SubscriptionPlan[], budget: number): DestinationBook {
  const logging = estate.group(plan, 'rg-logging-platform-weu', plan.region)
  const central = workspace(estate, logging, 'log-central-security-weu', 365)
  const second = workspace(estate, logging, 'log-central-security-neu', 90)
  const archives = archivePlans.map((each) => archive(estate, logging, each.name, each.immutability))
  const hub = estate.row(logging, 'Microsoft.EventHub/namespaces', 'evhns-siem-feed-weu', {
    sku: { name: 'Standard', tier: 'Standard', capacity: 2 },
    properties: { status: 'Active', zoneRedundant: true },
  })
  const rows = [
    central,
    archives[0],
    hub,
    archives[1],
    second,
    archives[2],
    archives[3],
    ...watchers(estate, plan, plans, central.id),
    ...connectivity(estate, plan),
  ]
  const made = rows.filter((row) => row !== undefined).slice(0, Math.max(1, budget))
  estate.add(made)

  const exists = (row: GraphRow) => made.includes(row)
  return {
    centralWorkspace: central.id,
    secondWorkspace: exists(second) ? second.id : central.id,
    archives: archives.flatMap((row, index): Archive[] =>
      exists(row) ? [{ id: row.id, deleteAfterDays: archivePlans[index]?.deleteAfterDays ?? null }] : [],
    ),
    eventHubRule: exists(hub) ? `${hub.id}/authorizationRules/RootManageSharedAccessKey` : null,
    teamWorkspaces: new Map(),
    deletedWorkspace: `/subscriptions/${plan.subscriptionId}/resourceGroups/rg-logging-platform-weu/providers/Microsoft.OperationalInsights/workspaces/log-retired-2023`,
    unseenWorkspace: `/subscriptions/${guid(estate.seed, 'unseen')}/resourceGroups/rg-soc/providers/Microsoft.OperationalInsights/workspaces/log-partner-soc`,
    unseenStorage: `/subscriptions/${guid(estate.seed, 'unseen')}/resourceGroups/rg-soc/providers/Microsoft.Storage/storageAccounts/stpartnersoc`,
    disciplines: new Map(),
  }
}

function workspace(estate: Estate, group: Group, name: string, days: number): GraphRow {
  return estate.row(group, 'Microsoft.OperationalInsights/workspaces', name, {
    properties: workspaceProperties(estate, name, days),
  })
}

function archive(estate: Estate, group: Group, name: string, immutability: string | null): GraphRow {
  return estate.row(
    group,
    'Microsoft.Storage/storageAccounts',
    `${name}${Math.floor(estate.draw('archive', name) * 9000) + 1000}`,
    {
      kind: 'StorageV2',
      sku: { name: 'Standard_GRS', tier: 'Standard' },
      properties: {
        accessTier: 'Cool',
        supportsHttpsTrafficOnly: true,
        ...(immutability !== null && {
          immutableStorageWithVersioning: {
            enabled: true,
            immutabilityPolicy: { immutabilityPeriodSinceCreationInDays: 365, state: immutability, allowProtectedAppendWrites: true },
          },
        }),
      },
    },
  )
}

function watchers(estate: Estate, plan: SubscriptionPlan, plans: readonly SubscriptionPlan[], workspaceId: string): GraphRow[] {
  const group = estate.group(plan, 'rg-monitoring-platform-weu', plan.region)
  const actionGroup = estate.row(group, 'Microsoft.Insights/actionGroups', 'ag-security-operations', {
    location: 'global',
    properties: {
      enabled: true,
      groupShortName: 'secops',
      emailReceivers: [{ name: 'on-call', emailAddress: 'on-call@brightwater-provisions.example', status: 'Enabled' }],
      armRoleReceivers: [],
    },
  })
  const alerts = watchRules.map(({ name, of, enabled, operation }) =>
    estate.row(group, 'Microsoft.Insights/activityLogAlerts', `ala-${name}`, {
      location: 'global',
      properties: {
        enabled,
        scopes: plans.filter((each) => of.includes(each.discipline)).map((each) => `/subscriptions/${each.subscriptionId}`),
        condition: { allOf: [{ field: 'category', equals: 'Administrative' }, operation] },
        actions: { actionGroups: [{ actionGroupId: actionGroup.id, webhookProperties: {} }] },
      },
    }),
  )
  const rules = [collectionRule(estate, group, workspaceId, 'Windows'), collectionRule(estate, group, workspaceId, 'Linux')]
  const automation = estate.row(group, 'Microsoft.Automation/automationAccounts', 'aa-platform-weu', {
    properties: { state: 'Ok' },
  })
  const vault = estate.row(group, 'Microsoft.KeyVault/vaults', `kv-platform-${Math.floor(estate.draw('kv') * 9000) + 1000}`, {
    properties: { enableSoftDelete: true, enablePurgeProtection: true, sku: { family: 'A', name: 'premium' } },
  })
  return [vault, ...rules, automation, actionGroup, ...alerts]
}

function collectionRule(estate: Estate, group: Group, workspaceId: string, kind: 'Windows' | 'Linux'): GraphRow {
  const windows = kind === 'Windows'
  const stream = windows ? 'Microsoft-SecurityEvent' : 'Microsoft-Syslog'
  const auditStream = 'Custom-LinuxAudit_CL'
  const source = windows
    ? {
        windowsEventLogs: [
          { name: 'security', streams: [stream], xPathQueries: ['Security!*[System[(band(Keywords,13510798882111488))]]'] },
          { name: 'defender', streams: ['Microsoft-Event'], xPathQueries: ['Microsoft-Windows-Windows Defender/Operational!*'] },
        ],
      }
    : {
        syslog: [
          {
            name: 'auth',
            streams: [stream],
            facilityNames: ['auth', 'authpriv'],
            logLevels: ['Info', 'Notice', 'Warning', 'Error'],
          },
        ],
        logFiles: [{ name: 'audit', streams: [auditStream], filePatterns: ['/var/log/audit/audit.log'], format: 'text' }],
      }
  return estate.row(group, 'Microsoft.Insights/dataCollectionRules', `dcr-${kind.toLowerCase()}-security`, {
    kind,
    properties: {
      immutableId: `dcr-${guid(estate.seed, 'rule', kind).replaceAll('-', '')}`,
      dataSources: source,
      destinations: { logAnalytics: [{ name: 'central', workspaceResourceId: workspaceId }] },
      dataFlows: [{ streams: [stream, windows ? 'Microsoft-Event' : auditStream], destinations: ['central'] }],
    },
  })
}
