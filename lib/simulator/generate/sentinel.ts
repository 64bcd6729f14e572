import { ok, type Answer } from '../answer'
import type { JsonObject } from '../json'
import { guid } from '../random'
import type { DestinationBook } from './destinations'

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

export function isSentinel(subject: string, book: DestinationBook): boolean {
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

export function sentinelRules(seed: number, subject: string, book: DestinationBook): Answer {
  return list(subject, book, () =>
    rules.map(({ name, kind, enabled, properties }) =>
      item(book, 'alertRules', guid(seed, 'sentinel-rule', name), { kind, properties: { displayName: name, severity: 'Medium', enabled, ...properties } })))
}
