import { describe, expect, it } from 'vitest'
import type { ActionGroup, Alerting, DefenderAlert, DefenderPlan, QueryRule, ProcessingRule } from '@/lib/domain/alerting'
import type { Collected } from '@/lib/domain/collected'
import type { FlowLog } from '@/lib/domain/network'
import type { NewIncident, SentinelConnector, SentinelRule } from '@/lib/domain/sentinel'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, gone, home, hubId, idOf, liveOf, refused, resourceOf, settingOf, storageId, subscriptionId, tenantSubjectId, throttled, unseen, workspaceId, workspaceOf } from '../testing/literals'
import { judgedCases, judgementOf, type JudgedCase } from '../testing/judged-cases'

const central = workspaceId('central')
const workspace = resourceOf('Microsoft.OperationalInsights/workspaces', 'central', { id: central })
const onboarded = { [central]: { onboarded: true } }
const absent = { [central]: { onboarded: false } }
const proposed = { ids: [central], basis: 'activity-log-or-sentinel' as const }
const hubUse = { [hubId('siem')]: { subjects: 12, tables: [], categories: [] } }

const tenantPart = (estate: EstateLiteral): Pick<JudgedCase, 'estate' | 'of'> => ({ estate: { subscription: null, settings: {}, ...estate }, of: tenantSubjectId })

