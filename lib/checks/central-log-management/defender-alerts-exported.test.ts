import { describe } from 'vitest'
import type { AlertExport, Alerting, DefenderPlan } from '@/lib/domain/alerting'
import type { SentinelConnector } from '@/lib/domain/sentinel'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, home, hubId, openNamespace, refused, storageId, subscriptionId, tenantSubjectId, throttled, unseen, workspaceId } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const central = workspaceId('central')
const plan = (tier: 'Standard' | 'Free', name = 'VirtualMachines'): DefenderPlan => ({ name, tier, subPlan: null, freeTrialRemainingTime: null, coverage: null, inheritedFrom: null, deprecated: false })
const exportOf = (over: Partial<AlertExport> = {}): AlertExport => ({ id: '/e/exportToWorkspace', enabled: true, scopes: [subscriptionId], severities: null, workspaceIds: [central], eventHubIds: [], ...over })
const connector = (over: Partial<SentinelConnector> = {}): SentinelConnector => ({ id: '/c', kind: 'AzureSecurityCenter', subscriptionId: home, dataTypes: ['alerts'], ...over })

function estateOf(exports: AlertExport[], more: EstateLiteral = {}, over: Partial<Alerting> = {}): Pick<JudgedCase, 'estate' | 'of'> {
  const alerting: Alerting = { activityLogAlerts: [], queryRules: [], actionGroups: [], suppressionRules: [], exports, covered: [home], unread: [], ...over }
  return { estate: { plans: { [subscriptionId]: [plan('Standard')] }, alerting: { [tenantSubjectId]: alerting }, sentinel: { [central]: { onboarded: false } }, ...more }, of: subscriptionId }
}
const connected = (connectors: NonNullable<EstateLiteral['connectors']>[string], exports: AlertExport[] = []): Pick<JudgedCase, 'estate' | 'of'> =>
  estateOf(exports, { sentinel: { [central]: { onboarded: true } }, connectors: { [central]: connectors } })

describe('defender-alerts-exported', () =>
  judgedCases('defender-alerts-exported', [
    { because: 'an export takes all alerts to a workspace', ...estateOf([exportOf()]), verdict: 'pass', severity: 'medium', says: 'by the export exportToWorkspace' },
    { because: 'ids come in any casing', ...estateOf([exportOf({ scopes: [subscriptionId.toUpperCase()], workspaceIds: [central.toUpperCase()] })]), verdict: 'pass' },
    { because: 'high and medium alerts are enough', ...estateOf([exportOf({ severities: ['high', 'medium'] })]), verdict: 'pass' },
    { because: 'an event hub will do', ...estateOf([exportOf({ workspaceIds: [], eventHubIds: [`${hubId('siem')}/eventhubs/alerts`] })], { exists: [hubId('siem')] }), verdict: 'pass' },
    { because: 'of two destinations one is there', ...estateOf([exportOf({ workspaceIds: [workspaceId('old'), central] })]), verdict: 'pass' },
    { because: 'of two exports one works', ...estateOf([exportOf({ enabled: false }), exportOf({ id: '/e/second' })]), verdict: 'pass', says: 'second' },
    { because: 'Sentinel’s connector takes them', ...connected([connector()]), verdict: 'pass', says: 'connector on central' },
    { because: 'one connector may serve the whole tenant', ...connected([connector({ kind: 'MicrosoftDefenderForCloudTenantBased', subscriptionId: null })]), verdict: 'pass' },
    { because: 'an export works where connectors were refused', ...connected(refused, [exportOf()]), verdict: 'pass' },
    { because: 'there is nothing', ...estateOf([]), verdict: 'fail', says: 'no export and no connector' },
    { because: 'the export is switched off', ...estateOf([exportOf({ enabled: false })]), verdict: 'fail', says: 'switched off' },
    { because: 'it takes low alerts alone', ...estateOf([exportOf({ severities: ['low'] })]), verdict: 'fail', says: 'leaves alerts of severity High out' },
    { because: 'it takes one resource group', ...estateOf([exportOf({ scopes: [`${subscriptionId}/resourceGroups/rg`] })]), verdict: 'fail', says: 'a part of the subscription' },
    { because: 'it is for another subscription', ...estateOf([exportOf({ scopes: [`/subscriptions/${unseen}`] })]), verdict: 'fail', says: 'no export' },
    { because: 'its workspace is gone', ...estateOf([exportOf({ workspaceIds: [workspaceId('old')] })]), verdict: 'fail', says: 'no longer exists' },
    { because: 'it calls a workflow alone', ...estateOf([exportOf({ workspaceIds: [] })]), verdict: 'fail', says: 'no workspace or event hub' },
    { because: 'the firewall of its event hub keeps the export out', ...estateOf([exportOf({ workspaceIds: [], eventHubIds: [`${hubId('siem')}/eventhubs/x`] })], { exists: [hubId('siem')], hubs: { [hubId('siem')]: { ...openNamespace, firewall: { denies: true, trustsServices: false, publicNetworkAccess: 'Enabled', rules: 1 } } } }), verdict: 'fail', says: 'by its firewall' },
    { because: 'what its event hub lets in could not be read', ...estateOf([exportOf({ workspaceIds: [], eventHubIds: [`${hubId('siem')}/eventhubs/x`] })], { exists: [hubId('siem')], hubs: { [hubId('siem')]: throttled } }), verdict: 'unknown', reasonCode: 'throttled' },
    { because: 'its event hub is gone', ...estateOf([exportOf({ workspaceIds: [], eventHubIds: [`${hubId('old')}/eventhubs/x`] })], { exists: [storageId('arch')] }), verdict: 'fail' },
    { because: 'the connector is for another subscription', ...connected([connector({ subscriptionId: unseen })]), verdict: 'fail' },
    { because: 'the connector of Defender for Endpoint takes its own alerts alone', ...connected([connector({ kind: 'MicrosoftDefenderAdvancedThreatProtection', subscriptionId: null })]), verdict: 'fail' },
    { because: 'the connector is off', ...connected([connector({ dataTypes: [] })]), verdict: 'fail' },
    { because: 'no plan is on', ...estateOf([], { plans: { [subscriptionId]: [plan('Free')] } }), verdict: 'not-applicable' },
    { because: 'posture management raises no alert', ...estateOf([], { plans: { [subscriptionId]: [plan('Standard', 'CloudPosture'), plan('Free')] } }), verdict: 'not-applicable' },
    { because: 'the subscription never had Defender', ...estateOf([], { plans: { [subscriptionId]: [] } }), verdict: 'not-applicable' },
    { because: 'the subscription is deleted', ...estateOf([], { subscription: { state: 'Deleted' } }), verdict: 'not-applicable' },
    { because: 'the plans were refused', ...estateOf([], { plans: { [subscriptionId]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the exports were throttled', ...estateOf([], { alerting: { [tenantSubjectId]: throttled } }), verdict: 'unknown', reasonCode: 'throttled' },
    { because: 'the exports are out of sight', ...estateOf([], {}, { covered: [] }), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Security/automations/read' },
    { because: 'the connectors failed', ...connected(broken), verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'whether Sentinel is there was refused', ...estateOf([], { sentinel: { [central]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'its workspace is out of sight', ...estateOf([exportOf({ workspaceIds: [workspaceId('soc', unseen)] })]), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.OperationalInsights/workspaces/read' },
    { because: 'Defender XDR may bring them or not', ...connected([{ id: '/x', kind: 'MicrosoftThreatProtection', subscriptionId: null, dataTypes: ['incidents'] }]), verdict: 'unknown', reasonCode: 'unsupported' },
  ]))
