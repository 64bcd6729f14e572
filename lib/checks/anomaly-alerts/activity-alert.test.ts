import { describe } from 'vitest'
import type { ActionGroup, ActivityLogAlert, AlertCondition, AlertLeaf, AdditionRule, Alerting, ProcessingRule, QueryRule } from '@/lib/domain/alerting'
import type { Collected } from '@/lib/domain/collected'
import type { SentinelRule } from '@/lib/domain/sentinel'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, home, idOf, refused, refusing, settingOf, subscriptionId, tenantId, tenantSubjectId, throttled, unseen, workspaceId, workspaceOf } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const elsewhere = '33333333-3333-4333-8333-333333333333'
const group = idOf('Microsoft.Insights/actionGroups', 'secops', elsewhere)

function leaf(field: string, equals: string | null, containsAny: string[] = []): AlertLeaf {
  return { field, equals, containsAny }
}
function on(field: string, equals: string | null, containsAny: string[] = []): AlertCondition {
  return { ...leaf(field, equals, containsAny), anyOf: [] }
}
function anyOf(...leaves: AlertLeaf[]): AlertCondition {
  return { field: null, equals: null, containsAny: [], anyOf: leaves }
}

const nsgWrite = 'Microsoft.Network/networkSecurityGroups/write'
const naming = `AzureActivity | where OperationNameValue =~ '${nsgWrite}'`
const administrative = on('category', 'Administrative')
const plain = [administrative, on('operationName', nsgWrite)]

function alertOf(over: Partial<ActivityLogAlert> = {}): ActivityLogAlert {
  return { id: idOf('Microsoft.Insights/activityLogAlerts', 'nsg'), enabled: true, scopes: [subscriptionId], conditions: plain, actionGroupIds: [group], ...over }
}
function groupOf(over: Partial<ActionGroup> = {}): ActionGroup {
  return { id: group, enabled: true, receivers: { email: 1 }, disabledReceivers: 0, ...over }
}
function suppressing(over: Partial<ProcessingRule> = {}): ProcessingRule {
  return { id: idOf('Microsoft.AlertsManagement/actionRules', 'quiet'), enabled: true, scopes: [subscriptionId], conditions: [], always: true, ...over }
}
function adding(over: Partial<AdditionRule> = {}): AdditionRule {
  return { ...suppressing(), id: idOf('Microsoft.AlertsManagement/actionRules', 'tell'), actionGroupIds: [group.toUpperCase()], ...over }
}
function queryRule(text: string, over: Partial<QueryRule> = {}): QueryRule {
  return { id: idOf('Microsoft.Insights/scheduledQueryRules', 'hunt'), enabled: true, scopes: [subscriptionId], queries: [{ text, onAny: true }], actionGroupIds: [group], ...over }
}

function alerting(over: Partial<Alerting>, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  const whole: Alerting = { activityLogAlerts: [], queryRules: [], actionGroups: [groupOf()], suppressionRules: [], exports: [], covered: [elsewhere, home], unread: [], ...over }
  return { estate: { alerting: { [tenantSubjectId]: whole }, ...more }, of: subscriptionId }
}
const failed = (subscriptions: string[]): Required<Alerting>['failures'] => [{ subscriptions, failure: { ok: false, reason: 'api-error', detail: 'Resource Graph is busy.', status: 503, code: null, action: null } }]
const withAlert = (over: Partial<ActivityLogAlert>, more: Partial<Alerting> = {}): Pick<JudgedCase, 'estate' | 'of'> => alerting({ activityLogAlerts: [alertOf(over)], ...more })
const withGroups = (groupNames: string[]): Pick<JudgedCase, 'estate' | 'of'> => alerting({ activityLogAlerts: [alertOf({ scopes: ['/providers/Microsoft.Management/managementGroups/prod'] })] }, { groupNames })
const scheduled = (limits: Partial<NonNullable<ProcessingRule['schedule']>>): Partial<ProcessingRule> => ({ always: false, schedule: { from: null, until: null, recurring: false, ...limits } })
const suppressed = (over: Partial<ProcessingRule>): Pick<JudgedCase, 'estate' | 'of'> => withAlert({}, { suppressionRules: [suppressing(over)] })
/** An alert that calls no group of its own, and a processing rule that adds one. */
const added = (over: Partial<AdditionRule>, more: Partial<Alerting> = {}): Pick<JudgedCase, 'estate' | 'of'> => withAlert({ actionGroupIds: [] }, { additionRules: [adding(over)], ...more })
const ownRule = idOf('Microsoft.Insights/dataCollectionRules', 'dcr-own')
/** A workspace with a rule of its own for what comes into AzureActivity. */
const transforming = (transformKql: string): EstateLiteral => {
  const id = ownRule
  const flows = [{ streams: ['Microsoft-Table-AzureActivity'], destinations: ['la'], transformKql }]
  return { workspaces: [workspaceOf('central', { defaultRuleId: id })], rules: { [id]: { id, name: 'dcr-own', kind: 'WorkspaceTransforms', windowsEvents: [], syslog: [], logFiles: [], workspaces: [], flows } } }
}
const queried = (rule: QueryRule, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> => alerting({ queryRules: [rule] }, more)
/** A query on the central workspace, which gets the whole activity log. */
const queriedCentral = (more: EstateLiteral): Pick<JudgedCase, 'estate' | 'of'> => queried(queryRule(naming, { scopes: [workspaceId('central')] }), { settings: { [subscriptionId]: [settingOf({ logs: ['group:allLogs'], workspace: workspaceId('central') })] }, ...more })

const farCentral = workspaceId('central', elsewhere)
/** The activity log goes to a workspace of another subscription, which a query watches. */
const queriedFar = (over: Partial<Alerting>): Pick<JudgedCase, 'estate' | 'of'> => alerting({ queryRules: [queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, { scopes: [farCentral] })], ...over }, {
  workspaces: [workspaceOf('central', { id: farCentral, subscriptionId: elsewhere })], alsoSeen: [elsewhere], sentinel: { [farCentral]: { onboarded: false } },
  settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: farCentral })] },
})

