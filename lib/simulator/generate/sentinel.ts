import { ok, type Answer } from '../answer'
import type { JsonObject } from '../json'
import { guid } from '../random'
import type { DestinationBook } from './destinations'
import type { SubscriptionPlan } from './estate'

interface RulePlan {
  name: string
  kind: 'Scheduled' | 'NRT' | 'Fusion' | 'MicrosoftSecurityIncidentCreation'
  enabled: boolean
  properties?: JsonObject
}

const scheduled: JsonObject = { queryFrequency: 'PT1H', queryPeriod: 'PT1H', triggerOperator: 'GreaterThan', triggerThreshold: 0, suppressionEnabled: false, suppressionDuration: 'PT5H' }
const incidents: JsonObject = { incidentConfiguration: { createIncident: true, groupingConfiguration: null } }

/** Rules on sign-ins and on changes in Azure: good ones, one that is switched off and one that leaves callers out. */
const rules: readonly RulePlan[] = [
  { name: 'Advanced Multistage Attack Detection', kind: 'Fusion', enabled: true },
  { name: 'Create incidents from Defender for Cloud', kind: 'MicrosoftSecurityIncidentCreation', enabled: true, properties: { productFilter: 'Azure Security Center' } },
  {
    name: 'Network security group deleted',
    kind: 'Scheduled',
    enabled: true,
    properties: { ...scheduled, ...incidents, query: "AzureActivity\n| where OperationNameValue =~ 'Microsoft.Network/networkSecurityGroups/delete'\n| where ActivityStatusValue =~ 'Success'\n| project TimeGenerated, Caller, CallerIpAddress, ResourceGroup" },
  },
  {
    name: 'Diagnostic setting changed or deleted',
    kind: 'NRT',
    enabled: true,
    properties: { ...incidents, query: "let operations = dynamic(['Microsoft.Insights/diagnosticSettings/write', 'Microsoft.Insights/diagnosticSettings/delete']);\nAzureActivity | where OperationNameValue in~ (operations)" },
  },
  {
    name: 'Public IP address created',
    kind: 'Scheduled',
    enabled: false,
    properties: { ...scheduled, ...incidents, query: "AzureActivity | where OperationNameValue =~ 'Microsoft.Network/publicIPAddresses/write'" },
  },
  {
    name: 'Policy assignment deleted by hand',
    kind: 'Scheduled',
    enabled: true,
    properties: { ...scheduled, ...incidents, query: "AzureActivity | where OperationNameValue =~ 'Microsoft.Authorization/policyAssignments/delete' and Caller !has 'pipeline'" },
  },
  {
    name: 'Many failed sign-ins from one address',
    kind: 'Scheduled',
    enabled: true,
    properties: { ...scheduled, ...incidents, triggerThreshold: 20, query: 'SigninLogs | where ResultType != 0 | summarize count() by IPAddress' },
  },
]

function isSentinel(subject: string, book: DestinationBook): boolean {
  return subject === book.centralWorkspace.toLowerCase()
}

function item(book: DestinationBook, type: string, name: string, more: JsonObject): JsonObject {
  return { id: `${book.centralWorkspace}/providers/Microsoft.SecurityInsights/${type}/${name}`, name, type: `Microsoft.SecurityInsights/${type}`, ...more }
}

function list(subject: string, book: DestinationBook, items: () => JsonObject[]): Answer {
  return ok({ value: isSentinel(subject, book) ? items() : [] })
}

export function sentinelOnboarding(subject: string, book: DestinationBook): Answer {
  return list(subject, book, () => [item(book, 'onboardingStates', 'default', { properties: { customerManagedKey: false } })])
}

/** What Defender raises in the subscriptions of the strong comes by a connector for each. */
export function sentinelConnectors(seed: number, subject: string, plans: readonly SubscriptionPlan[], book: DestinationBook): Answer {
  return list(subject, book, () => [
    item(book, 'dataConnectors', guid(seed, 'sentinel-connector', 'entra'), {
      kind: 'AzureActiveDirectory',
      properties: { tenantId: guid(seed, 'tenant'), dataTypes: { alerts: { state: 'Enabled' } } },
    }),
    ...plans.filter(({ index }) => index % 3 === 1).map(({ subscriptionId }) =>
      item(book, 'dataConnectors', guid(seed, 'sentinel-connector', subscriptionId), {
        kind: 'AzureSecurityCenter',
        properties: { subscriptionId, dataTypes: { alerts: { state: 'Enabled' } } },
      })),
  ])
}

interface IncidentPlan {
  title: string
  severity: 'High' | 'Medium' | 'Low'
  status: 'New' | 'Active' | 'Closed'
  createdTimeUtc: string
}

/** Two that nobody has taken up, beside those that somebody works on or has closed. */
const incidentPlans: readonly IncidentPlan[] = [
  { title: 'Diagnostic setting changed or deleted', severity: 'High', status: 'New', createdTimeUtc: '2025-11-14T08:20:11.4Z' },
  { title: 'Many failed sign-ins from one address', severity: 'Medium', status: 'New', createdTimeUtc: '2025-10-02T21:03:40.9Z' },
  { title: 'Network security group deleted', severity: 'Medium', status: 'Active', createdTimeUtc: '2025-09-18T10:41:02.1Z' },
  { title: 'Many failed sign-ins from one address', severity: 'High', status: 'Closed', createdTimeUtc: '2025-08-30T03:12:57.6Z' },
  { title: 'Sign-in from an unusual place', severity: 'Low', status: 'New', createdTimeUtc: '2025-08-04T17:55:23.0Z' },
]

export function sentinelIncidents(seed: number, subject: string, book: DestinationBook): Answer {
  return list(subject, book, () =>
    incidentPlans.map((properties, index) => item(book, 'incidents', guid(seed, 'sentinel-incident', index), { properties: { ...properties, incidentNumber: index + 1 } })))
}

/** What the query API of Log Analytics answers to the question who queried a workspace: in the central one somebody does. */
export function workspaceQueries(subject: string, book: DestinationBook): Answer {
  const columns = [{ name: 'queryCount', type: 'long' }, { name: 'people', type: 'long' }, { name: 'lastAt', type: 'datetime' }]
  const row = isSentinel(subject, book) ? [214, 6, '2025-11-21T15:02:44.19Z'] : [0, 0, null]
  return ok({ tables: [{ name: 'PrimaryResult', columns, rows: [row] }] })
}

export function sentinelRules(seed: number, subject: string, book: DestinationBook): Answer {
  return list(subject, book, () =>
    rules.map(({ name, kind, enabled, properties }) =>
      item(book, 'alertRules', guid(seed, 'sentinel-rule', name), { kind, properties: { displayName: name, severity: 'Medium', enabled, ...properties } })))
}
