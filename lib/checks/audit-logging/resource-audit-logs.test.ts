import { describe } from 'vitest'
import type { Collected } from '@/lib/domain/collected'
import type { AuditArrival, EventHubNamespace, Resource } from '@/lib/domain/estate'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, gone, home, hubId, idOf, liveOf, notSupported, openNamespace, refused, refusing, resourceOf, settingOf, storageId, throttled, unseen, workspaceId, workspaceOf, type SettingLiteral } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const central = workspaceId('central')
const vaultType = 'Microsoft.KeyVault/vaults'
const vault = resourceOf(vaultType, 'kv')
const vaultLive = { 'microsoft.keyvault/vaults': liveOf(vaultType, { AuditEvent: ['audit', 'allLogs'], AzurePolicyEvaluationDetails: ['allLogs'] }) }

/** A vault with these settings and live categories. */
function vaultWith(settings: SettingLiteral[], more: EstateLiteral = {}): EstateLiteral {
  return { resources: [vault], live: vaultLive, settings: { [vault.id]: settings.map(settingOf) }, ...more }
}

const firewalled: EventHubNamespace['firewall'] = { denies: true, trustsServices: false, publicNetworkAccess: 'Enabled', rules: 1 }
/** A vault whose only destination is a namespace of event hubs. */
function hubWith(over: Partial<EventHubNamespace>, hubName?: string, policy: EstateLiteral['policy'] = {}): EstateLiteral {
  return vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem'), hubName }], { exists: [hubId('siem')], hubs: { [hubId('siem')]: { ...openNamespace, ...over } }, policy })
}

const vouching: EstateLiteral['policy'] = { approvedDestinations: [hubId('siem').toUpperCase()] }