const nsg: JudgedCase[] = [
  { because: 'a plain rule on the subscription calls a group that someone reads', ...withAlert({}), verdict: 'pass', severity: 'medium' },
  { because: 'the rule lives in another subscription', ...withAlert({ id: idOf('Microsoft.Insights/activityLogAlerts', 'central', elsewhere) }), verdict: 'pass' },
  { because: 'fields and values come in any casing', ...withAlert({ conditions: [on('Category', 'administrative'), on('OPERATIONNAME', nsgWrite.toUpperCase())] }), verdict: 'pass' },
  { because: 'scopes come in any casing and without the first slash', ...withAlert({ scopes: [`Subscriptions/${home.toUpperCase()}/`] }), verdict: 'pass' },
  { because: 'one of several scopes is enough', ...withAlert({ scopes: [`/subscriptions/${elsewhere}`, subscriptionId] }), verdict: 'pass' },
  { because: 'the root management group is wider', ...withAlert({ scopes: [`/providers/Microsoft.Management/managementGroups/${tenantId}`] }), verdict: 'pass' },
  { because: 'anyOf is an or', ...withAlert({ conditions: [administrative, anyOf(leaf('operationName', 'Microsoft.Sql/servers/write'), leaf('operationName', nsgWrite))] }), verdict: 'pass' },
  { because: 'containsAny holds for a part of the value', ...withAlert({ conditions: [administrative, on('operationName', null, ['routeTables', 'networkSecurityGroups/'])] }), verdict: 'pass' },
  { because: 'a rule for every administrative event holds for this one', ...withAlert({ conditions: [administrative] }), verdict: 'pass' },
  { because: 'status Succeeded leaves nothing out that happened', ...withAlert({ conditions: [...plain, on('status', 'Succeeded')] }), verdict: 'pass' },
  { because: 'what starts is told before it succeeds', ...withAlert({ conditions: [...plain, on('status', 'Started')] }), verdict: 'pass' },
  { because: 'so does the level that success has', ...withAlert({ conditions: [...plain, on('level', 'Informational')] }), verdict: 'pass' },
  { because: 'the type of the resource says no more than the operation', ...withAlert({ conditions: [...plain, on('resourceType', 'microsoft.network/networkSecurityGroups')] }), verdict: 'pass' },
  { because: 'of two action groups one works', ...withAlert({ actionGroupIds: [idOf('Microsoft.Insights/actionGroups', 'gone'), group.toUpperCase()] }), verdict: 'pass' },
  { because: 'of two rules one works', ...alerting({ activityLogAlerts: [alertOf({ enabled: false }), alertOf({ id: idOf('Microsoft.Insights/activityLogAlerts', 'z') })] }), verdict: 'pass', says: 'by z' },
  { because: 'some receivers are off, one is on', ...withAlert({}, { actionGroups: [groupOf({ receivers: { armRole: 1 }, disabledReceivers: 3 })] }), verdict: 'pass' },

  { because: 'there is no rule at all', ...alerting({}), verdict: 'fail', severity: 'medium', says: 'no alert rule watches the subscription for it' },
  { because: 'the rule is for another operation', ...withAlert({ conditions: [administrative, on('operationName', 'Microsoft.Network/networkSecurityGroups/delete')] }), verdict: 'fail', says: 'no alert rule' },
  { because: 'rules of one security rule within the group are another operation', ...withAlert({ conditions: [administrative, on('operationName', 'Microsoft.Network/networkSecurityGroups/securityRules/write')] }), verdict: 'fail' },
  { because: 'the rule is for another category', ...withAlert({ conditions: [on('category', 'Security'), on('operationName', nsgWrite)] }), verdict: 'fail' },
  { because: 'the rule is switched off', ...withAlert({ enabled: false }), verdict: 'fail', says: 'is switched off' },
  { because: 'the caller narrows it', ...withAlert({ conditions: [...plain, on('caller', 'someone')] }), verdict: 'fail', says: 'narrowed by caller' },
  { because: 'a resource group narrows it', ...withAlert({ conditions: [...plain, on('resourceGroup', 'rg-app')] }), verdict: 'fail', says: 'narrowed by resourceGroup' },
  { because: 'one resource narrows it', ...withAlert({ conditions: [...plain, on('resourceId', '/x')] }), verdict: 'fail' },
  { because: 'an anyOf of callers narrows it too', ...withAlert({ conditions: [...plain, anyOf(leaf('caller', 'a'), leaf('caller', 'b'))] }), verdict: 'fail', says: 'narrowed by caller' },
  { because: 'failures alone are watched', ...withAlert({ conditions: [...plain, on('status', 'Failed')] }), verdict: 'fail', says: 'narrowed by status' },
  { because: 'errors alone are watched', ...withAlert({ conditions: [...plain, on('level', 'Error')] }), verdict: 'fail' },
  { because: 'a level below errors is as good as none', ...withAlert({ conditions: [...plain, on('level', 'Warning')] }), verdict: 'pass' },
  { because: 'what is informational is among the levels', ...withAlert({ conditions: [...plain, anyOf(leaf('level', 'Warning'), leaf('level', 'Informational'))] }), verdict: 'pass' },
  { because: 'a leaf without a value holds for nothing', ...withAlert({ conditions: [administrative, on('operationName', null)] }), verdict: 'fail' },
  { because: 'a rule without conditions watches nothing', ...withAlert({ conditions: [] }), verdict: 'fail' },
  { because: 'it watches one resource group', ...withAlert({ scopes: [`${subscriptionId}/resourceGroups/rg-app`] }), verdict: 'fail', says: 'a part of the subscription' },
  { because: 'it watches another subscription', ...withAlert({ scopes: [`/subscriptions/${elsewhere}`] }), verdict: 'fail', says: 'no alert rule' },
  { because: 'it calls no action group', ...withAlert({ actionGroupIds: [] }), verdict: 'fail', says: 'calls no action group' },
  { because: 'its action group was deleted', ...withAlert({}, { actionGroups: [] }), verdict: 'fail', says: 'secops no longer exists' },
  { because: 'its action group is switched off', ...withAlert({}, { actionGroups: [groupOf({ enabled: false })] }), verdict: 'fail', says: 'secops is switched off' },
  { because: 'its action group is empty', ...withAlert({}, { actionGroups: [groupOf({ receivers: {} })] }), verdict: 'fail', says: 'has no receiver' },
  { because: 'everyone has left the action group', ...withAlert({}, { actionGroups: [groupOf({ receivers: {}, disabledReceivers: 2 })] }), verdict: 'fail', says: 'every receiver' },

  { because: 'a processing rule takes the groups off every alert', ...suppressed({}), verdict: 'fail', says: 'the processing rule quiet takes its action groups off' },
  { because: 'one that is switched off does nothing', ...suppressed({ enabled: false }), verdict: 'pass' },
  { because: 'one for a window of maintenance leaves the rest of the time', ...suppressed({ always: false }), verdict: 'pass' },
  { because: 'a maintenance of some hours passes', ...suppressed(scheduled({ from: '2026-07-31T22:00:00', until: '2026-08-01T06:00:00' })), verdict: 'pass' },
  { because: 'one that began and has no end is there for good', ...suppressed(scheduled({ from: '2026-01-01T00:00:00' })), verdict: 'fail', says: 'takes its action groups off' },
  { because: 'one that ends in years is there for good, too', ...suppressed(scheduled({ until: '2030-01-01T00:00:00' })), verdict: 'fail' },
  { because: 'one that is over does nothing', ...suppressed(scheduled({ from: '2026-01-01T00:00:00', until: '2026-07-01T00:00:00' })), verdict: 'pass' },
  { because: 'one that begins tomorrow does nothing yet', ...suppressed(scheduled({ from: '2026-08-02T00:00:00Z' })), verdict: 'pass' },
  { because: 'each night nobody is told, unless another rule sees to it', ...suppressed(scheduled({ recurring: true })), verdict: 'unknown', reasonCode: 'unsupported', says: 'at recurring times' },
  { because: 'the nights are over', ...suppressed(scheduled({ recurring: true, until: '2026-07-01T00:00:00' })), verdict: 'pass' },
  { because: 'a time that cannot be read limits nothing', ...suppressed(scheduled({ from: 'soon' })), verdict: 'fail' },
  { because: 'one for a resource group leaves the others', ...suppressed({ scopes: [`${subscriptionId}/resourceGroups/rg-app`] }), verdict: 'pass' },
  { because: 'one for another subscription does nothing here', ...suppressed({ scopes: [`/subscriptions/${elsewhere}`] }), verdict: 'pass' },
  { because: 'it is for other severities than that of activity log alerts', ...suppressed({ conditions: [{ field: 'Severity', operator: 'Equals', values: ['Sev0', 'Sev1'] }] }), verdict: 'pass' },
  { because: 'it is for their severity', ...suppressed({ conditions: [{ field: 'Severity', operator: 'Equals', values: ['Sev3', 'Sev4'] }] }), verdict: 'fail' },
  { because: 'it is for alerts of the activity log', ...suppressed({ conditions: [{ field: 'MonitorService', operator: 'Equals', values: ['ActivityLog Administrative'] }] }), verdict: 'fail' },
  { because: 'it spares them', ...suppressed({ conditions: [{ field: 'MonitorService', operator: 'NotEquals', values: ['ActivityLog Administrative'] }] }), verdict: 'pass' },
  { because: 'it names the rule', ...suppressed({ conditions: [{ field: 'AlertRuleId', operator: 'Equals', values: [alertOf().id.toUpperCase()] }] }), verdict: 'fail' },
  { because: 'it names another rule', ...suppressed({ conditions: [{ field: 'AlertRuleName', operator: 'Contains', values: ['cpu'] }] }), verdict: 'pass' },
  { because: 'a processing rule adds the group that someone reads', ...added({}), verdict: 'pass' },
  { because: 'it adds one to alerts of the activity log', ...added({ conditions: [{ field: 'MonitorService', operator: 'Equals', values: ['ActivityLog Administrative'] }] }), verdict: 'pass' },
  { because: 'the group that it adds is off', ...added({}, { actionGroups: [groupOf({ enabled: false })] }), verdict: 'fail', says: 'its action group SECOPS is switched off' },
  { because: 'the group that it adds is out of sight', ...added({ actionGroupIds: [idOf('Microsoft.Insights/actionGroups', 'soc', unseen)] }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/actionGroups/read' },
  { because: 'it adds one and is switched off', ...added({ enabled: false }), verdict: 'fail', says: 'it calls no action group' },
  { because: 'it adds one to alerts on metrics', ...added({ conditions: [{ field: 'MonitorService', operator: 'Equals', values: ['Platform'] }] }), verdict: 'fail' },
  { because: 'it adds one in one resource group alone', ...added({ scopes: [`${subscriptionId}/resourceGroups/rg-app`] }), verdict: 'fail' },
  { because: 'it adds one in another subscription', ...added({ scopes: [`/subscriptions/${elsewhere}`] }), verdict: 'fail' },
  { because: 'it adds one by day alone', ...added(scheduled({ recurring: true })), verdict: 'unknown', reasonCode: 'unsupported', says: 'the processing rule tell adds one at recurring times alone' },
  { because: 'it may add one, by what the target is', ...added({ conditions: [{ field: 'TargetResource', operator: 'Contains', values: ['test'] }] }), verdict: 'unknown', reasonCode: 'unsupported', says: 'it calls no action group, and the processing rule tell may add one' },
  { because: 'what may be added is off', ...added({ conditions: [{ field: 'TargetResource', operator: 'Contains', values: ['test'] }] }, { actionGroups: [] }), verdict: 'fail' },
  { because: 'it added one until last year', ...added(scheduled({ until: '2025-07-01T00:00:00' })), verdict: 'fail' },
  { because: 'suppression comes before addition', ...added({}, { suppressionRules: [suppressing()] }), verdict: 'fail', says: 'the processing rule quiet takes its action groups off' },
  { because: 'a processing rule adds a group to alerts of the query', ...alerting({ queryRules: [queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, { actionGroupIds: [] })], additionRules: [adding()] }), verdict: 'pass' },
  { because: 'a processing rule where the operation happens leaves alone what fires on a workspace elsewhere', ...queriedFar({ suppressionRules: [suppressing()] }), verdict: 'pass' },
  { because: 'one where the workspace lies takes its groups off', ...queriedFar({ suppressionRules: [suppressing({ scopes: [`/subscriptions/${elsewhere.toUpperCase()}`] })] }), verdict: 'fail', says: 'takes its action groups off' },
  { because: 'one on a group beside the workspace does not', ...queriedFar({ suppressionRules: [suppressing({ scopes: [`/subscriptions/${elsewhere}/resourceGroups/rg-app`] })] }), verdict: 'pass' },
  { because: 'alerts of the query fire on resources that its rows name, which may be elsewhere', ...alerting({ queryRules: [queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, { actionGroupIds: [], byResource: true })], additionRules: [adding()] }), verdict: 'unknown', reasonCode: 'unsupported', says: 'may add one' },
  { because: 'wherever they fire, a rule for alerts on metrics adds nothing', ...alerting({ queryRules: [queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, { actionGroupIds: [], byResource: true })], additionRules: [adding({ conditions: [{ field: 'MonitorService', operator: 'Equals', values: ['Platform'] }] })] }), verdict: 'fail' },
  { because: 'it adds one where the workspace of the query lies', ...alerting({ queryRules: [queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, { scopes: [workspaceId('central')], actionGroupIds: [] })], additionRules: [adding({ scopes: [`${subscriptionId}/resourceGroups/RG-LOGS`] })] }, { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('central') })] } }), verdict: 'pass' },
  { because: 'it adds one in a group of similar name', ...alerting({ queryRules: [queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, { scopes: [workspaceId('central')], actionGroupIds: [] })], additionRules: [adding({ scopes: [`${subscriptionId}/resourceGroups/rg-log`] })] }, { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('central') })] }, sentinel: { [workspaceId('central')]: { onboarded: false } } }), verdict: 'fail' },
  { because: 'what it asks of the target cannot be told beforehand', ...suppressed({ conditions: [{ field: 'TargetResource', operator: 'Contains', values: ['test'] }] }), verdict: 'unknown', reasonCode: 'unsupported' },

  { because: 'a query on the activity log that names the operation is as good', ...queried(queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`)), verdict: 'pass', says: 'by hunt' },
  { because: 'so is one on the workspace that the activity log goes to', ...queried(queryRule(`AzureActivity | where OperationNameValue in~ ('${nsgWrite}')`, { scopes: [workspaceId('central')] }), { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('CENTRAL') })] } }), verdict: 'pass' },
  { because: 'the workspace’s own transformation drops what the query looks for', ...queried(queryRule(`AzureActivity | where OperationNameValue in~ ('${nsgWrite}')`, { scopes: [workspaceId('central')] }), { ...transforming("source | where CategoryValue != 'Administrative'"), settings: { [subscriptionId]: [settingOf({ logs: ['group:allLogs'], workspace: workspaceId('central') })] } }), verdict: 'fail' },
  { because: 'the workspace’s own transformation drops something else', ...queried(queryRule(`AzureActivity | where OperationNameValue in~ ('${nsgWrite}')`, { scopes: [workspaceId('central')] }), { ...transforming("source | where CategoryValue != 'Autoscale'"), settings: { [subscriptionId]: [settingOf({ logs: ['group:allLogs'], workspace: workspaceId('central') })] } }), verdict: 'pass' },
  { because: 'the workspace’s own transformation may leave out what the query looks for', ...queriedCentral(transforming("source | where Caller != 'robot'")), verdict: 'unknown', reasonCode: 'unsupported', says: 'reads central, which may not keep what it looks for' },
  { because: 'the workspace’s own transformation was refused', ...queriedCentral({ ...transforming('source'), rules: { [ownRule]: refusing('Microsoft.Insights/dataCollectionRules/read') } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/dataCollectionRules/read' },
  { because: 'the workspace of the query is out of sight', ...queried(queryRule(naming, { scopes: [workspaceId('soc', unseen)] }), { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('soc', unseen) })] } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.OperationalInsights/workspaces/read' },
  { because: 'the workspace of the query is out of sight, and the policy vouches for it', ...queried(queryRule(naming, { scopes: [workspaceId('soc', unseen)] }), { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('soc', unseen) })] }, policy: { approvedDestinations: [workspaceId('soc', unseen)] } }), verdict: 'pass' },
  { because: 'a second workspace of the query keeps what the first may leave out', ...queried(queryRule(naming, { scopes: [workspaceId('central'), workspaceId('second')] }), { ...transforming("source | where Caller != 'robot'"), workspaces: [...(transforming('').workspaces ?? []), workspaceOf('second')], settings: { [subscriptionId]: [settingOf({ name: 'a', logs: ['Administrative'], workspace: workspaceId('central') }), settingOf({ name: 'b', logs: ['Administrative'], workspace: workspaceId('second') })] } }), verdict: 'pass' },
  { because: 'a transformation that is not told does not bring what was never sent', ...queriedCentral({ ...transforming("source | where Caller != 'robot'"), settings: { [subscriptionId]: [settingOf({ logs: ['ServiceHealth'], workspace: workspaceId('central') })] } }), verdict: 'fail' },
  { because: 'the workspace that rule and activity log name is deleted', ...queried(queryRule(`AzureActivity | where OperationNameValue in~ ('${nsgWrite}')`, { scopes: [workspaceId('gone')] }), { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('gone') })] } }), verdict: 'fail' },
  { because: 'the activity log does not go to the workspace of the query', ...queried(queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, { scopes: [workspaceId('central')] }), { settings: { [subscriptionId]: [] } }), verdict: 'fail' },
  { because: 'the query names other operations', ...queried(queryRule("AzureActivity | where OperationNameValue has 'routeTables/write'")), verdict: 'fail' },
  { because: 'the query is raised by many rows alone', ...queried(queryRule('', { queries: [{ text: `AzureActivity | where OperationNameValue =~ '${nsgWrite}'`, onAny: false }] })), verdict: 'fail', says: 'threshold' },
  { because: 'a query that may leave callers out is not judged', ...queried(queryRule(`AzureActivity | where OperationNameValue =~ '${nsgWrite}' and Caller != 'pipeline'`)), verdict: 'unknown', reasonCode: 'unsupported' },

  { because: 'the rules were refused', estate: { alerting: { [tenantSubjectId]: refused } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'Resource Graph failed', estate: { alerting: { [tenantSubjectId]: broken } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the rules were never read', estate: {}, of: subscriptionId, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the subscription is out of sight', ...alerting({ covered: [elsewhere] }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/activityLogAlerts/read' },
  { because: 'a rule may live where nothing could be read', ...alerting({ unread: [unseen] }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'Resource Graph failed for a group of subscriptions', ...alerting({ covered: [elsewhere], unread: [home], failures: failed([home]) }), verdict: 'unknown', reasonCode: 'api-error', says: 'Resource Graph is busy' },
  { because: 'a rule may live where Resource Graph failed', ...alerting({ unread: [unseen], failures: failed([unseen]) }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'a rule may live where it failed, or out of sight', ...alerting({ unread: [elsewhere, unseen], failures: failed([elsewhere]) }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/activityLogAlerts/read' },
  { because: 'a rule that works counts wherever it failed', ...withAlert({}, { unread: [unseen], failures: failed([unseen]) }), verdict: 'pass' },
  { because: 'a rule that works needs no other subscription', ...withAlert({}, { unread: [unseen] }), verdict: 'pass' },
  { because: 'its action group is out of sight', ...withAlert({ actionGroupIds: [idOf('Microsoft.Insights/actionGroups', 'soc', unseen)] }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/actionGroups/read' },
  { because: 'a management group above the subscription is wider', ...withGroups(['Prod', 'Landing']), verdict: 'pass' },
  { because: 'a management group elsewhere does not hold the subscription', ...withGroups(['sandboxes']), verdict: 'fail' },
  { because: 'a management group may hold the subscription or not', ...withAlert({ scopes: ['/providers/Microsoft.Management/managementGroups/prod'] }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the subscription is deleted', ...alerting({}, { subscription: { state: 'Deleted' } }), verdict: 'not-applicable' },
]

const sentinel = workspaceId('central')
function sentinelRule(text: string, over: Partial<SentinelRule> = {}): SentinelRule {
  return { id: `${sentinel}/providers/Microsoft.SecurityInsights/alertRules/0a6f`, name: 'NSG changed', kind: 'Scheduled', enabled: true, createsIncidents: true, activityQuery: { text, onAny: true }, ...over }
}
const refusedRules: Collected<never> = { ok: false, reason: 'permission-denied', detail: 'Refused.', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.SecurityInsights/alertRules/read' }
const sent = (logs: string[]): NonNullable<EstateLiteral['settings']> => ({ [subscriptionId]: [settingOf({ logs, workspace: sentinel.toUpperCase() })] })
function watchedBySentinel(rules: NonNullable<EstateLiteral['sentinelRules']>[string], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return alerting({}, { settings: sent(['Administrative']), sentinel: { [sentinel]: { onboarded: true } }, sentinelRules: { [sentinel]: rules }, ...more })
}

const sentinelCases: JudgedCase[] = [
  { because: 'an analytics rule of Sentinel is as good', ...watchedBySentinel([sentinelRule(naming)]), verdict: 'pass', says: 'by the Sentinel rule NSG changed' },
  { because: 'so is one in near real time, in whatever casing', ...watchedBySentinel([sentinelRule(naming.toUpperCase().replace('WHERE', 'where'), { kind: 'NRT' })]), verdict: 'pass' },
  { because: 'the whole log is sent', ...watchedBySentinel([sentinelRule(naming)], { settings: sent(['group:allLogs']) }), verdict: 'pass' },
  { because: 'of two rules one is on', ...watchedBySentinel([sentinelRule(naming, { enabled: false }), sentinelRule(naming, { id: '/b' })]), verdict: 'pass' },
  { because: 'no processing rule of Azure Monitor reaches it', ...alerting({ suppressionRules: [suppressing()] }, { settings: sent(['Administrative']), sentinel: { [sentinel]: { onboarded: true } }, sentinelRules: { [sentinel]: [sentinelRule(naming)] } }), verdict: 'pass' },
  { because: 'it is switched off', ...watchedBySentinel([sentinelRule(naming, { enabled: false })]), verdict: 'fail', says: 'the Sentinel rule NSG changed is switched off' },
  { because: 'it needs many rows', ...watchedBySentinel([sentinelRule(naming, { activityQuery: { text: naming, onAny: false } })]), verdict: 'fail', says: 'threshold' },
  { because: 'it watches failures alone', ...watchedBySentinel([sentinelRule(`${naming} and ActivityStatusValue == 'Failure'`)]), verdict: 'fail', says: 'narrowed by activitystatusvalue' },
  { because: 'it is for another table', ...watchedBySentinel([sentinelRule(naming, { activityQuery: null })]), verdict: 'fail', says: 'no alert rule' },
  { because: 'it is for another operation', ...watchedBySentinel([sentinelRule("AzureActivity | where OperationNameValue has 'routeTables/write'")]), verdict: 'fail', says: 'no alert rule' },
  { because: 'the activity log goes elsewhere', ...watchedBySentinel([sentinelRule(naming)], { settings: { [subscriptionId]: [] } }), verdict: 'fail' },
  { because: 'the setting is off', ...watchedBySentinel([sentinelRule(naming)], { settings: sent(['-Administrative']) }), verdict: 'fail' },
  { because: 'another category goes there', ...watchedBySentinel([sentinelRule(naming)], { settings: sent(['ServiceHealth']) }), verdict: 'fail' },
  { because: 'the workspace’s own transformation may leave out what it looks for', ...watchedBySentinel([sentinelRule(naming)], transforming("source | where Caller != 'robot'")), verdict: 'unknown', reasonCode: 'unsupported', says: 'the rule NSG changed reads central, which may not keep' },
  { because: 'the workspace’s own transformation could not be read', ...watchedBySentinel([sentinelRule(naming)], { ...transforming('source'), rules: { [ownRule]: broken } }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the workspace’s own transformation keeps every row', ...watchedBySentinel([sentinelRule(naming)], transforming('source | project-away Claims')), verdict: 'pass' },
  { because: 'Sentinel is not on the workspace', ...watchedBySentinel([], { sentinel: { [sentinel]: { onboarded: false } } }), verdict: 'fail' },
  { because: 'the workspace is deleted', ...watchedBySentinel([], { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('old') })] } }), verdict: 'fail' },
  { because: 'it raises alerts that nobody is shown', ...watchedBySentinel([sentinelRule(naming, { createsIncidents: false })]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'it leaves some callers out', ...watchedBySentinel([sentinelRule(`${naming} and Caller !has 'pipeline'`)]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'its rules were refused', ...watchedBySentinel(refusedRules), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.SecurityInsights/alertRules/read', says: 'could not be read' },
  { because: 'its rules were throttled', ...watchedBySentinel(throttled), verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'its rules failed', ...watchedBySentinel(broken), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'whether Sentinel is there was refused', ...watchedBySentinel([], { sentinel: { [sentinel]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'Sentinel was not asked for', ...watchedBySentinel([], { sentinel: {}, sentinelRules: {} }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the workspace is out of sight', ...watchedBySentinel([], { settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: workspaceId('soc', unseen) })] } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.SecurityInsights/alertRules/read' },
  { because: 'refused rules that would not see the operation change nothing', ...watchedBySentinel(refused, { settings: sent(['ServiceHealth']) }), verdict: 'fail' },
  { because: 'refused rules are not needed where an alert works', ...alerting({ activityLogAlerts: [alertOf()] }, { settings: sent(['Administrative']), sentinel: { [sentinel]: { onboarded: true } }, sentinelRules: { [sentinel]: refused } }), verdict: 'pass' },
  { because: 'where the log goes was refused, and a rule of Sentinel may see it', ...watchedBySentinel([sentinelRule(naming)], { settings: { [subscriptionId]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/diagnosticSettings/read' },
  { because: 'where the log goes and whether Sentinel is there could not be read', ...watchedBySentinel([], { settings: { [subscriptionId]: broken }, sentinel: { [sentinel]: broken } }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the subscription could not be read, and no workspace with Sentinel is known', ...alerting({}, { settings: { [subscriptionId]: broken }, outOfSight: true }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'where the log goes was refused, and no rule watches in any case', ...watchedBySentinel([], { settings: { [subscriptionId]: refused } }), verdict: 'fail' },
  { because: 'where the log goes was refused, and a query rule reads a workspace', ...queried(queryRule(naming, { scopes: [sentinel] }), { settings: { [subscriptionId]: refused }, sentinel: { [sentinel]: { onboarded: false } } }), verdict: 'unknown', reasonCode: 'permission-denied' },
]

/** A rule for the operation passes, one for its neighbour does not. */
function own(operation: string, category: string, other: string): JudgedCase[] {
  const rule = (name: string, of = 'Administrative', ...more: AlertCondition[]): Partial<ActivityLogAlert> => ({ conditions: [on('category', of), on('operationName', name), ...more] })
  return [
    { because: 'it is watched', ...withAlert(rule(operation)), verdict: 'pass' },
    { because: 'its neighbour alone is watched', ...withAlert(rule(other)), verdict: 'fail' },
    ...(category === 'Administrative' ? [] : filedByPolicy(operation, category, rule)),
  ]
}
/** The category that a built-in policy asks for is not the one that Azure's documentation has. */
function filedByPolicy(operation: string, category: string, rule: (name: string, of?: string, ...more: AlertCondition[]) => Partial<ActivityLogAlert>): JudgedCase[] {
  const query = (name: string): string => `AzureActivity | where CategoryValue == '${category}' and OperationNameValue =~ '${name}'`
  return [
    { because: 'a built-in policy asks for it under another category than the documentation has', ...withAlert(rule(operation, category)), verdict: 'unknown', reasonCode: 'unsupported', says: `watches the category ${category}` },
    { because: 'so does a rule as the portal makes it', ...withAlert(rule(operation, category, on('resourceType', operation.slice(0, operation.lastIndexOf('/'))))), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'the other category without the operation is for other events', ...withAlert({ conditions: [on('category', category)] }), verdict: 'fail', says: 'no alert rule' },
    { because: 'the caller narrows it under either category', ...withAlert(rule(operation, category, on('caller', 'someone'))), verdict: 'fail', says: 'narrowed by caller' },
    { because: 'either category will do', ...withAlert({ conditions: [anyOf(leaf('category', category), leaf('category', 'Administrative')), on('operationName', operation)] }), verdict: 'pass' },
    { because: 'a rule under Administrative works beside it', ...alerting({ activityLogAlerts: [alertOf(rule(operation, category)), alertOf({ id: idOf('Microsoft.Insights/activityLogAlerts', 'z'), ...rule(operation) })] }), verdict: 'pass', says: 'by z' },
    { because: 'a query asks for the other category', ...queried(queryRule(query(operation))), verdict: 'unknown', reasonCode: 'unsupported' },
  ]
}
function pair(type: string, category = 'Administrative'): [write: JudgedCase[], remove: JudgedCase[]] {
  return [own(`${type}/write`, category, `${type}/delete`), own(`${type}/delete`, category, `${type}/write`)]
}
const [policyWrite, policyDelete] = pair('Microsoft.Authorization/policyAssignments', 'Policy')
const [, nsgDelete] = pair('Microsoft.Network/networkSecurityGroups')
const [solutionWrite, solutionDelete] = pair('Microsoft.Security/securitySolutions', 'Security')
const [firewallWrite, firewallDelete] = pair('Microsoft.Sql/servers/firewallRules')
const [addressWrite, addressDelete] = pair('Microsoft.Network/publicIPAddresses')

const health = on('category', 'ServiceHealth')
const incident = (...kinds: string[]): AlertCondition => anyOf(...kinds.map((kind) => leaf('properties.incidentType', kind)))

const tamper = (...operations: string[]): Partial<ActivityLogAlert> => ({ conditions: [administrative, anyOf(...operations.map((name) => leaf('operationName', name)))] })
const [settingWrite, settingDelete, workspaceDelete] = ['Microsoft.Insights/diagnosticSettings/write', 'Microsoft.Insights/diagnosticSettings/delete', 'Microsoft.OperationalInsights/workspaces/delete'] as const

describe('activity-alert-network-security-group-write', () => judgedCases('activity-alert-network-security-group-write', [...nsg, ...sentinelCases]))
describe('activity-alert-network-security-group-delete', () => judgedCases('activity-alert-network-security-group-delete', nsgDelete))
describe('activity-alert-policy-assignment-write', () => judgedCases('activity-alert-policy-assignment-write', policyWrite))
describe('activity-alert-policy-assignment-delete', () => judgedCases('activity-alert-policy-assignment-delete', policyDelete))
describe('activity-alert-security-solution-write', () => judgedCases('activity-alert-security-solution-write', solutionWrite))
describe('activity-alert-security-solution-delete', () => judgedCases('activity-alert-security-solution-delete', solutionDelete))
describe('activity-alert-sql-firewall-rule-write', () => judgedCases('activity-alert-sql-firewall-rule-write', firewallWrite))
describe('activity-alert-sql-firewall-rule-delete', () => judgedCases('activity-alert-sql-firewall-rule-delete', firewallDelete))
describe('activity-alert-public-ip-address-write', () => judgedCases('activity-alert-public-ip-address-write', addressWrite))
describe('activity-alert-public-ip-address-delete', () => judgedCases('activity-alert-public-ip-address-delete', addressDelete))
describe('activity-alert-service-health', () =>
  judgedCases('activity-alert-service-health', [
    { because: 'the whole category is watched', ...withAlert({ conditions: [health] }), verdict: 'pass', severity: 'medium' },
    { because: 'every kind of notice is named', ...withAlert({ conditions: [health, incident('Incident', 'Maintenance', 'Informational', 'ActionRequired', 'Security')] }), verdict: 'pass' },
    { because: 'processing rules leave Service Health alone', ...withAlert({ conditions: [health] }, { suppressionRules: [suppressing(), suppressing(scheduled({ recurring: true }))] }), verdict: 'pass' },
    { because: 'nor do they add a group', ...withAlert({ conditions: [health], actionGroupIds: [] }, { additionRules: [adding()] }), verdict: 'fail', says: 'it calls no action group' },
    { because: 'warnings alone are watched', ...withAlert({ conditions: [health, on('level', 'Warning')] }), verdict: 'pass' },
    { because: 'security notices are left out', ...withAlert({ conditions: [health, incident('Incident', 'Maintenance')] }), verdict: 'fail', says: 'narrowed by properties.incidentType' },
    { because: 'administrative events are watched', ...withAlert({ conditions: [administrative] }), verdict: 'fail' },
  ]))
describe('logging-tamper-alert', () =>
  judgedCases('logging-tamper-alert', [
    { because: 'one rule watches all three', ...withAlert(tamper(settingWrite, settingDelete, workspaceDelete)), verdict: 'pass', severity: 'high' },
    { because: 'three rules watch one each', ...alerting({ activityLogAlerts: [settingWrite, settingDelete, workspaceDelete].map((name, index) => alertOf({ id: idOf('Microsoft.Insights/activityLogAlerts', `a${index}`), ...tamper(name) })) }), verdict: 'pass', says: 'by a0, a1 and a2' },
    { because: 'a setting can be emptied instead of deleted', ...withAlert(tamper(settingDelete, workspaceDelete)), verdict: 'fail', says: settingWrite },
    { because: 'the workspace can be deleted', ...withAlert(tamper(settingWrite, settingDelete)), verdict: 'fail', says: workspaceDelete },
    { because: 'nothing is watched', ...alerting({}), verdict: 'fail', severity: 'high' },
    { because: 'the rules were refused', estate: { alerting: { [tenantSubjectId]: refused } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'permission-denied' },
    {
      because: 'Sentinel watches settings and an alert the workspaces',
      ...alerting({ activityLogAlerts: [alertOf(tamper(workspaceDelete))] }, {
        settings: sent(['Administrative']), sentinel: { [sentinel]: { onboarded: true } },
        sentinelRules: { [sentinel]: [sentinelRule(`let o = dynamic(['${settingWrite}', '${settingDelete}']); AzureActivity | where OperationNameValue in~ (o)`)] },
      }),
      verdict: 'pass', says: 'by the Sentinel rule NSG changed and nsg',
    },
    { because: 'Sentinel’s rules were refused', ...alerting({}, { settings: sent(['Administrative']), sentinel: { [sentinel]: { onboarded: true } }, sentinelRules: { [sentinel]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  ]))