describe('siem-in-place', () =>
  judgedCases('siem-in-place', [
    { because: 'Sentinel is on the central workspace', ...tenantPart({ sentinel: onboarded }), verdict: 'pass', severity: 'high', says: 'Sentinel is on central' },
    { because: 'ids come in any casing', ...tenantPart({ sentinel: { [central.toUpperCase()]: { onboarded: true } } }), verdict: 'pass' },
    { because: 'a proposal is said to be one', ...tenantPart({ sentinel: onboarded, central: proposed }), verdict: 'pass', says: 'proposal' },
    { because: 'one of two central workspaces is enough', ...tenantPart({ sentinel: { ...onboarded, [workspaceId('soc', unseen)]: refused }, central: { ids: [workspaceId('soc', unseen), central], basis: 'confirmed' } }), verdict: 'pass' },
    { because: 'the policy names the event hub of another SIEM, and logs go there', ...tenantPart({ sentinel: absent, use: hubUse, exists: [hubId('siem')], policy: { approvedDestinations: [`${hubId('SIEM')}/authorizationRules/Root`] } }), verdict: 'pass', says: 'another SIEM' },
    { because: 'the policy states a SIEM elsewhere', ...tenantPart({ sentinel: absent, policy: { acceptedAlternatives: ['external-siem'] } }), verdict: 'pass', says: 'The policy states' },
    { because: 'Sentinel is nowhere', ...tenantPart({ sentinel: absent }), verdict: 'fail', severity: 'high', says: 'Sentinel is not on central' },
    { because: 'an event hub that the policy does not name proves nothing', ...tenantPart({ sentinel: absent, use: hubUse, exists: [hubId('siem')] }), verdict: 'fail' },
    { because: 'nothing is sent to the event hub that the policy names', ...tenantPart({ sentinel: absent, exists: [hubId('siem')], policy: { approvedDestinations: [hubId('siem')] } }), verdict: 'fail' },
    { because: 'the event hub is deleted', ...tenantPart({ sentinel: absent, use: hubUse, policy: { approvedDestinations: [hubId('siem')] } }), verdict: 'fail' },
    { because: 'an archive is no SIEM', ...tenantPart({ sentinel: absent, use: { [storageId('arch')]: { subjects: 3, tables: [], categories: [] } }, exists: [storageId('arch')], policy: { approvedDestinations: [storageId('arch')] } }), verdict: 'fail' },
    { because: 'the central workspace is deleted', ...tenantPart({ workspaces: [], policy: { approvedWorkspaces: [central] } }), verdict: 'fail' },
    { because: 'the policy says that none is central', ...tenantPart({ central: { ids: [], basis: 'none' }, policy: { approvedWorkspaces: [] } }), verdict: 'fail', says: 'names no central workspace' },
    { because: 'nobody knows which one is central', ...tenantPart({ central: { ids: [], basis: 'none' } }), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'the onboarding was refused', ...tenantPart({ sentinel: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the onboarding was throttled', ...tenantPart({ sentinel: { [central]: throttled } }), verdict: 'unknown', reasonCode: 'throttled' },
    { because: 'the onboarding was never read', ...tenantPart({}), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'the central workspace is out of sight', ...tenantPart({ central: { ids: [workspaceId('soc', unseen)], basis: 'confirmed' } }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.SecurityInsights/onboardingStates/read' },
    { because: 'a subscription is not asked', estate: { sentinel: onboarded }, of: subscriptionId, verdict: 'none' },
  ]))

function rule(kind: string, enabled = true): SentinelRule {
  return { id: `${central}/rules/${kind}`, name: kind, kind, enabled, createsIncidents: true, activityQuery: null }
}
const xdr: SentinelConnector = { id: '/c', kind: 'MicrosoftThreatProtection', subscriptionId: null, dataTypes: ['incidents'] }
function withRules(rules: NonNullable<EstateLiteral['sentinelRules']>[string], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: [workspace], sentinel: onboarded, sentinelRules: { [central]: rules }, connectors: { [central]: [] }, ...more }, of: central }
}

const group = idOf('Microsoft.Insights/actionGroups', 'secops')
function queryRule(index: number, over: Partial<QueryRule> = {}): QueryRule {
  return { id: idOf('Microsoft.Insights/scheduledQueryRules', `hunt-${index}`), enabled: true, scopes: [central], queries: [], actionGroupIds: [group], ...over }
}
function withQueryRules(queryRules: QueryRule[], over: Partial<Alerting> = {}, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  const actionGroups: ActionGroup[] = [{ id: group, enabled: true, receivers: { email: 1 }, disabledReceivers: 0 }]
  const alerting: Alerting = { activityLogAlerts: [], queryRules, actionGroups, suppressionRules: [], exports: [], covered: [home], unread: [], ...over }
  return { estate: { resources: [workspace], sentinel: absent, alerting: { [tenantSubjectId]: alerting }, ...more }, of: central }
}
const quiet = (over: Partial<ProcessingRule>): ProcessingRule => ({ id: idOf('Microsoft.AlertsManagement/actionRules', 'quiet'), enabled: true, scopes: [subscriptionId], conditions: [], always: true, ...over })
const five = (over: Partial<QueryRule> = {}): QueryRule[] => [1, 2, 3, 4, 5].map((index) => queryRule(index, over))

describe('detections-on', () =>
  judgedCases('detections-on', [
    { because: 'a scheduled rule and Fusion are on', ...withRules([rule('Scheduled'), rule('Fusion')]), verdict: 'pass', severity: 'medium', says: 'so is Fusion' },
    { because: 'a rule in near real time will do', ...withRules([rule('NRT'), rule('Fusion'), rule('Scheduled', false)]), verdict: 'pass', says: '1 scheduled or near-real-time analytics rule is on' },
    { because: 'Defender XDR correlates in place of Fusion', ...withRules([rule('Scheduled'), rule('Fusion', false)], { connectors: { [central]: [xdr] } }), verdict: 'pass', says: 'Defender XDR' },
    { because: 'Fusion is off', ...withRules([rule('Scheduled'), rule('Fusion', false)]), verdict: 'fail', says: 'Fusion is off' },
    { because: 'there is no Fusion rule', ...withRules([rule('Scheduled')]), verdict: 'fail' },
    { because: 'every rule is off', ...withRules([rule('Scheduled', false), rule('Fusion')]), verdict: 'fail', says: 'No scheduled' },
    { because: 'incidents of other products are no look at the logs', ...withRules([rule('MicrosoftSecurityIncidentCreation'), rule('Fusion')]), verdict: 'fail' },
    { because: 'Sentinel is empty', ...withRules([]), verdict: 'fail' },
    { because: 'Fusion is off and who else correlates was refused', ...withRules([rule('Scheduled')], { connectors: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the rules were refused', ...withRules(refused), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the rules were never read', ...withRules([], { sentinelRules: {} }), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'the onboarding was refused', ...withRules([], { sentinel: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'a workspace with Sentinel is asked though it is not central', ...withRules([rule('Scheduled'), rule('Fusion')], { central: { ids: [], basis: 'none' } }), verdict: 'pass' },
    { because: 'a team’s workspace is not asked', ...withRules([], { sentinel: absent, central: { ids: [], basis: 'none' } }), verdict: 'none' },
    { because: 'a workspace that nothing is sent to is not asked', ...withRules([], { sentinel: {}, central: { ids: [], basis: 'none' } }), verdict: 'none' },
    { because: 'five query rules reach someone', ...withQueryRules(five()), verdict: 'pass', says: '5 scheduled query rules' },
    { because: 'they may run over the subscription or the group', ...withQueryRules([...five().slice(0, 3), queryRule(6, { scopes: [subscriptionId.toUpperCase()] }), queryRule(7, { scopes: [`${subscriptionId}/resourcegroups/RG-logs`] })]), verdict: 'pass' },
    { because: 'four are too few', ...withQueryRules(five().slice(1)), verdict: 'fail', says: '4 scheduled query rules look at central' },
    { because: 'one is switched off', ...withQueryRules([...five().slice(1), queryRule(9, { enabled: false })]), verdict: 'fail' },
    { because: 'they call nobody', ...withQueryRules(five({ actionGroupIds: [] })), verdict: 'fail', says: 'No scheduled query rule' },
    { because: 'their action group is gone', ...withQueryRules(five(), { actionGroups: [] }), verdict: 'fail' },
    { because: 'they look at another workspace', ...withQueryRules(five({ scopes: [workspaceId('team')] })), verdict: 'fail' },
    { because: 'a processing rule takes their action groups off', ...withQueryRules(five(), { suppressionRules: [quiet({ conditions: [{ field: 'MonitorService', operator: 'Equals', values: ['Log Alerts V2'] }] })] }), verdict: 'fail', says: 'No scheduled query rule' },
    { because: 'it is for alerts on metrics', ...withQueryRules(five(), { suppressionRules: [quiet({ conditions: [{ field: 'MonitorService', operator: 'Equals', values: ['Platform'] }] })] }), verdict: 'pass' },
    { because: 'a processing rule adds a group to all of them', ...withQueryRules(five({ actionGroupIds: [] }), { additionRules: [{ ...quiet({}), actionGroupIds: [group] }] }), verdict: 'pass' },
    { because: 'it adds one each night', ...withQueryRules(five({ actionGroupIds: [] }), { additionRules: [{ ...quiet({ always: false, schedule: { from: null, until: null, recurring: true } }), actionGroupIds: [group] }] }), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'it takes them off each night', ...withQueryRules(five(), { suppressionRules: [quiet({ always: false, schedule: { from: null, until: null, recurring: true } })] }), verdict: 'unknown', reasonCode: 'unsupported', says: 'processing rules' },
    { because: 'an action group is out of sight', ...withQueryRules([...five().slice(1), queryRule(9, { actionGroupIds: [idOf('Microsoft.Insights/actionGroups', 'soc', unseen)] })]), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/actionGroups/read' },
    { because: 'more may live out of sight', ...withQueryRules([], { unread: [unseen] }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the rules of Azure Monitor were refused', ...withQueryRules([], {}, { alerting: { [tenantSubjectId]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  ]))

const plan = (tier: 'Standard' | 'Free', name = 'VirtualMachines'): DefenderPlan => ({ name, tier, subPlan: null, freeTrialRemainingTime: null, coverage: null, inheritedFrom: null, deprecated: false })
const alert = (severity: 'High' | 'Medium', raisedAt: string | null, status = 'Active'): DefenderAlert => ({ id: `${subscriptionId}/alerts/${severity}${raisedAt}`, severity, status, raisedAt })
const incident = (severity: 'High' | 'Medium', createdAt: string): NewIncident => ({ severity, createdAt })
function raised(alerts: NonNullable<EstateLiteral['alerts']>[string], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { plans: { [subscriptionId]: [plan('Standard'), plan('Free', 'Api')] }, alerts: { [subscriptionId]: alerts }, ...more }, of: subscriptionId }
}
const withIncidents = (incidents: NonNullable<EstateLiteral['incidents']>[string], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> =>
  raised([], { resources: [workspace], sentinel: onboarded, incidents: { [central]: incidents }, ...more })
const off = { plans: { [subscriptionId]: [plan('Free')] } }

describe('evidence of alerts-handled', () => {
  it('names the oldest incidents that the verdict rests on', () => {
    const { estate, of } = withIncidents([{ ...incident('High', '2026-07-01T00:00:00Z'), id: '/i/new' }, { ...incident('High', '2026-01-01T00:00:00Z'), id: '/i/old' }, incident('Medium', '2026-01-01T00:00:00Z')])
    expect(judgementOf('alerts-handled', estate, of)?.judgement.evidence).toMatchObject({ sentinel: [{ workspace: central, newIncidents: { high: { count: 2, oldestIds: ['/i/old', '/i/new'] }, medium: { count: 1 } } }] })
  })
})

describe('alerts-handled', () =>
  judgedCases('alerts-handled', [
    { because: 'there is no alert', ...raised([]), verdict: 'pass', severity: 'medium' },
    { because: 'a grave one is of yesterday', ...raised([alert('High', '2026-07-31T00:00:00.000Z')]), verdict: 'pass' },
    { because: 'seven days are the limit', ...raised([alert('High', '2026-07-25T00:00:00.000Z')]), verdict: 'pass' },
    { because: 'a medium one may wait for a month', ...raised([alert('Medium', '2026-07-10T00:00:00.000Z')]), verdict: 'pass' },
    { because: 'somebody works on it', ...raised([alert('High', '2026-01-01T00:00:00.000Z', 'InProgress')]), verdict: 'pass' },
    { because: 'incidents are new and fresh', ...withIncidents([incident('High', '2026-07-31T00:00:00Z')]), verdict: 'pass' },
    { because: 'only Sentinel raises anything here', ...withIncidents([], off), verdict: 'pass' },
    { because: 'a grave one has been lying for eight days', ...raised([alert('High', '2026-07-24T00:00:00.000Z'), alert('High', '2026-07-31T00:00:00.000Z')]), verdict: 'fail', severity: 'medium', says: '1 active alert of severity High older than 7 days (the oldest of 2026-07-24)' },
    { because: 'medium ones have been lying for long', ...raised([alert('Medium', '2026-05-01T00:00:00.000Z'), alert('Medium', '2026-06-01T00:00:00.000Z', 'active')]), verdict: 'fail', says: '2 active alerts of severity Medium older than 30 days (the oldest of 2026-05-01)' },
    { because: 'an incident is new and old', ...withIncidents([incident('High', '2026-07-01T00:00:00Z'), incident('Medium', '2026-01-01T00:00:00Z')]), verdict: 'fail', says: '1 new incident of severity High' },
    { because: 'what lies counts even after the plan was turned off', ...raised([alert('High', '2026-01-01T00:00:00.000Z')], off), verdict: 'fail' },
    { because: 'what lies counts though the plans were refused', ...raised([alert('High', '2026-01-01T00:00:00.000Z')], { plans: { [subscriptionId]: refused } }), verdict: 'fail' },
    { because: 'no plan is on', ...raised([], off), verdict: 'not-applicable' },
    { because: 'posture management raises no alert', ...raised(refused, { plans: { [subscriptionId]: [plan('Standard', 'CloudPosture')] } }), verdict: 'not-applicable' },
    { because: 'the subscription never had Defender', ...raised([], { plans: { [subscriptionId]: [] } }), verdict: 'not-applicable' },
    { because: 'alerts of a subscription without a plan need not be read', ...raised(refused, off), verdict: 'not-applicable' },
    { because: 'the subscription is deleted', ...raised([], { subscription: { state: 'Deleted' } }), verdict: 'not-applicable' },
    { because: 'the alerts were refused', ...raised(refused), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the alerts were throttled', ...raised(throttled), verdict: 'unknown', reasonCode: 'throttled' },
    { because: 'the plans were refused', ...raised([], { plans: { [subscriptionId]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the incidents failed', ...withIncidents(broken), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'whether Sentinel is there was refused', ...withIncidents([], { sentinel: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'Sentinel was never asked', ...raised([], { resources: [workspace] }), verdict: 'pass' },
    { because: 'an alert has no date', ...raised([alert('High', null)]), verdict: 'unknown', reasonCode: 'unsupported' },
  ]))

const type = 'microsoft.operationalinsights/workspaces'
function audited(settings: NonNullable<EstateLiteral['settings']>[string], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: [workspace], settings: { [central]: settings }, ...more }, of: central }
}

describe('log-access-audited', () =>
  judgedCases('log-access-audited', [
    { because: 'its own category goes to itself', ...audited([settingOf({ logs: ['Audit'], workspace: central })]), verdict: 'pass', severity: 'low' },
    { because: 'an archive will do', ...audited([settingOf({ logs: ['audit'], storage: storageId('arch') })], { exists: [storageId('arch')] }), verdict: 'pass' },
    { because: 'the group holds it', ...audited([settingOf({ logs: ['group:audit'], workspace: central })], { live: { [type]: liveOf(type, { Audit: ['audit', 'allLogs'] }) } }), verdict: 'pass' },
    { because: 'all logs are sent', ...audited([settingOf({ logs: ['group:allLogs'], workspace: central })], { live: { [type]: liveOf(type, { Audit: ['audit', 'allLogs'] }) } }), verdict: 'pass' },
    { because: 'there is no setting', ...audited([]), verdict: 'fail', severity: 'low', says: 'there is no diagnostic setting' },
    { because: 'the entry is off', ...audited([settingOf({ logs: ['-Audit'], workspace: central })]), verdict: 'fail' },
    { because: 'another category alone is sent', ...audited([settingOf({ logs: ['SummaryLogs'], workspace: central })]), verdict: 'fail', says: 'leave the category Audit out' },
    { because: 'its destination is gone', ...audited([settingOf({ logs: ['Audit'], workspace: workspaceId('old') })]), verdict: 'fail' },
    { because: 'its destination is out of sight', ...audited([settingOf({ logs: ['Audit'], workspace: workspaceId('soc', unseen) })]), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the settings were refused', ...audited(refused), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the settings failed', ...audited(broken), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'the settings were never read', estate: { resources: [workspace] }, of: central, verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'the workspace vanished meanwhile', ...audited(gone), verdict: 'none' },
    { because: 'a team’s workspace is not asked', ...audited([], { central: { ids: [workspaceId('other')], basis: 'confirmed' } }), verdict: 'none' },
  ]))

const on: EstateLiteral['policy'] = { enabledChecks: ['logs-queried'] }
const auditHere = [settingOf({ logs: ['Audit'], workspace: central })]
const queried = (queries: NonNullable<EstateLiteral['queries']>[string], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> =>
  audited(auditHere, { policy: on, queries: { [central]: queries }, ...more })

describe('logs-queried', () =>
  judgedCases('logs-queried', [
    { because: 'six people asked', ...queried({ queries: 214, people: 6, lastOn: '2026-07-30' }), verdict: 'pass', severity: 'low', says: '6 people' },
    { because: 'one person asked', ...queried({ queries: 1, people: 1, lastOn: '2026-07-02' }), verdict: 'pass', says: 'One person' },
    { because: 'nobody asked', ...queried({ queries: 0, people: 0, lastOn: null }), verdict: 'fail', says: 'Nobody' },
    { because: 'queries are not logged', ...queried({ queries: 0, people: 0, lastOn: null }, { settings: { [central]: [] } }), verdict: 'unknown', reasonCode: 'not-onboarded' },
    { because: 'queries are logged elsewhere', ...queried({ queries: 0, people: 0, lastOn: null }, { settings: { [central]: [settingOf({ logs: ['Audit'], workspace: workspaceId('team') })] }, workspaces: [workspaceOf('central'), workspaceOf('team')] }), verdict: 'unknown', reasonCode: 'not-onboarded' },
    { because: 'the settings were refused', ...queried({ queries: 5, people: 1, lastOn: null }, { settings: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the table was refused', ...queried(refused), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the table was not asked', ...queried(broken, { queries: {} }), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'the policy does not ask', ...queried({ queries: 5, people: 1, lastOn: null }, { policy: {} }), verdict: 'none' },
    { because: 'a team’s workspace is not asked', ...queried({ queries: 5, people: 1, lastOn: null }, { central: { ids: [], basis: 'none' } }), verdict: 'none' },
  ]))

const flowLogResource = resourceOf('Microsoft.Network/networkWatchers/flowLogs', 'nw/fl')
function flowLog(trafficAnalytics: FlowLog['trafficAnalytics'], over: Partial<FlowLog> = {}): Pick<JudgedCase, 'estate' | 'of'> {
  const value: FlowLog = { id: flowLogResource.id, targetId: '/vnet', storageId: null, enabled: true, retentionDays: 0, trafficAnalytics, ...over }
  return { estate: { resources: [flowLogResource], flowLog: { [flowLogResource.id]: value } }, of: flowLogResource.id }
}
const unreadFlowLog = (read: Collected<never>): Pick<JudgedCase, 'estate' | 'of'> => ({ estate: { resources: [flowLogResource], flowLog: { [flowLogResource.id]: read } }, of: flowLogResource.id })

describe('traffic-analytics', () =>
  judgedCases('traffic-analytics', [
    { because: 'it runs every ten minutes', ...flowLog({ workspaceId: central.toUpperCase(), intervalMinutes: 10 }), verdict: 'pass', severity: 'low', says: 'every 10 minutes' },
    { because: 'it runs every hour, also where nothing is said', ...flowLog({ workspaceId: central, intervalMinutes: null }), verdict: 'pass', says: 'every 60 minutes' },
    { because: 'it is off or was never set', ...flowLog(null), verdict: 'fail', says: 'off' },
    { because: 'its workspace is gone', ...flowLog({ workspaceId: workspaceId('old'), intervalMinutes: 10 }), verdict: 'fail', says: 'no longer exists' },
    { because: 'it names no workspace', ...flowLog({ workspaceId: null, intervalMinutes: 10 }), verdict: 'fail' },
    { because: 'the flow log is off', ...flowLog({ workspaceId: central, intervalMinutes: 10 }, { enabled: false }), verdict: 'not-applicable' },
    { because: 'its workspace is out of sight', ...flowLog({ workspaceId: workspaceId('soc', unseen), intervalMinutes: 10 }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.OperationalInsights/workspaces/read' },
    { because: 'nobody knows the interval', ...flowLog({ workspaceId: central, intervalMinutes: 30 }), verdict: 'unknown', reasonCode: 'unsupported' },
    { because: 'flow logs were refused', ...unreadFlowLog(refused), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'flow logs failed', ...unreadFlowLog(broken), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'the flow log was never read', estate: { resources: [flowLogResource] }, of: flowLogResource.id, verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'it vanished meanwhile', ...unreadFlowLog(gone), verdict: 'none' },
  ]))