const cases: JudgedCase[] = [
  { because: 'the audit category goes to a workspace that exists', estate: vaultWith([{ logs: ['AuditEvent'], workspace: central }]), of: vault.id, verdict: 'pass', severity: 'high' },
  { because: 'the audit group stands for its live categories', estate: vaultWith([{ logs: ['group:audit', '-group:allLogs'], workspace: central }]), of: vault.id, verdict: 'pass', says: 'AuditEvent' },
  { because: 'allLogs holds the audit category', estate: vaultWith([{ logs: ['group:allLogs'], workspace: central }]), of: vault.id, verdict: 'pass' },
  { because: 'a category name in another casing is the same category', estate: vaultWith([{ logs: ['auditevent'], workspace: central }]), of: vault.id, verdict: 'pass' },
  { because: 'a group name in another casing is the same group', estate: vaultWith([{ logs: ['group:AllLogs'], workspace: central }]), of: vault.id, verdict: 'pass' },
  { because: 'a workspace id in another casing is the same workspace', estate: vaultWith([{ logs: ['AuditEvent'], workspace: central.toUpperCase() }]), of: vault.id, verdict: 'pass' },
  { because: 'a storage account is a destination', estate: vaultWith([{ logs: ['AuditEvent'], storage: storageId('arch') }], { exists: [storageId('arch')] }), of: vault.id, verdict: 'pass' },
  { because: 'an event hub is a destination by its namespace, not by its rule', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem') }], { exists: [hubId('siem')] }), of: vault.id, verdict: 'pass' },
  { because: 'a partner solution is a destination', estate: vaultWith([{ logs: ['AuditEvent'], partner: idOf('Microsoft.Datadog/monitors', 'dd') }], { exists: [idOf('Microsoft.Datadog/monitors', 'dd')] }), of: vault.id, verdict: 'pass' },
  { because: 'a workspace over its quota still counts here', estate: vaultWith([{ logs: ['AuditEvent'], workspace: central }], { workspaces: [workspaceOf('central', { dataIngestionStatus: 'OverQuota' })] }), of: vault.id, verdict: 'pass' },
  { because: 'the destination that exists makes up for the deleted one of the same setting', estate: vaultWith([{ logs: ['AuditEvent'], workspace: workspaceId('old'), storage: storageId('arch') }], { exists: [storageId('arch')] }), of: vault.id, verdict: 'pass' },

  { because: 'there is no setting', estate: vaultWith([]), of: vault.id, verdict: 'fail', severity: 'high', says: 'there is no diagnostic setting' },
  { because: 'the entry is switched off', estate: vaultWith([{ logs: ['-AuditEvent'], workspace: central }]), of: vault.id, verdict: 'fail', says: /'to-law' has every log entry switched off/ },
  { because: 'only metrics are on', estate: vaultWith([{ logs: ['-AuditEvent'], metrics: 1, workspace: central }]), of: vault.id, verdict: 'fail', says: 'sends metrics alone' },
  { because: 'the workspace was deleted: its subscription is readable and it is not there', estate: vaultWith([{ logs: ['AuditEvent'], workspace: workspaceId('old') }]), of: vault.id, verdict: 'fail', says: /'to-law' sends to old, which no longer exists/ },
  { because: 'the account’s firewall keeps out what writes logs', estate: vaultWith([{ logs: ['AuditEvent'], storage: storageId('arch') }], { exists: [storageId('arch')], closed: [storageId('arch')] }), of: vault.id, verdict: 'fail', says: 'firewall keeps out' },
  { because: 'a closed account beside a workspace spoils nothing', estate: vaultWith([{ logs: ['AuditEvent'], workspace: central, storage: storageId('arch') }], { exists: [storageId('arch')], closed: [storageId('arch')] }), of: vault.id, verdict: 'pass' },
  { because: 'approval does not open a firewall', estate: vaultWith([{ logs: ['AuditEvent'], storage: storageId('arch') }], { exists: [storageId('arch')], closed: [storageId('arch')], policy: { approvedDestinations: [storageId('arch')] } }), of: vault.id, verdict: 'fail' },
  { because: 'the account is shut to public networks and lets everybody in', estate: vaultWith([{ logs: ['AuditEvent'], storage: storageId('arch') }], { exists: [storageId('arch')], shut: [storageId('arch')] }), of: vault.id, verdict: 'unknown', reasonCode: 'unsupported', says: 'closed to public networks' },
  { because: 'a rule for one resource does not let in what writes logs', estate: vaultWith([{ logs: ['AuditEvent'], storage: storageId('arch') }], { exists: [storageId('arch')], closed: [storageId('arch')], admitted: { [storageId('arch')]: [vault.id] } }), of: vault.id, verdict: 'fail' },
  { because: 'the storage account was deleted', estate: vaultWith([{ logs: ['AuditEvent'], storage: storageId('old') }]), of: vault.id, verdict: 'fail', says: 'no longer exists' },
  { because: 'a namespace names who may come in, and no trusted services', estate: hubWith({ firewall: { ...firewalled } }), of: vault.id, verdict: 'fail', says: 'firewall keeps out' },
  { because: 'trusted services of Azure come in all the same', estate: hubWith({ firewall: { ...firewalled, trustsServices: true } }), of: vault.id, verdict: 'pass' },
  { because: 'a namespace that denies and names nobody lets everybody in', estate: hubWith({ firewall: { ...firewalled, rules: 0 } }), of: vault.id, verdict: 'pass' },
  { because: 'a perimeter’s rules are not read', estate: hubWith({ firewall: { ...firewalled, publicNetworkAccess: 'SecuredByPerimeter' } }), of: vault.id, verdict: 'pass' },
  { because: 'a namespace is closed to public networks', estate: hubWith({ firewall: { ...firewalled, denies: false, publicNetworkAccess: 'Disabled' } }), of: vault.id, verdict: 'unknown', reasonCode: 'unsupported', says: 'closed to public networks' },
  { because: 'the rule that the setting signs in with is gone', estate: hubWith({ authorizationRules: ['other'] }), of: vault.id, verdict: 'fail', says: 'RootManageSharedAccessKey, which no longer exists' },
  { because: 'the hub that the setting names is gone', estate: hubWith({ eventHubs: ['other'] }, 'logs'), of: vault.id, verdict: 'unknown', reasonCode: 'unsupported', says: 'has no event hub logs' },
  { because: 'the hub that the setting names is there, in any casing', estate: hubWith({ eventHubs: ['logs'] }, 'Logs'), of: vault.id, verdict: 'pass' },
  { because: 'what the namespace lets in was refused', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem') }], { exists: [hubId('siem')], hubs: { [hubId('siem')]: refused } }), of: vault.id, verdict: 'unknown', reasonCode: 'permission-denied', says: 'The firewall and the hubs of siem' },
  { because: 'what the namespace lets in could not be read, and a workspace takes it as well', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem'), workspace: central }], { exists: [hubId('siem')], hubs: { [hubId('siem')]: broken } }), of: vault.id, verdict: 'pass' },
  { because: 'what the namespace lets in was refused, and the policy vouches for it', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem') }], { exists: [hubId('siem')], hubs: { [hubId('siem')]: refused }, policy: vouching }), of: vault.id, verdict: 'pass' },
  { because: 'a namespace is closed to public networks, and the policy vouches for it', estate: hubWith({ firewall: { ...firewalled, denies: false, publicNetworkAccess: 'Disabled' } }, undefined, vouching), of: vault.id, verdict: 'pass' },
  { because: 'the hub that the setting names is gone, and the policy vouches for the namespace', estate: hubWith({ eventHubs: ['other'] }, 'logs', vouching), of: vault.id, verdict: 'pass' },
  { because: 'the policy’s word makes no rule to sign in with', estate: hubWith({ authorizationRules: ['other'], firewall: { ...firewalled, denies: false, publicNetworkAccess: 'Disabled' } }, undefined, vouching), of: vault.id, verdict: 'fail', says: 'no longer exists' },
  { because: 'the policy’s word opens no firewall of a namespace', estate: hubWith({ firewall: { ...firewalled } }, undefined, vouching), of: vault.id, verdict: 'fail', says: 'firewall keeps out' },
  { because: 'the policy’s word brings no namespace back', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem') }], { exists: [hubId('siem')], hubs: { [hubId('siem')]: gone }, policy: vouching }), of: vault.id, verdict: 'fail', says: 'no longer exists' },
  { because: 'the namespace went since it was listed', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem') }], { exists: [hubId('siem')], hubs: { [hubId('siem')]: gone } }), of: vault.id, verdict: 'fail', says: 'no longer exists' },
  { because: 'the event hub namespace was deleted', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('old') }]), of: vault.id, verdict: 'fail', says: 'no longer exists' },
  { because: 'approval of a destination does not bring a deleted one back', estate: vaultWith([{ logs: ['AuditEvent'], workspace: workspaceId('old') }], { policy: { approvedDestinations: [workspaceId('old')] } }), of: vault.id, verdict: 'fail' },
  { because: 'the workspace is not provisioned', estate: vaultWith([{ logs: ['AuditEvent'], workspace: central }], { workspaces: [workspaceOf('central', { provisioningState: 'Deleting' })] }), of: vault.id, verdict: 'fail', says: 'not provisioned' },
  { because: 'another category than the audit one is logged', estate: vaultWith([{ logs: ['AzurePolicyEvaluationDetails'], workspace: central }]), of: vault.id, verdict: 'fail', says: 'AuditEvent is not logged' },
  { because: 'a category that the service has dropped does no good', estate: vaultWith([{ logs: ['OldEvents'], workspace: central }]), of: vault.id, verdict: 'fail' },

  { because: 'the workspace lies in a subscription that cannot be seen', estate: vaultWith([{ logs: ['AuditEvent'], workspace: workspaceId('soc', unseen) }]), of: vault.id, verdict: 'unknown', reasonCode: 'permission-denied', severity: 'high', permission: 'Microsoft.OperationalInsights/workspaces/read' },
  { because: 'the policy vouches for the unseen workspace, in other casing', estate: vaultWith([{ logs: ['AuditEvent'], workspace: workspaceId('soc', unseen) }], { policy: { approvedDestinations: [workspaceId('SOC', unseen)] } }), of: vault.id, verdict: 'pass' },
  { because: 'an approved workspace is known too, though unseen', estate: vaultWith([{ logs: ['AuditEvent'], workspace: workspaceId('soc', unseen) }], { policy: { approvedWorkspaces: [workspaceId('soc', unseen)] } }), of: vault.id, verdict: 'pass' },
  { because: 'the policy vouches for the unseen namespace by naming its rule', estate: vaultWith([{ logs: ['AuditEvent'], hub: hubId('siem', unseen) }], { policy: { approvedDestinations: [`${hubId('siem', unseen)}/authorizationRules/send`] } }), of: vault.id, verdict: 'pass' },
  { because: 'a deleted destination beside an unseen one leaves it unknown', estate: vaultWith([{ name: 'a', logs: ['AuditEvent'], workspace: workspaceId('old') }, { name: 'b', logs: ['AuditEvent'], workspace: workspaceId('soc', unseen) }]), of: vault.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a missing category is a fail even when the unseen destination gets another', estate: vaultWith([{ logs: ['AzurePolicyEvaluationDetails'], workspace: workspaceId('soc', unseen) }]), of: vault.id, verdict: 'fail' },

  { because: 'the read was refused: the action that would cure it is named', estate: { resources: [vault], live: vaultLive, settings: { [vault.id]: refused } }, of: vault.id, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/diagnosticSettings/read', severity: 'high' },
  { because: 'the read was throttled to the end', estate: { resources: [vault], settings: { [vault.id]: throttled } }, of: vault.id, verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'the service failed', estate: { resources: [vault], settings: { [vault.id]: broken } }, of: vault.id, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the settings were never asked for', estate: { resources: [vault] }, of: vault.id, verdict: 'unknown', reasonCode: 'api-error', says: 'not read' },
  { because: 'the resource was deleted after the inventory was read', estate: { resources: [vault], settings: { [vault.id]: gone } }, of: vault.id, verdict: 'none' },
  { because: 'Azure takes no settings for it, though the catalogue thought so', estate: { resources: [vault], settings: { [vault.id]: notSupported } }, of: vault.id, verdict: 'not-applicable', says: 'although the catalogue knows' },

  { because: 'the policy asks more than the audit group', estate: vaultWith([{ logs: ['AuditEvent'], workspace: central }], { policy: { requiredCategories: { 'Microsoft.KeyVault/Vaults': ['AuditEvent', 'AzurePolicyEvaluationDetails'] } } }), of: vault.id, verdict: 'fail', says: 'AzurePolicyEvaluationDetails is not logged, while AuditEvent is' },
  { because: 'the policy asks nothing of the type', estate: vaultWith([], { policy: { requiredCategories: { 'microsoft.keyvault/vaults': [] } } }), of: vault.id, verdict: 'not-applicable', says: 'policy requires no log' },
  { because: 'the live audit group grew, and a setting that names categories does not follow', estate: vaultWith([{ logs: ['AuditEvent'], workspace: central }], { live: { 'microsoft.keyvault/vaults': liveOf(vaultType, { AuditEvent: ['audit'], NewAudit: ['audit'] }) } }), of: vault.id, verdict: 'fail', says: 'NewAudit' },
  { because: 'a group follows the service', estate: vaultWith([{ logs: ['group:audit'], workspace: central }], { live: { 'microsoft.keyvault/vaults': liveOf(vaultType, { AuditEvent: ['audit'], NewAudit: ['audit'] }) } }), of: vault.id, verdict: 'pass' },
  { because: 'without the live list the catalogue is sure of AuditEvent', estate: vaultWith([{ logs: ['group:audit'], workspace: central }], { live: {} }), of: vault.id, verdict: 'pass' },
  { because: 'the live list is empty: metrics only in this region', estate: vaultWith([], { live: { 'microsoft.keyvault/vaults': liveOf(vaultType, {}) } }), of: vault.id, verdict: 'not-applicable' },
]

const blobs = resourceOf('Microsoft.Storage/storageAccounts/blobServices', 'acct/default')
const blobsWith = (settings: SettingLiteral[], more: EstateLiteral = {}): EstateLiteral => ({ resources: [blobs], settings: { [blobs.id]: settings.map(settingOf) }, ...more })

const unionCases: JudgedCase[] = [
  { because: 'two settings with different destinations complete each other', estate: blobsWith([{ name: 'a', logs: ['StorageRead'], workspace: central }, { name: 'b', logs: ['StorageWrite', 'StorageDelete'], storage: storageId('arch') }], { exists: [storageId('arch')] }), of: blobs.id, verdict: 'pass' },
  { because: 'one category of three is missing', estate: blobsWith([{ logs: ['StorageWrite', 'StorageDelete'], workspace: central }]), of: blobs.id, verdict: 'fail', says: 'StorageRead is not logged, while StorageWrite and StorageDelete are', severity: 'high' },
  { because: 'an entry that is off does not complete the set', estate: blobsWith([{ logs: ['-StorageRead', 'StorageWrite', 'StorageDelete'], workspace: central }]), of: blobs.id, verdict: 'fail' },
  { because: 'the setting that completes the set sends to a deleted workspace', estate: blobsWith([{ name: 'a', logs: ['StorageRead'], workspace: workspaceId('old') }, { name: 'b', logs: ['StorageWrite', 'StorageDelete'], workspace: central }]), of: blobs.id, verdict: 'fail' },
  { because: 'allLogs holds all three', estate: blobsWith([{ logs: ['group:allLogs'], workspace: central }]), of: blobs.id, verdict: 'pass' },
  { because: 'nobody tells what the audit group of a storage service holds', estate: blobsWith([{ logs: ['group:audit'], workspace: central }]), of: blobs.id, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'Azure tells that its audit group holds all three', estate: blobsWith([{ logs: ['group:audit'], workspace: central }], { live: { [blobs.type]: liveOf(blobs.type, { StorageRead: ['audit', 'allLogs'], StorageWrite: ['audit', 'allLogs'], StorageDelete: ['audit', 'allLogs'] }) } }), of: blobs.id, verdict: 'pass' },
  { because: 'the missing one goes only to an unseen subscription', estate: blobsWith([{ name: 'a', logs: ['StorageRead'], workspace: workspaceId('soc', unseen) }, { name: 'b', logs: ['StorageWrite', 'StorageDelete'], workspace: central }]), of: blobs.id, verdict: 'unknown', reasonCode: 'permission-denied', says: /^StorageRead is sent only to/ },
]

const account = resourceOf('Microsoft.Storage/storageAccounts', 'acct')
const disk = resourceOf('Microsoft.Compute/disks', 'disk')
const registry = resourceOf('Microsoft.ContainerRegistry/registries', 'acr')
const pending = resourceOf('Microsoft.Cdn/edgeActions', 'edge')
const novel = resourceOf('Microsoft.Novel/things', 'thing')
const app = (kind: string | null) => resourceOf('Microsoft.Web/sites', 'app', { kind })
const load = resourceOf('Microsoft.Network/loadBalancers', 'lb', { managedBy: idOf('Microsoft.ContainerService/managedClusters', 'aks', home, 'rg-aks') })
const vm = resourceOf('Microsoft.Compute/virtualMachines', 'vm')
const database = resourceOf('Microsoft.DBforPostgreSQL/flexibleServers', 'pg')
const cosmos = resourceOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos')
const gateway = resourceOf('Microsoft.Network/applicationGateways', 'agw')
const gatewayOf = (tier: string): Resource => resourceOf('Microsoft.Network/applicationGateways', 'agw', { properties: { sku: { tier } } })
const firewall = resourceOf('Microsoft.Network/azureFirewalls', 'fw')
const structured = ['AZFWApplicationRule', 'AZFWNetworkRule', 'AZFWNatRule', 'AZFWThreatIntel', 'AZFWIdpsSignature']
const backup = resourceOf('Microsoft.RecoveryServices/vaults', 'rsv')
const backupTables = ['CoreAzureBackup', 'AddonAzureBackupJobs', 'AddonAzureBackupAlerts', 'AddonAzureBackupPolicy', 'AddonAzureBackupProtectedInstance']
const factory = resourceOf('Microsoft.DataFactory/factories', 'adf')
const securityGroup = resourceOf('Microsoft.Network/networkSecurityGroups', 'nsg')
const insights = resourceOf('Microsoft.Insights/components', 'appi')
const vpn = resourceOf('Microsoft.Network/vpnGateways', 'vpn')

function of(resource: ReturnType<typeof resourceOf>, settings: SettingLiteral[], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: [resource], settings: { [resource.id]: settings.map(settingOf) }, ...more }, of: resource.id }
}

/** A cluster that Azure Arc connects. */
const connected = (kind: string | null, distribution?: string): Resource => resourceOf('Microsoft.Kubernetes/connectedClusters', 'arc', { kind: kind || null, properties: { ...(distribution !== undefined && { distribution }) } })

const instance = resourceOf('Microsoft.Sql/managedInstances', 'mi')
const instanceLive = { [instance.type]: liveOf(instance.type, { SQLSecurityAuditEvents: ['audit', 'allLogs'], DevOpsOperationsAudit: ['audit', 'allLogs'], ResourceUsageStats: ['allLogs'] }) }
const arrived = (lastOn: string, over: { resource?: string; category?: string } = {}): AuditArrival => ({ resource: instance.id.toLowerCase(), category: 'SQLSecurityAuditEvents', lastOn, ...over })

/** An instance whose setting sends its audit to the central workspace, and what that workspace tells; undefined: it was not asked. */
function instanceWith(arrivals: AuditArrival[] | Collected<AuditArrival[]> | undefined, setting: SettingLiteral = { logs: ['group:audit'], workspace: central }, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return of(instance, [setting], { live: instanceLive, ...(arrivals && { auditArrivals: { [central]: arrivals } }), ...more })
}

const instanceCases: JudgedCase[] = [
  { because: 'the setting of a managed instance is right, and whether a server audit feeds it no API shows', ...instanceWith(undefined), verdict: 'unknown', reasonCode: 'unsupported', severity: 'high', says: /sys\.server_audits and sys\.dm_server_audit_status/ },
  { because: 'naming each category shows no server audit either', ...instanceWith(undefined, { logs: ['SQLSecurityAuditEvents', 'DevOpsOperationsAudit'], workspace: central }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'an archive cannot be asked what arrived', ...instanceWith([arrived('2026-07-31')], { logs: ['group:audit'], storage: storageId('arch') }, { exists: [storageId('arch')] }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'audit events of the instance arrived this week', ...instanceWith([arrived('2026-07-30')]), verdict: 'pass', severity: 'high', says: 'arrived in central in the last 7 days' },
  { because: 'an event of seven days ago, to the day, is of the last seven days', ...instanceWith([arrived('2026-07-25')]), verdict: 'pass' },
  { because: 'the workspace writes the ids in another casing', ...instanceWith([arrived('2026-07-30', { resource: instance.id.toUpperCase(), category: 'sqlsecurityauditevents' })]), verdict: 'pass' },
  { because: 'nothing arrived: the audit is off, or nobody used the instance', ...instanceWith([]), verdict: 'unknown', reasonCode: 'not-onboarded', says: 'No audit event of the instance arrived in central' },
  { because: 'what arrived weeks ago, as an earlier scan stored it, says nothing of today', ...instanceWith([arrived('2026-07-01')]), verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the events of another instance are of another instance', ...instanceWith([arrived('2026-07-30', { resource: `${instance.id.toLowerCase()}-2` })]), verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'that Microsoft’s support signed in shows no audit of anybody else', ...instanceWith([arrived('2026-07-30', { category: 'DevOpsOperationsAudit' })]), verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the workspace may not be queried', ...instanceWith(refused), verdict: 'unknown', reasonCode: 'permission-denied', says: 'What arrived in central could not be read' },
  { because: 'the setting lacks the audit, and an audit to storage would show in T-SQL alone', ...instanceWith([arrived('2026-07-30')], { logs: ['ResourceUsageStats'], workspace: central }), verdict: 'fail', says: 'TO URL' },
  { because: 'without a setting nothing reaches Azure Monitor', ...of(instance, [], { live: instanceLive }), verdict: 'fail', severity: 'high', says: 'there is no diagnostic setting' },
  { because: 'the settings of an instance may not be read', estate: { resources: [instance], live: instanceLive, settings: { [instance.id]: refused } }, of: instance.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the policy asks for other logs of instances than the audit', ...instanceWith(undefined, { logs: ['ResourceUsageStats'], workspace: central }, { policy: { requiredCategories: { 'microsoft.sql/managedInstances': ['ResourceUsageStats'] } } }), verdict: 'pass' },
]

const ownRule = idOf('Microsoft.Insights/dataCollectionRules', 'dcr-own')
const dataCollectionRuleRead = 'Microsoft.Insights/dataCollectionRules/read'
/** The central workspace leaves out of the shared table what nobody can tell beforehand. */
const transforming: EstateLiteral = {
  workspaces: [workspaceOf('central', { defaultRuleId: ownRule })],
  rules: { [ownRule]: { id: ownRule, name: 'dcr-own', kind: 'WorkspaceTransforms', windowsEvents: [], syslog: [], logFiles: [], workspaces: [], flows: [{ streams: ['Microsoft-Table-AzureDiagnostics', 'Microsoft-Table-SQLSecurityAuditEvents'], destinations: ['la'], transformKql: "source | where statement_s != ''" }] } },
}
/** Asked of the same instance as an option. */
const arrivalOn = { policy: { enabledChecks: ['audit-events-arrive'] } }
const arrivalCases: JudgedCase[] = [
  { because: 'rows of this week are there', ...instanceWith([arrived('2026-07-30')], undefined, arrivalOn), verdict: 'pass' },
  { because: 'an empty week does not tell an audit that is off from a quiet instance', ...instanceWith([], undefined, arrivalOn), verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'of two workspaces one has them', ...of(instance, [{ name: 'a', logs: ['group:audit'], workspace: central }, { name: 'b', logs: ['group:audit'], workspace: workspaceId('team') }], { live: instanceLive, workspaces: [workspaceOf('central'), workspaceOf('team')], auditArrivals: { [central]: [], [workspaceId('team')]: [arrived('2026-07-30')] }, ...arrivalOn }), verdict: 'pass' },
  { because: 'one workspace is empty and the other was not to be read', ...of(instance, [{ name: 'a', logs: ['group:audit'], workspace: central }, { name: 'b', logs: ['group:audit'], workspace: workspaceId('team') }], { live: instanceLive, workspaces: [workspaceOf('central'), workspaceOf('team')], auditArrivals: { [central]: [], [workspaceId('team')]: refused }, ...arrivalOn }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the query was throttled', ...instanceWith(throttled, undefined, arrivalOn), verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'only an archive gets the audit', ...instanceWith([], { logs: ['group:audit'], storage: storageId('arch') }, { exists: [storageId('arch')], ...arrivalOn }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'rows of this week are there, whatever the workspace’s transformation leaves out', ...instanceWith([arrived('2026-07-30')], undefined, { ...transforming, ...arrivalOn }), verdict: 'pass' },
  { because: 'nothing arrived where a transformation may leave it out', ...instanceWith([], undefined, { ...transforming, ...arrivalOn }), verdict: 'unknown', reasonCode: 'unsupported', says: 'may not have been kept. The workspace’s own rule dcr-own transforms' },
  { because: 'nothing arrived where a transformation that was refused may leave it out', ...instanceWith([], undefined, { ...transforming, rules: { [ownRule]: refusing(dataCollectionRuleRead) }, ...arrivalOn }), verdict: 'unknown', reasonCode: 'permission-denied', permission: dataCollectionRuleRead },
  { because: 'of two workspaces the empty one keeps all', ...of(instance, [{ name: 'a', logs: ['group:audit'], workspace: central }, { name: 'b', logs: ['group:audit'], workspace: workspaceId('team') }], { live: instanceLive, ...transforming, workspaces: [...(transforming.workspaces ?? []), workspaceOf('team')], auditArrivals: { [central]: [], [workspaceId('team')]: [] }, ...arrivalOn }), verdict: 'unknown', reasonCode: 'not-onboarded', says: 'in central and team' },
  { because: 'only a namespace gets the audit whose firewall was refused', ...instanceWith(undefined, { logs: ['group:audit'], hub: hubId('siem') }, { exists: [hubId('siem')], hubs: { [hubId('siem')]: refused }, ...arrivalOn }), verdict: 'unknown', reasonCode: 'unsupported', says: 'no workspace that could be asked' },
  { because: 'only a workspace out of sight gets the audit', ...instanceWith(undefined, { logs: ['group:audit'], workspace: workspaceId('far', unseen) }, arrivalOn), verdict: 'unknown', reasonCode: 'unsupported', says: 'no workspace that could be asked' },
  { because: 'the audit goes nowhere, which another check reports', ...instanceWith([], { logs: ['ResourceUsageStats'], workspace: central }, arrivalOn), verdict: 'not-applicable' },
  { because: 'the settings may not be read', estate: { resources: [instance], live: instanceLive, settings: { [instance.id]: refused }, ...arrivalOn }, of: instance.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the instance is gone', estate: { resources: [instance], live: instanceLive, settings: { [instance.id]: gone }, ...arrivalOn }, of: instance.id, verdict: 'none' },
  { because: 'another type is not asked', ...of(vault, [], arrivalOn), verdict: 'none' },
]

const sized = (type: string, skuName: string | null, properties: Resource['properties'] = {}): Resource => resourceOf(type, 'x', { skuName, properties })
const bus = (skuName: string | null): Resource => sized('Microsoft.ServiceBus/namespaces', skuName)
const hubs = (skuName: string, properties = {}): Resource => sized('Microsoft.EventHub/namespaces', skuName, properties)
const messagingLive = { 'microsoft.servicebus/namespaces': liveOf('x', { RuntimeAuditLogs: ['audit', 'allLogs'], OperationalLogs: ['allLogs'] }), 'microsoft.eventhub/namespaces': liveOf('x', { RuntimeAuditLogs: ['audit', 'allLogs'], OperationalLogs: ['allLogs'] }) }
const runtimeAudit = [{ logs: ['group:audit'], workspace: central }]
const firewallOf = (tier: string): Resource => resourceOf('Microsoft.Network/azureFirewalls', 'fw', { properties: { sku: { name: 'AZFW_VNet', tier } } })
const withoutIntrusion = structured.filter((name) => name !== 'AZFWIdpsSignature')
const databricks = (skuName: string | null): Resource => sized('Microsoft.Databricks/workspaces', skuName)
const mongo = (tier: string | null): Resource => sized('Microsoft.DocumentDB/mongoClusters', null, tier === null ? {} : { compute: { tier } })
const gatewayOfApis = (skuName: string): Resource => sized('Microsoft.ApiManagement/service', skuName)
const everything = [{ logs: ['group:allLogs'], workspace: central }]

const outOfSight = { ok: false, reason: 'permission-denied', detail: 'Not visible.', status: null, code: null, action: null } as const

const tierCases: JudgedCase[] = [
  { because: 'a Standard namespace never writes the audit of sending and receiving, so a setting for it carries nothing', ...of(bus('Standard'), runtimeAudit, { live: messagingLive }), verdict: 'fail', says: /^OperationalLogs is not logged.*Premium and Dedicated tiers alone/ },
  { because: 'what a Standard namespace does write is its operations', ...of(bus('Standard'), [{ logs: ['OperationalLogs'], workspace: central }], { live: messagingLive }), verdict: 'pass', says: /^OperationalLogs/ },
  { because: 'all logs hold its operations', ...of(bus('Basic'), everything, { live: messagingLive }), verdict: 'pass' },
  { because: 'a Premium namespace writes the audit', ...of(bus('Premium'), runtimeAudit, { live: messagingLive }), verdict: 'pass', says: /^RuntimeAuditLogs/ },
  { because: 'the operations of a Premium namespace are not its audit', ...of(bus('premium'), [{ logs: ['OperationalLogs'], workspace: central }], { live: messagingLive }), verdict: 'fail', says: 'RuntimeAuditLogs' },
  { because: 'without word of the tier it may be one that writes the audit', ...of(bus(null), runtimeAudit, { live: messagingLive }), verdict: 'pass' },
  { because: 'event hubs of the Standard tier are alike', ...of(hubs('standard', { clusterArmId: null }), runtimeAudit, { live: messagingLive }), verdict: 'fail', severity: 'high' },
  { because: 'event hubs that an earlier release stored may be in a dedicated cluster', ...of(hubs('Standard'), [{ logs: ['OperationalLogs'], workspace: central }], { live: messagingLive }), verdict: 'fail', says: 'RuntimeAuditLogs' },
  { because: 'event hubs outside of clusters have their operations alone', ...of(hubs('Standard', { clusterArmId: null }), [{ logs: ['OperationalLogs'], workspace: central }], { live: messagingLive }), verdict: 'pass' },
  { because: 'event hubs in a dedicated cluster say Standard, and write the audit', ...of(hubs('Standard', { clusterArmId: idOf('Microsoft.EventHub/clusters', 'c') }), runtimeAudit, { live: messagingLive }), verdict: 'pass' },
  { because: 'the policy asks what it asks, whatever the tier writes', ...of(bus('Standard'), [{ logs: ['OperationalLogs'], workspace: central }], { live: messagingLive, policy: { requiredCategories: { 'microsoft.servicebus/namespaces': ['RuntimeAuditLogs'] } } }), verdict: 'fail' },
  { because: 'a Standard firewall has no intrusion detection that could log', ...of(firewallOf('Standard'), [{ logs: withoutIntrusion, workspace: central }]), verdict: 'pass' },
  { because: 'a Basic firewall has none either', ...of(firewallOf('basic'), [{ logs: withoutIntrusion, workspace: central }]), verdict: 'pass' },
  { because: 'a Premium firewall has it', ...of(firewallOf('Premium'), [{ logs: withoutIntrusion, workspace: central }]), verdict: 'fail', says: 'AZFWIdpsSignature' },
  { because: 'threat intelligence is asked of every tier', ...of(firewallOf('Standard'), [{ logs: withoutIntrusion.filter((name) => name !== 'AZFWThreatIntel'), workspace: central }]), verdict: 'fail', says: 'AZFWThreatIntel' },
  { because: 'Databricks writes its audit in the Premium tier alone, so that a setting of a Standard workspace is silent', ...of(databricks('standard'), everything), verdict: 'fail', severity: 'high', says: 'The tier standard writes no resource logs' },
  { because: 'a Premium workspace with the same setting logs', ...of(databricks('premium'), everything), verdict: 'pass' },
  { because: 'the trial is of the Premium tier', ...of(databricks('trial'), everything), verdict: 'pass' },
  { because: 'a tier that is not told is judged by its settings', ...of(databricks(null), everything), verdict: 'pass' },
  { because: 'the settings of a silent tier need not be read', estate: { resources: [databricks('Standard')], settings: { [databricks(null).id]: refused } }, of: databricks(null).id, verdict: 'fail' },
  { because: 'what is stored of a workspace out of sight is of an earlier scan', estate: { resources: [databricks('Standard')], settings: { [databricks(null).id]: refused }, lost: outOfSight }, of: databricks(null).id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'small clusters of DocumentDB write no logs', ...of(mongo('M30'), everything), verdict: 'fail', says: 'a compute tier above M30 would' },
  { because: 'larger ones do', ...of(mongo('M40'), everything), verdict: 'pass' },
  { because: 'a cluster that does not tell its tier is judged by its settings', ...of(mongo(null), everything), verdict: 'pass' },
  { because: 'the Consumption tier of API Management has no resource logs, and Application Insights may have its requests', ...of(gatewayOfApis('Consumption'), []), verdict: 'unknown', reasonCode: 'unsupported', says: 'Application Insights' },
  { because: 'every other tier of API Management has them', ...of(gatewayOfApis('Developer'), []), verdict: 'fail' },
]

const environment = (appLogsConfiguration?: unknown): Resource => resourceOf('Microsoft.App/managedEnvironments', 'cae', { properties: appLogsConfiguration === undefined ? {} : { appLogsConfiguration } })
const toWorkspace = (customerId: string): Resource => environment({ destination: 'log-analytics', customerId })
const customer = 'C0FFEE00-0000-4000-8000-000000000001'
const centralOfCustomer = { workspaces: [workspaceOf('central', { customerId: customer.toLowerCase() })] }
const httpLogs = { live: { [environment().type]: liveOf(environment().type, { ContainerAppConsoleLogs: ['audit', 'allLogs'], ContainerAppSystemLogs: ['audit', 'allLogs'], ContainerAppHTTPLogs: ['audit', 'allLogs'] }) } }

const environmentCases: JudgedCase[] = [
  { because: 'an environment that sends to a workspace by itself needs no setting', ...of(toWorkspace(customer), [], centralOfCustomer), verdict: 'pass' },
  { because: 'it names the workspace by an id that nothing in sight has', ...of(toWorkspace(customer), []), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'its own way does not need the settings to be read', estate: { resources: [toWorkspace(customer)], settings: { [environment().id]: refused }, ...centralOfCustomer }, of: environment().id, verdict: 'pass' },
  { because: 'its HTTP logs leave by a setting alone', ...of(toWorkspace(customer), [], { ...centralOfCustomer, ...httpLogs }), verdict: 'fail', says: 'ContainerAppHTTPLogs' },
  { because: 'a setting sends the HTTP logs beside its own way', ...of(toWorkspace(customer), [{ logs: ['ContainerAppHTTPLogs'], workspace: central }], { ...centralOfCustomer, ...httpLogs }), verdict: 'pass' },
  { because: 'whether a setting sends the HTTP logs was refused', estate: { resources: [toWorkspace(customer)], settings: { [environment().id]: refused }, ...centralOfCustomer, ...httpLogs }, of: environment().id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'HTTP logs that nobody asks for change nothing', ...of(toWorkspace(customer), [], { ...centralOfCustomer, live: { [environment().type]: liveOf(environment().type, { ContainerAppConsoleLogs: ['audit', 'allLogs'], ContainerAppHTTPLogs: ['allLogs'] }) } }), verdict: 'pass' },
  { because: 'without a destination a setting carries nothing', ...of(environment({ destination: 'none', customerId: null }), everything), verdict: 'fail', says: 'log destination is none' },
  { because: 'to Azure Monitor, a setting carries the logs', ...of(environment({ destination: 'azure-monitor', customerId: null }), everything), verdict: 'pass' },
  { because: 'to Azure Monitor without a setting, nothing does', ...of(environment({ destination: 'azure-monitor', customerId: null }), []), verdict: 'fail', says: 'there is no diagnostic setting' },
  { because: 'without word of the destination the settings decide', ...of(environment(), everything), verdict: 'pass' },
]

const typeCases: JudgedCase[] = [
  { because: 'a storage account has metrics only, its services are judged', estate: { resources: [account] }, of: account.id, verdict: 'not-applicable', says: 'metrics only' },
  { because: 'an account’s setting, with whatever it says, changes nothing', ...of(account, [{ metrics: 1, workspace: central }]), verdict: 'not-applicable' },
  { because: 'a disk has no resource logs', estate: { resources: [disk] }, of: disk.id, verdict: 'not-applicable', says: 'has no resource logs' },
  { because: 'a disk stays without logs when its subscription is lost', estate: { resources: [disk], live: { [disk.type]: notSupported }, settings: { [disk.id]: refused } }, of: disk.id, verdict: 'not-applicable' },
  { because: 'whether a type that nobody knows has logs was refused', estate: { resources: [novel], settings: { [novel.id]: refused } }, of: novel.id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a type that nobody knows has no settings', ...of(novel, []), verdict: 'not-applicable' },
  { because: 'Azure knows logs of a type that the catalogue does not, and they are off', ...of(novel, [], { live: { [novel.type]: liveOf(novel.type, { Things: ['allLogs'] }) } }), verdict: 'fail', severity: 'medium' },
  { because: 'the audit group holds the required set by definition, though nobody tells its content', ...of(registry, [{ logs: ['group:audit'], workspace: central }]), verdict: 'pass' },
  { because: 'the required set is not known and only some categories are on', ...of(registry, [{ logs: ['ContainerRegistryLoginEvents'], workspace: central }]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the required set is not known, but every category is on', ...of(registry, [{ logs: ['ContainerRegistryLoginEvents', 'ContainerRegistryRepositoryEvents'], workspace: central }]), verdict: 'pass' },
  { because: 'the required set is not known, but nothing at all is on', ...of(registry, []), verdict: 'fail', severity: 'high' },
  { because: 'Azure names groups and no audit group, so all categories are asked', ...of(registry, [{ logs: ['ContainerRegistryLoginEvents'], workspace: central }], { live: { [registry.type]: liveOf(registry.type, { ContainerRegistryLoginEvents: ['allLogs'], ContainerRegistryRepositoryEvents: ['allLogs'] }) } }), verdict: 'fail', says: 'ContainerRegistryRepositoryEvents' },
  { because: 'a pending type without live categories cannot be judged', ...of(pending, []), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'allLogs of a pending type holds whatever is required', ...of(pending, [{ logs: ['group:allLogs'], workspace: central }]), verdict: 'pass' },
  { because: 'the live categories of a pending type make it judgeable', ...of(pending, [{ logs: ['EdgeAudit'], workspace: central }], { live: { [pending.type]: liveOf(pending.type, { EdgeAudit: ['audit'] }) } }), verdict: 'pass' },
  { because: 'a function app writes FunctionAppLogs', ...of(app('functionapp,linux'), [{ logs: ['FunctionAppLogs'], workspace: central }]), verdict: 'pass' },
  { because: 'the HTTP logs of a function app do not stand for FunctionAppLogs', ...of(app('functionapp'), [{ logs: ['AppServiceHTTPLogs'], workspace: central }]), verdict: 'fail', says: 'FunctionAppLogs' },
  { because: 'a web app needs no FunctionAppLogs', ...of(app('app,linux'), [{ logs: ['AppServiceHTTPLogs', 'AppServiceAuditLogs', 'AppServiceIPSecAuditLogs'], workspace: central }]), verdict: 'pass' },
  { because: 'console logs of a web app are no audit logs', ...of(app(null), [{ logs: ['AppServiceConsoleLogs', 'AppServiceAppLogs'], workspace: central }]), verdict: 'fail' },
  { because: 'a Standard logic app tells its runs in WorkflowRuntime', ...of(app('functionapp,workflowapp'), [{ logs: ['WorkflowRuntime'], workspace: central }]), verdict: 'pass' },
  { because: 'a category that this plan does not offer is not asked of a web app', ...of(app('app'), [{ logs: ['AppServiceHTTPLogs', 'AppServiceAuditLogs'], workspace: central }], { live: { 'microsoft.web/sites': liveOf('x', { AppServiceHTTPLogs: ['allLogs'], AppServiceAuditLogs: ['allLogs'] }) } }), verdict: 'pass' },
  { because: 'a load balancer in the node group of AKS is run by AKS', estate: { resources: [load] }, of: load.id, verdict: 'not-applicable', says: 'managed resource group of aks' },
  { because: 'a machine that owns a resource of its own group is not a managing service', ...of(resourceOf('Microsoft.Network/loadBalancers', 'lb', { managedBy: idOf('Microsoft.Compute/virtualMachines', 'vm') }), []), verdict: 'fail', severity: 'low' },
  { because: 'the only log categories of a machine are operational', ...of(vm, []), verdict: 'fail', severity: 'low' },
  { because: 'the audit group is on while Azure names none for the type', ...of(database, [{ logs: ['group:audit'], workspace: central }], { live: { [database.type]: liveOf(database.type, { PostgreSQLLogs: ['allLogs'], PostgreSQLFlexSessions: ['allLogs'] }) } }), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the categories filed under security or audit decide where Azure names no audit group', ...of(cosmos, [{ logs: ['DataPlaneRequests', 'ControlPlaneRequests'], workspace: central }], { live: { [cosmos.type]: liveOf(cosmos.type, { DataPlaneRequests: ['allLogs'], ControlPlaneRequests: ['allLogs'], Unfiled: ['allLogs'] }) } }), verdict: 'pass' },
  { because: 'performance of an application gateway is no security evidence', ...of(gateway, [{ logs: ['ApplicationGatewayAccessLog', 'ApplicationGatewayFirewallLog'], workspace: central }]), verdict: 'pass' },
  { because: 'a gateway of unknown tier may have a firewall', ...of(gateway, [{ logs: ['ApplicationGatewayAccessLog'], workspace: central }]), verdict: 'fail', says: 'ApplicationGatewayFirewallLog' },
  { because: 'a tier without a firewall has no firewall log', ...of(gatewayOf('Standard_v2'), [{ logs: ['ApplicationGatewayAccessLog'], workspace: central }]), verdict: 'pass' },
  { because: 'a tier with a firewall has one', ...of(gatewayOf('WAF_v2'), [{ logs: ['ApplicationGatewayAccessLog'], workspace: central }]), verdict: 'fail', says: 'ApplicationGatewayFirewallLog' },
  { because: 'the structured logs of a firewall need no legacy ones', ...of(firewall, [{ logs: structured, workspace: central }]), verdict: 'pass', severity: 'high' },
  { because: 'the legacy logs of a firewall need no structured ones', ...of(firewall, [{ logs: ['AzureFirewallApplicationRule', 'AzureFirewallNetworkRule'], workspace: central }]), verdict: 'pass' },
  { because: 'the intrusion detection of a firewall is not logged', ...of(firewall, [{ logs: structured.filter((name) => name !== 'AZFWIdpsSignature'), workspace: central }]), verdict: 'fail', says: 'AZFWIdpsSignature' },
  { because: 'the resource-specific logs of a backup vault need no legacy report', ...of(backup, [{ logs: [...backupTables, 'AzureBackupOperations'], workspace: central }]), verdict: 'pass' },
  { because: 'the legacy report of a backup vault holds no operations on its security', ...of(backup, [{ logs: ['AzureBackupReport'], workspace: central }]), verdict: 'fail', says: 'AzureBackupOperations' },
  { because: 'a factory that runs neither Airflow nor SSIS', ...of(factory, [{ logs: ['ActivityRuns', 'PipelineRuns', 'TriggerRuns'], workspace: central }]), verdict: 'pass' },
  { because: 'a security group writes no flow events', ...of(securityGroup, [{ logs: ['NetworkSecurityGroupEvent', 'NetworkSecurityGroupRuleCounter'], workspace: central }]), verdict: 'pass' },
  { because: 'a fleet without a hub cluster has no API server', ...of(resourceOf('Microsoft.ContainerService/fleets', 'fleet', { properties: { hubProfile: null } }), []), verdict: 'not-applicable', says: 'no hub cluster' },
  { because: 'a fleet with a hub cluster has one', ...of(resourceOf('Microsoft.ContainerService/fleets', 'fleet', { properties: { hubProfile: {} } }), []), verdict: 'fail' },
  { because: 'AKS enabled by Azure Arc without a setting sends nothing', ...of(connected('ProvisionedCluster'), []), verdict: 'fail', severity: 'high' },
  { because: 'AKS enabled by Azure Arc whose settings send something else', ...of(connected('ProvisionedCluster'), [{ logs: ['guard'], workspace: central }]), verdict: 'fail' },
  { because: 'what a setting of AKS enabled by Azure Arc carries hangs on an extension', ...of(connected('provisionedcluster', 'aks'), [{ logs: ['kube-audit'], workspace: central }]), verdict: 'unknown', reasonCode: 'unsupported', says: 'Microsoft.AKSArc.AzureMonitor' },
  { because: 'the settings of a cluster were refused', estate: { resources: [connected('ProvisionedCluster')], settings: { [connected('').id]: refused } }, of: connected('').id, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'EKS keeps its audit elsewhere', ...of(connected(null, 'eks'), []), verdict: 'not-applicable', says: 'this one is eks' },
  { because: 'a setting for what does not exist sends nothing', ...of(connected(null, 'k3s'), [{ logs: ['kube-audit'], workspace: central }]), verdict: 'not-applicable' },
  { because: 'a cluster of another cloud is told by its kind', ...of(connected('AWS'), []), verdict: 'not-applicable', says: 'this one is AWS' },
  { because: 'AKS that is merely connected is judged where it is, or is an edge', ...of(connected(null, 'aks'), []), verdict: 'unknown', reasonCode: 'unsupported', says: 'does not tell' },
  { because: 'nobody tells what is connected', ...of(connected(null), []), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a fleet that logs changes need not log reads', ...of(resourceOf('Microsoft.ContainerService/fleets', 'fleet'), [{ logs: ['kube-audit-admin'], workspace: central }]), verdict: 'pass' },
  { because: 'telemetry of an application is no security log', ...of(insights, []), verdict: 'not-applicable', says: 'telemetry' },
  { because: 'unless the policy asks for it', ...of(insights, [], { policy: { requiredCategories: { 'Microsoft.Insights/components': ['AppRequests'] } } }), verdict: 'fail', says: 'AppRequests' },
  { because: 'the audit of a managed instance is not in its databases', ...of(resourceOf('Microsoft.Sql/managedInstances/databases', 'mi/db'), []), verdict: 'not-applicable', says: 'managed instance' },
  { because: 'without audit group, hint and judgement every category is asked', ...of(vpn, [{ logs: ['GatewayDiagnosticLog', 'IKEDiagnosticLog', 'RouteDiagnosticLog'], workspace: central }]), verdict: 'fail', says: 'TunnelDiagnosticLog' },
]

describe('a key vault', () => judgedCases('resource-audit-logs', cases))
describe('several settings', () => judgedCases('resource-audit-logs', unionCases))
describe('types', () => judgedCases('resource-audit-logs', typeCases))
describe('a SQL managed instance', () => judgedCases('resource-audit-logs', instanceCases))
describe('audit events of a managed instance', () => judgedCases('audit-events-arrive', arrivalCases))
describe('tiers', () => judgedCases('resource-audit-logs', tierCases))
describe('environments of container apps', () => judgedCases('resource-audit-logs', environmentCases))
