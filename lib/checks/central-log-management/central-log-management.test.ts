import { describe } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import type { Collected } from '@/lib/domain/collected'
import type { ManagementGroup } from '@/lib/domain/estate'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, gone, hubId, liveOf, refused, refusing, resourceOf, settingOf, storageId, subscriptionId, tenantId, tenantSubjectId, throttled, unseen, workspaceId, workspaceOf, type SettingLiteral } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

/** What the reading makes of the answer of a cloud without the API. */
const notOffered: Collected<never> = { ok: false, reason: 'unsupported', detail: 'Entra diagnostic settings cannot be read in this cloud.', status: 404, code: 'NoRegisteredProviderFound', action: null }
/** It names no action. */
const refusedInWords: Collected<never> = { ok: false, reason: 'permission-denied', detail: 'Refused.', status: 403, code: 'Forbidden', action: null }
const central = workspaceId('central')
const local = workspaceId('team')
const four = ['Administrative', 'Security', 'Alert', 'Policy']
const workspaces = [workspaceOf('central'), workspaceOf('team')]

function exporting(settings: SettingLiteral[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { workspaces, settings: { [subscriptionId]: settings.map(settingOf) }, ...more }, of: subscriptionId }
}

const activityLog: JudgedCase[] = [
  { because: 'the four security categories reach the central workspace', ...exporting([{ logs: four, workspace: central }]), verdict: 'pass', severity: 'critical' },
  { because: 'allLogs is all eight, which the reason says', ...exporting([{ logs: ['group:allLogs'], workspace: central }]), verdict: 'pass', says: 'Every category' },
  { because: 'two settings complete each other', ...exporting([{ name: 'a', logs: ['Administrative', 'Security'], workspace: central }, { name: 'b', logs: ['Alert', 'Policy'], workspace: central }]), verdict: 'pass' },
  { because: 'a local copy beside the central one does no harm', ...exporting([{ name: 'a', logs: four, workspace: local }, { name: 'b', logs: four, workspace: central.toLowerCase() }]), verdict: 'pass' },
  { because: 'a proposal passes, and says that it is one', ...exporting([{ logs: four, workspace: central }], { central: { ids: [central], basis: 'activity-log-or-sentinel' } }), verdict: 'pass', says: 'a proposal until someone confirms it' },
  { because: 'an event hub counts as central when the policy vouches for what is behind it', ...exporting([{ logs: four, hub: hubId('siem') }], { exists: [hubId('siem')], policy: { approvedDestinations: [hubId('siem')] } }), verdict: 'pass' },
  { because: 'nobody tells what another group than allLogs holds of the activity log', ...exporting([{ logs: ['group:audit'], workspace: central }]), verdict: 'unknown', reasonCode: 'unsupported', says: 'A category group is on' },
  { because: 'there is no setting', ...exporting([]), verdict: 'fail', severity: 'critical', says: 'there is no diagnostic setting' },
  { because: 'Policy is missing', ...exporting([{ logs: ['Administrative', 'Security', 'Alert'], workspace: central }]), verdict: 'fail', says: /^Policy of the activity log is not sent/ },
  { because: 'all entries are off', ...exporting([{ logs: four.map((name) => `-${name}`), workspace: central }]), verdict: 'fail' },
  { because: 'health events are no security events', ...exporting([{ logs: ['ServiceHealth', 'ResourceHealth'], workspace: central }]), verdict: 'fail' },
  { because: 'the central workspace was deleted', ...exporting([{ logs: four, workspace: central }], { workspaces: [] }), verdict: 'fail', says: 'no longer exists' },
  { because: 'the workspace is not an approved one', ...exporting([{ logs: four, workspace: local }]), verdict: 'fail', says: 'not central' },
  { because: 'an event hub alone is not central unless the user says so', ...exporting([{ logs: four, hub: hubId('siem') }], { exists: [hubId('siem')] }), verdict: 'fail' },
  { because: 'a storage account alone is not central', ...exporting([{ logs: four, storage: storageId('arch') }], { exists: [storageId('arch')] }), verdict: 'fail' },
  { because: 'it goes only to an unseen workspace while nothing is confirmed', ...exporting([{ logs: four, workspace: workspaceId('soc', unseen) }], { central: { ids: [], basis: 'none' } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'an unseen workspace is not on the confirmed list, whatever it is', ...exporting([{ logs: four, workspace: workspaceId('soc', unseen) }]), verdict: 'fail' },
  { because: 'the confirmed central workspace may be unseen', ...exporting([{ logs: four, workspace: workspaceId('soc', unseen) }], { policy: { approvedWorkspaces: [workspaceId('soc', unseen)] }, central: { ids: [workspaceId('SOC', unseen)], basis: 'confirmed' } }), verdict: 'pass' },
  { because: 'the policy vouches for a workspace out of sight beside the confirmed ones', ...exporting([{ logs: four, workspace: workspaceId('soc', unseen) }], { policy: { approvedDestinations: [workspaceId('SOC', unseen)] } }), verdict: 'pass' },
  { because: 'vouching does not bring back a workspace that was deleted', ...exporting([{ logs: four, workspace: workspaceId('old') }], { policy: { approvedDestinations: [workspaceId('old')] } }), verdict: 'fail', says: 'no longer exists' },
  { because: 'the settings were refused', estate: { settings: { [subscriptionId]: refused } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/diagnosticSettings/read' },
  { because: 'the settings were never read', estate: {}, of: subscriptionId, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the subscription is deleted', estate: { subscription: { state: 'Deleted' } }, of: subscriptionId, verdict: 'not-applicable' },
  { because: 'a disabled subscription still has its log', ...exporting([], { subscription: { state: 'Disabled' } }), verdict: 'fail' },
]

const root: ManagementGroup = { id: `/providers/Microsoft.Management/managementGroups/${tenantId}`, name: tenantId, displayName: 'Root', parentId: null }
const child: ManagementGroup = { id: '/providers/Microsoft.Management/managementGroups/prod', name: 'prod', displayName: 'Prod', parentId: root.id }

const orphan: ManagementGroup = { ...child, parentId: null }
const shouted: ManagementGroup = { ...root, id: root.id.replace(tenantId, tenantId.toUpperCase()), name: tenantId.toUpperCase() }

function groups(settings: Record<string, SettingLiteral[]>, more: EstateLiteral = {}): EstateLiteral {
  return { subscription: null, managementGroups: [root, child], settings: Object.fromEntries(Object.entries(settings).map(([id, list]) => [id, list.map(settingOf)])), ...more }
}

const managementGroups: JudgedCase[] = [
  { because: 'both categories of the root are exported', estate: groups({ [root.id]: [{ logs: ['Administrative', 'Policy'], workspace: central }] }), of: root.id, verdict: 'pass', severity: 'low' },
  { because: 'allLogs is both', estate: groups({ [root.id]: [{ logs: ['group:allLogs'], workspace: central }] }), of: root.id, verdict: 'pass' },
  { because: 'nobody tells what the group audit holds of it', estate: groups({ [root.id]: [{ logs: ['group:audit'], workspace: central }] }), of: root.id, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'Policy is missing at the root', estate: groups({ [root.id]: [{ logs: ['Administrative'], workspace: central }] }), of: root.id, verdict: 'fail' },
  { because: 'the root has no setting', estate: groups({ [root.id]: [] }), of: root.id, verdict: 'fail' },
  { because: 'below the root it is optional', estate: groups({ [child.id]: [] }), of: child.id, verdict: 'not-applicable' },
  { because: 'a group below the root may export all the same', estate: groups({ [child.id]: [{ logs: ['Administrative', 'Policy'], workspace: central }] }), of: child.id, verdict: 'pass' },
  { because: 'what a group below the root sends goes out of sight', estate: groups({ [child.id]: [{ logs: ['Administrative', 'Policy'], workspace: workspaceId('soc', unseen) }] }), of: child.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the root was refused', estate: { subscription: null, managementGroups: [root], settings: { [root.id]: refused } }, of: root.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a group below the root was refused: it may have an export', estate: { subscription: null, managementGroups: [root, child], settings: { [child.id]: refused } }, of: child.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the group is gone', estate: { subscription: null, managementGroups: [root], settings: { [root.id]: gone } }, of: root.id, verdict: 'none' },
  { because: 'a group whose parent is not in sight is no root', estate: { subscription: null, managementGroups: [orphan], settings: { [orphan.id]: [] } }, of: orphan.id, verdict: 'not-applicable' },
  { because: 'the root is not in sight', estate: { subscription: null, managementGroups: [orphan], settings: { [orphan.id]: [] } }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'no group is in sight', estate: { subscription: null, managementGroups: [] }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the root is in sight and answers for itself', estate: groups({ [root.id]: [] }), of: tenantSubjectId, verdict: 'none' },
  { because: 'the name of the root differs in casing', estate: { subscription: null, managementGroups: [shouted], settings: { [shouted.id]: [] } }, of: shouted.id, verdict: 'fail' },
]

const entraAll = loadCatalog().platform.tenant.required
function entra(settings: SettingLiteral[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { subscription: null, workspaces, settings: { [tenantSubjectId]: settings.map(settingOf) }, ...more }, of: tenantSubjectId }
}

const entraCore: JudgedCase[] = [
  { because: 'audit and sign-in logs are sent', ...entra([{ logs: ['AuditLogs', 'SignInLogs'], workspace: central }]), verdict: 'pass', severity: 'critical' },
  { because: 'any live destination serves', ...entra([{ logs: ['AuditLogs', 'SignInLogs'], workspace: local }]), verdict: 'pass' },
  { because: 'nobody tells what a group of Entra holds', ...entra([{ logs: ['AuditLogs', 'group:signIns'], workspace: central }]), verdict: 'unknown', reasonCode: 'unsupported', says: 'SignInLogs' },
  { because: 'sign-ins are missing', ...entra([{ logs: ['AuditLogs', '-SignInLogs'], workspace: central }]), verdict: 'fail', says: /^SignInLogs of Entra ID is not sent anywhere, while AuditLogs is/ },
  { because: 'there is no setting', ...entra([]), verdict: 'fail' },
  { because: 'the workspace was deleted', ...entra([{ logs: ['AuditLogs', 'SignInLogs'], workspace: workspaceId('old') }]), verdict: 'fail' },
  { because: 'the common refusal: roles on subscriptions do not reach Entra', estate: { subscription: null, settings: { [tenantSubjectId]: refused } }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a sovereign cloud does not offer the API', estate: { subscription: null, cloud: 'AzureChinaCloud', settings: { [tenantSubjectId]: notOffered } }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a sovereign cloud refuses it', estate: { subscription: null, cloud: 'AzureUSGovernment', settings: { [tenantSubjectId]: refusedInWords } }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'microsoft.aadiam/diagnosticSettings/read' },
  { because: 'a sovereign cloud is busy', estate: { subscription: null, cloud: 'AzureChinaCloud', settings: { [tenantSubjectId]: throttled } }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'a sovereign cloud fails', estate: { subscription: null, cloud: 'AzureChinaCloud', settings: { [tenantSubjectId]: broken } }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'a sovereign cloud that answers is judged', ...entra([{ logs: ['AuditLogs', 'SignInLogs'], workspace: central }], { cloud: 'AzureUSGovernment' }), verdict: 'pass' },
]

const entraComplete: JudgedCase[] = [
  { because: 'all are sent', ...entra([{ logs: entraAll, workspace: central }]), verdict: 'pass', severity: 'medium' },
  { because: 'only the two core logs are sent', ...entra([{ logs: ['AuditLogs', 'SignInLogs'], workspace: central }]), verdict: 'fail', says: 'NonInteractiveUserSignInLogs' },
  { because: 'the optional logs are not asked', ...entra([{ logs: entraAll.filter((name) => name !== 'RemoteNetworkHealthLogs'), workspace: central }]), verdict: 'pass' },
  { because: 'nothing is sent, which the other check says', ...entra([]), verdict: 'not-applicable' },
  { because: 'the settings were refused', estate: { subscription: null, settings: { [tenantSubjectId]: refused } }, of: tenantSubjectId, verdict: 'unknown', reasonCode: 'permission-denied' },
]

const vaultType = 'Microsoft.KeyVault/vaults'
const vault = resourceOf(vaultType, 'kv')
const vaultWith = (settings: SettingLiteral[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: { resources: [vault], workspaces, live: { [vault.type]: liveOf(vaultType, { AuditEvent: ['audit', 'allLogs'] }) }, settings: { [vault.id]: settings.map(settingOf) }, ...more },
  of: vault.id,
})

const toSoc = [{ logs: ['AuditEvent'], workspace: workspaceId('soc', unseen) }]
const proposed: CentralWorkspaces = { ids: [central], basis: 'activity-log-or-sentinel' }
const centralized: JudgedCase[] = [
  { because: 'nobody has said whether a workspace out of sight is central', ...vaultWith(toSoc, { central: proposed }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the policy vouches for it', ...vaultWith(toSoc, { central: proposed, policy: { approvedDestinations: [workspaceId('soc', unseen)] } }), verdict: 'pass' },
  { because: 'the required set reaches the central workspace', ...vaultWith([{ logs: ['group:audit'], workspace: central }]), verdict: 'pass', severity: 'medium' },
  { because: 'central and local together are common', ...vaultWith([{ name: 'team', logs: ['group:allLogs'], workspace: local }, { name: 'sec', logs: ['group:audit'], workspace: central }]), verdict: 'pass' },
  { because: 'one of several central workspaces is enough', ...vaultWith([{ logs: ['AuditEvent'], workspace: local }], { central: { ids: [central, local], basis: 'confirmed' } }), verdict: 'pass' },
  { because: 'what is central is another log than the required one, which no setting sends anywhere', ...vaultWith([{ logs: ['AzurePolicyEvaluationDetails'], workspace: central }]), verdict: 'fail', says: 'no setting sends a log that is required' },
  { because: 'it logs to a team’s workspace only', ...vaultWith([{ logs: ['group:audit'], workspace: local }]), verdict: 'fail', says: 'local destinations only' },
  { because: 'nothing is logged: both this and the audit check fail', ...vaultWith([]), verdict: 'fail', says: 'there is no diagnostic setting' },
  { because: 'it logs to a storage account only', ...vaultWith([{ logs: ['group:audit'], storage: storageId('arch') }], { exists: [storageId('arch')] }), verdict: 'fail' },
  { because: 'the central workspace was deleted', ...vaultWith([{ logs: ['group:audit'], workspace: central }], { workspaces: [] }), verdict: 'fail' },
  { because: 'an unseen workspace may be the centre while nothing is confirmed', ...vaultWith([{ logs: ['group:audit'], workspace: workspaceId('soc', unseen) }], { central: { ids: [central], basis: 'most-used' } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'an unseen workspace is not on the confirmed list', ...vaultWith([{ logs: ['group:audit'], workspace: workspaceId('soc', unseen) }]), verdict: 'fail' },
  { because: 'the settings were refused', estate: { resources: [vault], settings: { [vault.id]: refused } }, of: vault.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a disk has no logs to centralize', estate: { resources: [resourceOf('Microsoft.Compute/disks', 'd')] }, of: resourceOf('Microsoft.Compute/disks', 'd').id, verdict: 'not-applicable' },
  { because: 'with no central destination a resource has no finding of its own', ...vaultWith([], { central: { ids: [], basis: 'none' } }), verdict: 'none' },
  { because: 'with no central destination one finding of the subscription says so', ...vaultWith([], { central: { ids: [], basis: 'none' } }), of: subscriptionId, verdict: 'unknown', reasonCode: 'unsupported' },
]

const workspace = resourceOf('Microsoft.OperationalInsights/workspaces', 'central', { id: central })
const used = { [central]: { subjects: 3, tables: ['AZKVAuditLogs'], categories: [] } }
const workspaceWith = (over: Parameters<typeof workspaceOf>[1], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => ({
  estate: { resources: [workspace], workspaces: [workspaceOf('central', over)], use: used, ...more },
  of: workspace.id,
})

const onboardingRead = 'Microsoft.SecurityInsights/onboardingStates/read'
const takesAll: JudgedCase[] = [
  { because: 'it takes data without a cap', ...workspaceWith({}), verdict: 'pass', severity: 'high' },
  { because: 'a cap of null is no cap', ...workspaceWith({ dailyQuotaGb: null }), verdict: 'pass' },
  { because: 'any cap on a workspace of security logs drops what comes after it', ...workspaceWith({ dailyQuotaGb: 5 }), verdict: 'fail', severity: 'medium' },
  { because: 'it is over its quota', ...workspaceWith({ dailyQuotaGb: 5, dataIngestionStatus: 'OverQuota' }), verdict: 'fail', severity: 'high' },
  { because: 'taking data was switched off', ...workspaceWith({ dataIngestionStatus: 'ForceOff' }), verdict: 'fail' },
  { because: 'its subscription is suspended', ...workspaceWith({ dataIngestionStatus: 'SubscriptionSuspended' }), verdict: 'fail' },
  { because: 'Azure gave no status', ...workspaceWith({ dataIngestionStatus: null }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'nobody sends to it', ...workspaceWith({ dailyQuotaGb: 1 }, { use: {} }), verdict: 'not-applicable' },
  { because: 'Sentinel is on it, and its connectors may feed it', ...workspaceWith({ dailyQuotaGb: 1 }, { use: {}, sentinel: { [central]: { onboarded: true } } }), verdict: 'fail', severity: 'medium' },
  { because: 'nothing else is sent to it, and whether Sentinel is on it was refused', ...workspaceWith({ dailyQuotaGb: 1 }, { use: {}, sentinel: { [central]: refusing(onboardingRead) } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: onboardingRead, says: 'whether Sentinel is on it, which may feed it, could not be read' },
  { because: 'what is sent to it shows it in use, whatever was refused', ...workspaceWith({ dailyQuotaGb: 1 }, { sentinel: { [central]: refused } }), verdict: 'fail' },
  { because: 'Sentinel is not on it', ...workspaceWith({ dailyQuotaGb: 1 }, { use: {}, sentinel: { [central]: { onboarded: false } } }), verdict: 'not-applicable' },
  { because: 'the policy names it', ...workspaceWith({ dailyQuotaGb: 1 }, { use: {}, policy: { approvedWorkspaces: [central.toUpperCase()] } }), verdict: 'fail' },
]

describe('activity-log-export', () => judgedCases('activity-log-export', activityLog))
describe('management-group-activity-log-export', () => judgedCases('management-group-activity-log-export', managementGroups))
describe('entra-log-export', () => judgedCases('entra-log-export', entraCore))
describe('entra-log-export-complete', () => judgedCases('entra-log-export-complete', entraComplete))
describe('resource-logs-centralized', () => judgedCases('resource-logs-centralized', centralized))
describe('workspace-takes-all', () => judgedCases('workspace-takes-all', takesAll))
describe('workspace-hardened', () =>
  judgedCases('workspace-hardened', [
    { because: 'immediate purge is off', ...workspaceWith({}), verdict: 'pass', severity: 'low' },
    { because: 'immediate purge is on', ...workspaceWith({ immediatePurgeDataOn30Days: true }), verdict: 'fail' },
    { because: 'nobody sends to it', ...workspaceWith({ immediatePurgeDataOn30Days: true }, { use: {} }), verdict: 'not-applicable' },
    { because: 'Sentinel is on it, and its connectors may feed it', ...workspaceWith({ immediatePurgeDataOn30Days: true }, { use: {}, sentinel: { [central]: { onboarded: true } } }), verdict: 'fail' },
    { because: 'nothing else is sent to it, and whether Sentinel is on it could not be read', ...workspaceWith({}, { use: {}, sentinel: { [central]: broken } }), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'nothing else is sent to it, and Azure knows of no Sentinel on it', ...workspaceWith({}, { use: {}, sentinel: { [central]: gone } }), verdict: 'not-applicable' },
    { because: 'the policy names it', ...workspaceWith({ immediatePurgeDataOn30Days: false }, { use: {}, policy: { approvedWorkspaces: [central] } }), verdict: 'pass' },
  ]))
