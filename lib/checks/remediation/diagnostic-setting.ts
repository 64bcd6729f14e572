import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import { apiVersionOf } from './api-versions'
import { beforeSetting, missingIn, type BeforeSetting, type Pasted } from './before-setting'
import { fieldsOf } from './evidence-fields'
import { bicepString, shellQuote, terraformString, workspacePlaceholder } from './quote'
import { notSentYet, settingsThere, type SettingsThere } from './settings-there'
import { remediateSqlServer, serverOf } from './sql-auditing'

export interface LogSelection {
  groups: readonly string[]
  categories: readonly string[]
}

/** Bicep's object for each entry of a setting. */
export function bicepLogs({ groups, categories }: LogSelection): string {
  const entries = [...groups.map((name) => ['categoryGroup', name] as const), ...categories.map((name) => ['category', name] as const)]
  return entries.map(([key, name]) => `      { ${key}: ${bicepString(name)}, enabled: true }`).join('\n')
}

/** The `logs` array of a setting as compact JSON. */
export function jsonLogs({ groups, categories }: LogSelection): string {
  const entries = [...groups.map((categoryGroup) => ({ categoryGroup, enabled: true })), ...categories.map((category) => ({ category, enabled: true }))]
  return JSON.stringify(entries)
}

/** The required set as the finding stored it; empty when the finding has none. */
function requiredIn(judgement: Judgement, there: SettingsThere): { decidedBy: string; names: readonly string[] } {
  const { decidedBy, categories, oneOfEach } = fieldsOf(judgement.evidence?.required)
  const texts = (value: unknown): string[] => (Array.isArray(value) ? value.filter((name): name is string => typeof name === 'string') : [])
  const lists = (Array.isArray(oneOfEach) ? oneOfEach : []).map(texts)
  // Of alternatives the last is the leaner one: kube-audit-admin rather than kube-audit.
  const chosen = lists.filter((names) => !names.some((name) => there.sent.has(name.toLowerCase()))).flatMap((names) => names.at(-1) ?? [])
  return { decidedBy: typeof decidedBy === 'string' ? decidedBy : 'unknown', names: notSentYet([...texts(categories), ...chosen], there) }
}

/** What to switch on: the audit group where it is what was asked, else the named categories, else everything. Beside a setting to the same workspace what that leaves out. */
function selectionFor(subject: RemediationSubject, { catalog }: RemediationContext, there: SettingsThere, before: BeforeSetting | null): LogSelection {
  const { decidedBy, names } = requiredIn(subject.judgement, there)
  if (there.sent.size > 0 && names.length > 0) {
    // What a group holds is known to the finding alone.
    const missing = before?.endsOwnWay ? names : names.filter((name) => missingIn(subject.judgement).includes(name.toLowerCase()))
    return { groups: [], categories: missing.length > 0 ? missing : names }
  }
  if (decidedBy === 'live-audit-group' || decidedBy === 'catalogue-audit') return { groups: ['audit'], categories: [] }
  if (decidedBy === 'type-judgement' || decidedBy === 'policy') return { groups: [], categories: names }
  const type = catalog.type(subject.resourceType)
  if (decidedBy === 'unknown' && type?.auditGroup === true) return { groups: ['audit'], categories: [] }
  if (names.length > 0 && type?.allLogsGroup !== true) return { groups: [], categories: names }
  return { groups: ['allLogs'], categories: [] }
}

/** What a setting is made of. */
interface SettingText {
  name: string
  workspace: string
  logs: LogSelection
}

function azureCli(resourceId: string, { name, workspace, logs }: SettingText): string {
  return [
    'az monitor diagnostic-settings create',
    `  --name ${name}`,
    `  --resource ${shellQuote(resourceId)}`,
    `  --workspace ${shellQuote(workspace)}`,
    '  --export-to-resource-specific true',
    `  --logs ${shellQuote(jsonLogs(logs))}`,
  ].join(' \\\n')
}

/** The name of a nested resource as a top-level `existing` reference wants it: `account/default`. */
function bicepName(resourceId: string): string {
  const segments = (resourceId.split(/\/providers\//i).at(-1) ?? '').split('/')
  return segments.filter((_, index) => index > 0 && index % 2 === 0).join('/')
}

function bicep(subject: RemediationSubject, typeName: string, { name, workspace, logs }: SettingText): string {
  return [
    `resource target ${bicepString(`${typeName}@${apiVersionOf(subject.resourceType)}`)} existing = {`,
    `  name: ${bicepString(bicepName(subject.resourceId))}`,
    '}',
    '',
    "resource setting 'Microsoft.Insights/diagnosticSettings@2021-05-01-preview' = {",
    `  name: ${bicepString(name)}`,
    '  scope: target',
    '  properties: {',
    `    workspaceId: ${bicepString(workspace)}`,
    "    logAnalyticsDestinationType: 'Dedicated'",
    '    logs: [',
    bicepLogs(logs),
    '    ]',
    '  }',
    '}',
  ].join('\n')
}

function terraform(resourceId: string, { name, workspace, logs: { groups, categories } }: SettingText): string {
  const entries = [...groups.map((group) => ['category_group', group] as const), ...categories.map((category) => ['category', category] as const)]
  return [
    'resource "azurerm_monitor_diagnostic_setting" "keypoint_security" {',
    `  name                           = ${terraformString(name)}`,
    `  target_resource_id             = ${terraformString(resourceId)}`,
    `  log_analytics_workspace_id     = ${terraformString(workspace)}`,
    '  log_analytics_destination_type = "Dedicated"',
    ...entries.flatMap(([key, entry]) => ['', '  enabled_log {', `    ${key} = ${terraformString(entry)}`, '  }']),
    '}',
  ].join('\n')
}

const definitions = '/providers/Microsoft.Authorization/policyDefinitions/'

/** Policies of types that no policy by category group is made for. */
const ownPolicies: Readonly<Record<string, readonly [id: string, displayName: string]>> = {
  'microsoft.storage/storageaccounts/blobservices': ['b4fe1a3b-0715-4c6c-a5ea-ffc33cf823cb', 'Configure diagnostic settings for Blob Services to Log Analytics workspace'],
  'microsoft.storage/storageaccounts/fileservices': ['25a70cc8-2bd4-47f1-90b6-1478e4662c96', 'Configure diagnostic settings for File Services to Log Analytics workspace'],
  'microsoft.storage/storageaccounts/queueservices': ['7bd000e3-37c7-4928-9f31-86c4b77c5c45', 'Configure diagnostic settings for Queue Services to Log Analytics workspace'],
  'microsoft.storage/storageaccounts/tableservices': ['2fb86bf3-d221-43d1-96d1-2434af34eaa0', 'Configure diagnostic settings for Table Services to Log Analytics workspace'],
  'microsoft.containerservice/managedclusters': ['6c66c325-74c8-42fd-a286-a74b0e2939d8', 'Deploy - Configure diagnostic settings for Azure Kubernetes Service to Log Analytics workspace'],
  'microsoft.web/sites': ['91a78b24-f231-4a8a-8da9-02c35b2b6510', 'App Service apps should have resource logs enabled'],
  'microsoft.web/sites/slots': ['d639b3af-a535-4bef-8dcf-15078cddf5e2', 'App Service app slots should have resource logs enabled'],
}
/** It takes the types to look at as a parameter. */
const anyTypePolicy = ['7f89b1eb-583c-429a-8828-af049802c1d9', 'Audit diagnostic setting for selected resource types'] as const

/** The built-in policy that makes the setting for a type, else one that shows where it lacks. */
export function settingPolicy(resourceType: string, catalog: LogCatalog): NonNullable<Remediation['policy']> {
  const type = catalog.type(resourceType)
  if (type?.policies.logAnalytics) return { id: definitions + type.policies.logAnalytics, displayName: `Enable logging by category group for ${type.displayName} to Log Analytics` }
  const [id, displayName] = ownPolicies[resourceType.toLowerCase()] ?? anyTypePolicy
  return { id: definitions + id, displayName }
}

/** A diagnostic setting that sends what is required to the central workspace. */
export function remediateSetting(subject: RemediationSubject, context: RemediationContext): Remediation {
  if (subject.resourceType === 'microsoft.sql/servers/databases') {
    return remediateSqlServer(serverOf(subject.resourceId), subject.judgement, context)
  }
  const workspace = context.centralWorkspaceIds[0] ?? workspacePlaceholder
  const there = settingsThere(subject.judgement, workspace)
  const before = beforeSetting(subject)
  const logs = selectionFor(subject, context, there, before)
  const setting = { name: there.name, workspace, logs }
  const type = context.catalog.type(subject.resourceType)
  const made = {
    azureCli: azureCli(subject.resourceId, setting), bicep: bicep(subject, type?.displayName ?? subject.resourceType, setting), terraform: terraform(subject.resourceId, setting),
  }
  // Where a setting sends everything already, it only waits for what comes before it.
  const isThere = before !== null && before.made !== null && logs.categories.length > 0 && logs.categories.every((name) => there.sent.has(name.toLowerCase()))
  const what = logs.groups[0] ? `the category group ${logs.groups[0]}` : logs.categories.join(', ')
  const add = `Add a diagnostic setting that sends ${what} to the central workspace. A setting holds either groups or categories, never both, and a resource takes five settings at most.`
  return {
    summary: `${before?.summary ?? ''}${isThere ? 'A setting that carries it is there.' : add}`,
    ...(isThere ? before.made : inTurn(before?.made, made)),
    policy: settingPolicy(subject.resourceType, context.catalog),
    portal: 'Open the resource, Monitoring, Diagnostic settings, Add diagnostic setting.',
  }
}

function inTurn(first: Pasted | null | undefined, then: Pasted): Pasted {
  if (!first) return then
  return { azureCli: `${first.azureCli}\n${then.azureCli}`, bicep: `${first.bicep}\n\n${then.bicep}`, terraform: `${first.terraform}\n\n${then.terraform}` }
}
