import { describe } from 'vitest'
import type { Collected } from '@/lib/domain/collected'
import type { MachineArrival, Resource } from '@/lib/domain/estate'
import type { EstateLiteral } from '../testing/estate-builder'
import { gone, idOf, refused, resourceOf, throttled, unseen, workspaceId, workspaceOf } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'
import { agents, arcMachine, extensionOf, linuxMachine, scaleSet, served, windowsMachine, type AgentName, type RuleLiteral, type SetLiteral } from '../testing/machine-estate'

const win = windowsMachine.id
const lin = linuxMachine.id
const arc = arcMachine.id
const set = scaleSet().id

function withAgents(machine: Resource, names: readonly AgentName[], state?: string | null): EstateLiteral {
  return { resources: [machine, ...names.map((agent) => extensionOf(machine, agent, state))], associations: { [machine.id]: [] } }
}
function ofSet(literal: SetLiteral): EstateLiteral {
  return { resources: [scaleSet(literal)], associations: { [set]: [] } }
}
const withIdentity = (type: string): Resource => ({ ...windowsMachine, properties: { ...windowsMachine.properties, identity: { type } } })
const naming = { authentication: { managedIdentity: { 'identifier-name': 'mi_res_id', 'identifier-value': idOf('Microsoft.ManagedIdentity/userAssignedIdentities', 'logging') } } }
const namingIdentity: Resource = { ...extensionOf(windowsMachine, 'Windows'), properties: { ...extensionOf(windowsMachine, 'Windows').properties, settings: naming } }
const setNamingIdentity = ((): Resource => {
  const bare = scaleSet({ identity: 'UserAssigned' })
  const extensions = [{ name: 'ama', properties: { ...agents.Linux, settings: naming } }]
  return { ...bare, properties: { ...bare.properties, virtualMachineProfile: { storageProfile: { osDisk: { osType: 'Linux' } }, extensionProfile: { extensions } } } }
})()
const aksNodes = { ...scaleSet(), managedBy: idOf('Microsoft.ContainerService/managedClusters', 'aks'), resourceGroup: 'nodes' }
const ruleRefused: Collected<never> = { ok: false, reason: 'permission-denied', detail: 'No right.', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.Insights/dataCollectionRules/read' }
const aksByName = { ...linuxMachine, resourceGroup: 'MC_rg_aks_westeurope' }
const databricks = { ...linuxMachine, resourceGroup: 'databricks-rg-dbw-1' }
const lost = { ...arcMachine, properties: { ...arcMachine.properties, status: 'Disconnected', lastStatusChange: '2026-06-01T00:00:00Z' } }
const napping = { ...arcMachine, properties: { ...arcMachine.properties, status: 'Disconnected', lastStatusChange: '2026-07-31T00:00:00Z' } }
const expired = { ...arcMachine, properties: { osType: 'windows', status: 'Expired' } }
const instance = { ...linuxMachine, properties: { ...linuxMachine.properties, virtualMachineScaleSet: { id: set.toUpperCase() } } }

const agentCases: JudgedCase[] = [
  { because: 'the Windows agent is provisioned', estate: withAgents(windowsMachine, ['Windows']), of: win, verdict: 'pass', severity: 'high' },
  { because: 'the Linux agent is provisioned', estate: withAgents(linuxMachine, ['Linux']), of: lin, verdict: 'pass' },
  { because: 'the agent of an Arc machine is provisioned', estate: withAgents(arcMachine, ['Windows']), of: arc, verdict: 'pass' },
  { because: 'other extensions collect nothing', estate: withAgents(windowsMachine, ['defender']), of: win, verdict: 'fail', says: 'no agent' },
  { because: 'there is no extension at all', estate: withAgents(linuxMachine, []), of: lin, verdict: 'fail' },
  { because: 'the agent’s installation failed', estate: withAgents(windowsMachine, ['Windows'], 'Failed'), of: win, verdict: 'fail', says: 'failed' },
  { because: 'the agent’s installation was canceled', estate: withAgents(windowsMachine, ['Windows'], 'Canceled'), of: win, verdict: 'fail', says: 'canceled' },
  { because: 'the retired agent does not count, and is named', estate: withAgents(windowsMachine, ['oldWindows']), of: win, verdict: 'fail', says: /MicrosoftMonitoringAgent.*retired/ },
  { because: 'the new agent counts beside the retired one', estate: withAgents(linuxMachine, ['Linux', 'oldLinux']), of: lin, verdict: 'pass' },
  { because: 'an update is under way', estate: withAgents(windowsMachine, ['Windows'], 'Updating'), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'Azure does not tell the state', estate: withAgents(windowsMachine, ['Windows'], null), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'publisher and type are written in any casing', estate: { resources: [windowsMachine, { ...extensionOf(windowsMachine, 'Windows'), properties: { publisher: 'MICROSOFT.AZURE.MONITOR', type: 'azuremonitorwindowsagent', provisioningState: 'succeeded' } }] }, of: win, verdict: 'pass' },
  { because: 'an extension of that name by another publisher is another extension', estate: { resources: [windowsMachine, { ...extensionOf(windowsMachine, 'Windows'), properties: { publisher: 'Contoso', type: 'AzureMonitorWindowsAgent', provisioningState: 'Succeeded' } }] }, of: win, verdict: 'fail' },
  { because: 'the agent of a neighbour is not its own', estate: { resources: [windowsMachine, linuxMachine, extensionOf(linuxMachine, 'Linux')] }, of: win, verdict: 'fail' },
  { because: 'the scale set’s model carries the agent', estate: ofSet({ agents: ['Linux'] }), of: set, verdict: 'pass', says: 'model' },
  { because: 'the scale set’s model lacks the agent', estate: ofSet({}), of: set, verdict: 'fail' },
  { because: 'the scale set’s model tells that it failed', estate: ofSet({ agents: ['Linux'], provisioningState: 'Failed' }), of: set, verdict: 'fail' },
  { because: 'instances of a flexible set have extensions of their own', estate: ofSet({ mode: 'Flexible' }), of: set, verdict: 'not-applicable' },
  { because: 'a flexible set that brings the agent is judged for its instances', estate: ofSet({ mode: 'Flexible', agents: ['Linux'] }), of: set, verdict: 'pass' },
  { because: 'a set without a machine profile brings nothing by itself', estate: ofSet({ profile: false }), of: set, verdict: 'not-applicable' },
  { because: 'an instance is covered by the set that brings the agent', estate: { resources: [instance, scaleSet({ mode: 'Flexible', agents: ['Linux'] })] }, of: lin, verdict: 'not-applicable', says: 'vmss-web' },
  { because: 'an instance of a flexible set that brings none is judged by its own extensions', estate: { resources: [instance, scaleSet({ mode: 'Flexible' }), extensionOf(instance, 'Linux')] }, of: lin, verdict: 'pass' },
  { because: 'an instance whose set is out of sight is judged by its own extensions', estate: { resources: [instance] }, of: lin, verdict: 'fail' },
  { because: 'the nodes of a cluster belong to AKS', estate: { resources: [aksNodes] }, of: set, verdict: 'not-applicable', says: 'aks' },
  { because: 'an AKS node group is known by its name', estate: { resources: [aksByName] }, of: lin, verdict: 'not-applicable' },
  { because: 'Databricks runs its own workers', estate: { resources: [databricks] }, of: lin, verdict: 'not-applicable' },
  { because: 'a group that merely begins like one of AKS is the customer’s', estate: { resources: [{ ...linuxMachine, resourceGroup: 'mc_web' }] }, of: lin, verdict: 'fail' },
  { because: 'a group that is named like one of AKS and was read belongs to nobody', estate: { resources: [{ ...aksByName, managedBy: '' }] }, of: lin, verdict: 'fail' },
  { because: 'a group that is named like one of Databricks and was read belongs to nobody', estate: { resources: [{ ...databricks, managedBy: '' }] }, of: lin, verdict: 'fail' },
  { because: 'the agent has no identity to sign in with', estate: withAgents(withIdentity('None'), ['Windows']), of: win, verdict: 'fail', says: 'no managed identity' },
  { because: 'user-assigned identities alone must be named to the agent', estate: withAgents(withIdentity('UserAssigned'), ['Windows']), of: win, verdict: 'unknown', reasonCode: 'unsupported', says: 'not told which' },
  { because: 'the agent is told which user-assigned identity is its own', estate: { resources: [withIdentity('UserAssigned'), namingIdentity], associations: { [win]: [] } }, of: win, verdict: 'pass' },
  { because: 'the agent is told of an identity that the machine does not have', estate: { resources: [windowsMachine, namingIdentity], associations: { [win]: [] } }, of: win, verdict: 'unknown', reasonCode: 'unsupported', says: 'of which the machine has none' },
  { because: 'the system-assigned identity serves beside others, in any casing', estate: withAgents(withIdentity('systemassigned,userassigned'), ['Windows']), of: win, verdict: 'pass' },
  { because: 'a release before this one did not ask for identities', estate: withAgents({ ...windowsMachine, properties: { storageProfile: { osDisk: { osType: 'Windows' } } } }, ['Windows']), of: win, verdict: 'unknown', reasonCode: 'api-error', says: 'not read' },
  { because: 'an Arc machine has an identity by itself', estate: withAgents({ ...arcMachine, properties: { ...arcMachine.properties, identity: { type: 'None' } } }, ['Windows']), of: arc, verdict: 'pass' },
  { because: 'a scale set without an identity has no use of the agent in its model', estate: ofSet({ agents: ['Linux'], identity: 'None' }), of: set, verdict: 'fail', says: 'no managed identity' },
  { because: 'a scale set’s model names the identity', estate: { resources: [setNamingIdentity], associations: { [set]: [] } }, of: set, verdict: 'pass' },
  { because: 'a machine without agent and identity lacks the agent first', estate: withAgents(withIdentity('None'), []), of: win, verdict: 'fail', says: 'no agent' },
  { because: 'an Arc machine lost its connection two months ago', estate: withAgents(lost, ['Windows']), of: arc, verdict: 'unknown', reasonCode: 'not-onboarded', says: '2026-06-01' },
  { because: 'an Arc machine has been away for a day', estate: withAgents(napping, ['Windows']), of: arc, verdict: 'pass' },
  { because: 'an Arc machine’s registration has expired', estate: withAgents(expired, []), of: arc, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the subscription is out of sight, and its extensions are of an earlier scan', estate: { ...withAgents(windowsMachine, ['Windows']), outOfSight: true, associations: { [win]: refused } }, of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'a disk is no machine', estate: { resources: [resourceOf('Microsoft.Compute/disks', 'd')] }, of: idOf('Microsoft.Compute/disks', 'd'), verdict: 'none' },
]

const all = 'Security!*'
const audited = 'Security!*[System[(band(Keywords,13510798882111488))]]'
const common = 'Security!*[System[(EventID=1102 or EventID=4624 or EventID=4625 or EventID=4672 or EventID=4688 or EventID=4719 or EventID=4720)]]'
const without4719 = common.replace(' or EventID=4719', '')
const authAll = ['auth', 'authpriv']

function windows(rule: RuleLiteral, estate?: EstateLiteral): EstateLiteral {
  return served({ machine: windowsMachine, rules: [rule] }, estate)
}
function linux(rule: RuleLiteral): EstateLiteral {
  return served({ machine: linuxMachine, rules: [rule] })
}

const eventCases: JudgedCase[] = [
  { because: 'the whole Security channel reaches a workspace', estate: windows({ windows: [all] }), of: win, verdict: 'pass', severity: 'high', says: 'central' },
  { because: 'the audited events are all that matter', estate: windows({ windows: [audited] }), of: win, verdict: 'pass' },
  { because: 'a list with every vital event will do', estate: windows({ windows: [common] }), of: win, verdict: 'pass' },
  { because: 'a range of ids holds the vital ones', estate: windows({ windows: ['Security!*[System[(EventID >= 4600 and EventID <= 4800) or EventID=1102]]'] }), of: win, verdict: 'pass' },
  { because: 'two queries add up', estate: windows({ windows: [without4719, 'Security!*[System[(EventID=4719)]]'] }), of: win, verdict: 'pass' },
  { because: 'two rules add up', estate: served({ machine: windowsMachine, rules: [{ name: 'a', windows: [without4719] }, { name: 'b', windows: ['Security!*[System[EventID=4719]]'] }] }), of: win, verdict: 'pass' },
  { because: 'the stream Microsoft-Event carries them as well', estate: windows({ windows: [all], stream: 'Microsoft-Event' }), of: win, verdict: 'pass' },
  { because: 'the channel and the stream are written in any casing', estate: windows({ windows: ['security!*'], stream: 'microsoft-windowsevent' }), of: win, verdict: 'pass' },
  { because: 'an Arc machine is served alike', estate: served({ machine: arcMachine, rules: [{ windows: [all] }] }), of: arc, verdict: 'pass' },
  { because: 'a transformation keeps one event alone', estate: windows({ windows: [all], transformKql: 'source | where EventID == 4624' }), of: win, verdict: 'fail', severity: 'medium', says: 'leave out 1102, 4625' },
  { because: 'a transformation drops what is noise, and is shown', estate: windows({ windows: [all], transformKql: 'source | where EventID !in (4663, 4658) | project-away EventData' }), of: win, verdict: 'pass', says: 'transformation' },
  { because: 'a transformation drops everything', estate: windows({ windows: [all], transformKql: 'source | where EventLog == "Application"' }), of: win, verdict: 'fail', severity: 'high' },
  { because: 'what a transformation filters by is not told', estate: windows({ windows: [all], transformKql: "source | where Account !endswith '$'" }), of: win, verdict: 'unknown', reasonCode: 'unsupported', says: 'a transformation filter' },
  { because: 'a transformation that counts keeps no event', estate: windows({ windows: [all], transformKql: 'source | summarize count() by EventID' }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a column that the transformation makes anew is not the event’s', estate: windows({ windows: [all], transformKql: "source | extend EventID = 1 | where EventID == 4624" }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'which events fill a column is not told', estate: windows({ windows: [all], transformKql: 'source | where isnotempty(CommandLine)' }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'every event has an id', estate: windows({ windows: [all], transformKql: 'source | where isnotempty(EventID)' }), of: win, verdict: 'pass', says: 'transformation' },
  { because: 'which rows are old enough is not told', estate: windows({ windows: [all], transformKql: 'source | where TimeGenerated < ago(1d)' }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'an equality minds the casing', estate: windows({ windows: [all], transformKql: "source | where Channel == 'security'" }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the channel is written as in the table', estate: windows({ windows: [all], transformKql: "source | where Channel == 'Security' or tolower(EventLog) in ('security')" }), of: win, verdict: 'pass' },
  { because: 'another equality does not mind the casing', estate: windows({ windows: [all], transformKql: "source | where Channel =~ 'security'" }), of: win, verdict: 'pass' },
  { because: 'a column that is parsed is not the event’s', estate: windows({ windows: [all], transformKql: 'source | parse Msg with * "Id=" EventID " " * | where EventID == 1' }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'words that are no operators compare nothing', estate: windows({ windows: [all], transformKql: 'source | where constructor(EventID) == 4688 or EventID constructor 4624' }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a step that is not understood may make any column anew', estate: windows({ windows: [all], transformKql: 'source | mv-expand EventID = Ids | where EventID == 1' }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'numbers are compared as numbers', estate: windows({ windows: [all], transformKql: 'source | where EventID == 1102.0 or EventID in (dynamic([4624, 4625])) or EventID in (4672, 4688.00, 4719)' }), of: win, verdict: 'pass' },
  { because: 'a transformation drops process creation', estate: windows({ windows: [all], transformKql: 'source | where EventID != 4688' }), of: win, verdict: 'fail', says: 'leave out 4688' },
  { because: 'ids may stand in quotes', estate: windows({ windows: ["Security!*[System[(EventID='1102' or EventID='4624' or EventID=\"4625\" or EventID=4672 or EventID=4688 or EventID=4719)]]"] }), of: win, verdict: 'pass' },
  { because: 'the path may be written in one', estate: windows({ windows: ['Security!*[System/EventID=1102 or System/EventID=4624 or System/EventID=4625 or System/EventID=4672 or System/EventID=4688 or System/EventID=4719]'] }), of: win, verdict: 'pass' },
  { because: 'an event itself has no id, which is in its System', estate: windows({ windows: ['Security!*[EventID=1102 or EventID=4624 or EventID=4625 or EventID=4672 or EventID=4688 or EventID=4719]'] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'an event itself has no keywords', estate: windows({ windows: ['Security!*[band(Keywords,13510798882111488)]'] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'keywords in the path that is written in one', estate: windows({ windows: ['Security!*[band(System/Keywords,13510798882111488)]'] }), of: win, verdict: 'pass' },
  { because: 'a word is no comparison', estate: windows({ windows: ['Security!*[System[EventID constructor 0]]'] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'names in a query mind their casing', estate: windows({ windows: ['Security!*[system[EventID>0]]'] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the keywords of audits, each in a query of its own', estate: windows({ windows: ['Security!*[System[(band(Keywords,9007199254740992))]]', 'security!*[System[band(Keywords, 4503599627370496)]]'] }), of: win, verdict: 'pass' },
  { because: 'audit success alone leaves failed sign-ins out', estate: windows({ windows: ['Security!*[System[(band(Keywords,9007199254740992))]]'] }), of: win, verdict: 'fail', severity: 'medium', says: '4625' },
  { because: 'a transformation that is source alone changes nothing', estate: windows({ windows: [all], transformKql: ' source ' }), of: win, verdict: 'pass', says: /central\.$/ },
  { because: 'the list leaves out changes of the audit policy', estate: windows({ windows: [without4719] }), of: win, verdict: 'fail', severity: 'medium', says: '4719' },
  { because: 'failed sign-ins are left out where audit success alone is asked for', estate: windows({ windows: ['Security!*[System[(band(Keywords,9007199254740992))]]'] }), of: win, verdict: 'fail', severity: 'medium', says: 'leave out 4625' },
  { because: 'none of the vital events is among the ids', estate: windows({ windows: ['Security!*[System[(EventID=4720 or EventID=4740)]]'] }), of: win, verdict: 'fail', severity: 'high', says: 'none of' },
  { because: 'errors and warnings are levels that security events do not have', estate: windows({ windows: ['Security!*[System[(Level=1 or Level=2 or Level=3)]]'] }), of: win, verdict: 'fail' },
  { because: 'a condition on the event’s data cannot be weighed', estate: windows({ windows: ["Security!*[EventData[Data[@Name='LogonType']='3']]"] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a provider narrows the query by more than ids', estate: windows({ windows: ["Security!*[System[Provider[@Name='Microsoft-Windows-Security-Auditing']]]"] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'application and system logs are no security events', estate: windows({ windows: ['Application!*', 'System!*'] }), of: win, verdict: 'fail', says: 'does not collect the Security channel' },
  { because: 'the rule carries counters alone', estate: windows({}), of: win, verdict: 'fail', says: 'does not collect' },
  { because: 'the source has no flow', estate: windows({ windows: [all], flowOf: null }), of: win, verdict: 'fail', says: 'no flow' },
  { because: 'the flow carries another stream', estate: windows({ windows: [all], flowOf: 'Microsoft-Perf' }), of: win, verdict: 'fail', says: 'no flow' },
  { because: 'the flow names its destination in another casing', estate: windows({ windows: [all], destination: 'LA' }), of: win, verdict: 'pass' },
  { because: 'the flow leads to metrics and to no workspace', estate: windows({ windows: [all], destination: 'azureMonitorMetrics-default' }), of: win, verdict: 'fail', says: 'no flow' },
  { because: 'the workspace is deleted', estate: windows({ windows: [all], workspace: workspaceId('old') }), of: win, verdict: 'fail', says: 'old, which no longer exists' },
  { because: 'the workspace is not provisioned', estate: windows({ windows: [all] }, { workspaces: [workspaceOf('central', { provisioningState: 'Failed' })] }), of: win, verdict: 'fail', says: 'not provisioned' },
  { because: 'the workspace lies where nobody can look', estate: windows({ windows: [all], workspace: workspaceId('soc', unseen) }), of: win, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.OperationalInsights/workspaces/read' },
  { because: 'the user vouches for a workspace out of sight', estate: windows({ windows: [all], workspace: workspaceId('soc', unseen) }, { policy: { approvedDestinations: [workspaceId('soc', unseen)] } }), of: win, verdict: 'pass' },
  { because: 'no rule is associated', estate: served({ machine: windowsMachine }), of: win, verdict: 'fail', says: 'no data collection rule is associated' },
  { because: 'an association of an endpoint carries no rule', estate: served({ machine: windowsMachine, endpoint: true }), of: win, verdict: 'fail', says: 'endpoint' },
  { because: 'the rule is deleted', estate: served({ machine: windowsMachine, otherRules: { 'dcr-old': gone } }), of: win, verdict: 'fail', says: 'no longer exists' },
  { because: 'the rule is out of sight', estate: served({ machine: windowsMachine, otherRules: { 'dcr-soc': ruleRefused } }), of: win, verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/dataCollectionRules/read' },
  { because: 'the rule was never read', estate: served({ machine: windowsMachine, otherRules: { 'dcr-new': undefined } }), of: win, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'a second rule out of sight takes nothing from the first', estate: served({ machine: windowsMachine, rules: [{ windows: [all] }], otherRules: { 'dcr-soc': refused } }), of: win, verdict: 'pass' },
  { because: 'a rule out of sight may bring what the first leaves out', estate: served({ machine: windowsMachine, rules: [{ windows: [without4719] }], otherRules: { 'dcr-soc': refused } }), of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the associations were refused', estate: served({ machine: windowsMachine }, { associations: { [win]: refused } }), of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'Resource Graph throttled to the end', estate: served({ machine: windowsMachine }, { associations: { [win]: throttled } }), of: win, verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'the associations were never read', estate: served({ machine: windowsMachine }, { associations: {} }), of: win, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'a missing agent fails the agent’s check and no other', estate: served({ machine: windowsMachine, agent: null, rules: [{ windows: [all] }] }), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: 'no agent' },
  { because: 'an agent without an identity sends nothing', estate: served({ machine: withIdentity('None'), rules: [{ windows: [all] }] }), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: 'no managed identity' },
  { because: 'which identity the agent signs in with is not clear', estate: served({ machine: withIdentity('UserAssigned'), rules: [{ windows: [all] }] }), of: win, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'the retired agent reads no data collection rules', estate: served({ machine: windowsMachine, agent: 'oldWindows', rules: [{ windows: [all] }] }), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'an agent that failed collects nothing', estate: { ...windows({ windows: [all] }), resources: [windowsMachine, extensionOf(windowsMachine, 'Windows', 'Failed')] }, of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'a syslog rule brings nothing from Windows', estate: windows({ facilities: authAll }), of: win, verdict: 'fail', says: 'does not collect the Security channel' },
  { because: 'auth and authpriv are collected at info', estate: linux({ facilities: authAll }), of: lin, verdict: 'pass', says: 'auth and authpriv' },
  { because: 'every facility at every level holds them', estate: linux({ facilities: ['*'], levels: ['*'] }), of: lin, verdict: 'pass' },
  { because: 'a transformation drops a facility that nobody asked for', estate: linux({ facilities: ['*'], levels: ['*'], transformKql: "source | where Facility != 'cron'" }), of: lin, verdict: 'pass', says: 'transformation' },
  { because: 'a transformation keeps authpriv alone', estate: linux({ facilities: authAll, transformKql: "source | where Facility =~ 'authpriv'" }), of: lin, verdict: 'fail', severity: 'medium', says: 'Syslog of auth is not' },
  { because: 'a transformation drops what is logged at info', estate: linux({ facilities: authAll, transformKql: "source | where SeverityLevel in ('warning', 'err', 'crit')" }), of: lin, verdict: 'fail', severity: 'high' },
  { because: 'a facility is written in lower case, and an equality minds it', estate: linux({ facilities: authAll, transformKql: "source | where Facility in ('AUTH', 'AUTHPRIV')" }), of: lin, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'what a transformation asks of the text is not told', estate: linux({ facilities: authAll, transformKql: "source | where SyslogMessage has 'sshd'" }), of: lin, verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'debug is below info', estate: linux({ facilities: authAll, levels: ['Debug'] }), of: lin, verdict: 'pass' },
  { because: 'sign-ins are logged at info and the rule begins at warning', estate: linux({ facilities: authAll, levels: ['Warning', 'Error'] }), of: lin, verdict: 'fail', severity: 'high', says: 'logged at info' },
  { because: 'authpriv is missing', estate: linux({ facilities: ['auth', 'cron'] }), of: lin, verdict: 'fail', severity: 'medium', says: 'authpriv' },
  { because: 'local facilities are an application’s', estate: linux({ facilities: ['local0', 'local1'] }), of: lin, verdict: 'fail' },
  { because: 'the syslog source has no flow', estate: linux({ facilities: authAll, flowOf: null }), of: lin, verdict: 'fail', says: 'no flow' },
  { because: 'a Windows rule brings nothing from Linux', estate: linux({ windows: [all] }), of: lin, verdict: 'fail', says: 'does not collect syslog' },
  { because: 'a scale set’s association serves its instances', estate: { ...served({ machine: scaleSet({ agents: ['Linux'] }), agent: null, rules: [{ facilities: authAll }] }) }, of: set, verdict: 'pass' },
  { because: 'the agent tells the system where the machine does not', estate: served({ machine: { ...linuxMachine, properties: { identity: { type: 'SystemAssigned' } } }, agent: 'Linux', rules: [{ facilities: authAll }] }), of: lin, verdict: 'pass' },
  { because: 'the nodes of a cluster belong to AKS', estate: { resources: [aksNodes] }, of: set, verdict: 'not-applicable' },
  { because: 'nothing certain is known of an Arc machine long away', estate: served({ machine: lost, rules: [{ windows: [all] }] }), of: arc, verdict: 'unknown', reasonCode: 'not-onboarded' },
]

const legacyCases: JudgedCase[] = [
  { because: 'no retired agent is there', estate: withAgents(windowsMachine, ['Windows']), of: win, verdict: 'pass', severity: 'low' },
  { because: 'a machine without any agent has no retired one either', estate: withAgents(windowsMachine, []), of: win, verdict: 'pass' },
  { because: 'the retired Windows agent is there', estate: withAgents(windowsMachine, ['Windows', 'oldWindows']), of: win, verdict: 'fail', says: 'MicrosoftMonitoringAgent' },
  { because: 'the retired Linux agent is there', estate: withAgents(linuxMachine, ['oldLinux']), of: lin, verdict: 'fail', says: 'OmsAgentForLinux' },
  { because: 'a retired agent that failed to install is still there', estate: withAgents(linuxMachine, ['oldLinux'], 'Failed'), of: lin, verdict: 'fail' },
  { because: 'the scale set’s model still carries it', estate: ofSet({ agents: ['Linux', 'oldLinux'] }), of: set, verdict: 'fail' },
  { because: 'the nodes of a cluster belong to AKS', estate: { resources: [aksNodes] }, of: set, verdict: 'not-applicable' },
  { because: 'nothing certain is known of an Arc machine long away', estate: withAgents(lost, ['oldWindows']), of: arc, verdict: 'unknown', reasonCode: 'not-onboarded' },
  { because: 'the subscription is out of sight', estate: { ...withAgents(windowsMachine, []), outOfSight: true, associations: { [win]: refused } }, of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
]

describe('machine-log-agent', () => judgedCases('machine-log-agent', agentCases))
describe('machine-security-events', () => judgedCases('machine-security-events', eventCases))
describe('legacy-log-agent', () => judgedCases('legacy-log-agent', legacyCases))

const arriving = (arrivals: NonNullable<EstateLiteral['arrivals']>[string], more: EstateLiteral = {}, machine = windowsMachine): EstateLiteral => ({
  ...served({ machine, rules: [{ windows: ['Security!*'] }] }), policy: { enabledChecks: ['machine-events-arrive'] }, arrivals: { [workspaceId('central')]: arrivals }, ...more,
})
const heard = (heartbeat: boolean, events: boolean, machine = win.toLowerCase()): MachineArrival[] => [{ machine: idOf('Microsoft.Compute/virtualMachines', 'other').toLowerCase(), heartbeat: true, events: true }, { machine, heartbeat, events }]
const uniform = scaleSet({ os: 'Windows', agents: ['Windows'] })

describe('machine-events-arrive', () =>
  judgedCases('machine-events-arrive', [
    { because: 'it was heard of and its events are there', estate: arriving(heard(true, true)), of: win, verdict: 'pass', severity: 'medium', says: 'arrived in central' },
    { because: 'ids come in any casing', estate: arriving(heard(true, true, win.toUpperCase())), of: win, verdict: 'pass' },
    { because: 'an instance speaks for its uniform scale set', estate: { ...arriving(heard(true, true, `${set}/virtualMachines/3`), served({ machine: uniform, agent: null, rules: [{ windows: ['Security!*'] }] })), policy: { enabledChecks: ['machine-events-arrive'] }, arrivals: { [workspaceId('central')]: heard(true, true, `${set}/virtualMachines/3`) } }, of: set, verdict: 'pass' },
    { because: 'it was heard of, and no event came', estate: arriving(heard(true, false)), of: win, verdict: 'fail', says: 'no security event of the machine arrived in central' },
    { because: 'events go to a table of the rule’s own, which is not asked', estate: arriving(heard(true, false), served({ machine: windowsMachine, rules: [{ windows: ['Security!*'], outputStream: 'Custom-SecEvents_CL' }] })), of: win, verdict: 'unknown', reasonCode: 'unsupported', says: 'in SecEvents_CL' },
    { because: 'they arrived in the usual table beside it', estate: arriving(heard(true, true), served({ machine: windowsMachine, rules: [{ windows: ['Security!*'], outputStream: 'Custom-SecEvents_CL' }] })), of: win, verdict: 'pass' },
    { because: 'the output stream is the usual table itself', estate: arriving(heard(true, false), served({ machine: windowsMachine, rules: [{ windows: ['Security!*'], outputStream: 'Microsoft-SecurityEvent' }] })), of: win, verdict: 'fail' },
    { because: 'it is off, or its agent stopped', estate: arriving(heard(false, true)), of: win, verdict: 'unknown', reasonCode: 'not-onboarded', says: 'it is off, or its agent has stopped' },
    { because: 'nobody ever heard of it', estate: arriving([]), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
    { because: 'the table was refused', estate: arriving(refused), of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'the query took too long', estate: arriving(throttled), of: win, verdict: 'unknown', reasonCode: 'throttled' },
    { because: 'the workspace was not asked', estate: arriving([], { arrivals: {} }), of: win, verdict: 'unknown', reasonCode: 'api-error' },
    { because: 'no rule sends its events', estate: arriving([], served({ machine: windowsMachine })), of: win, verdict: 'not-applicable' },
    { because: 'its rule was refused', estate: arriving([], served({ machine: windowsMachine, otherRules: { dcr: ruleRefused } })), of: win, verdict: 'unknown', reasonCode: 'permission-denied' },
    { because: 'it has no agent', estate: arriving([], served({ machine: windowsMachine, agent: null })), of: win, verdict: 'unknown', reasonCode: 'not-onboarded' },
    { because: 'AKS owns it', estate: arriving(heard(true, true), { resources: [aksNodes] }), of: aksNodes.id, verdict: 'not-applicable' },
    { because: 'the policy does not ask', estate: arriving(heard(true, true), { policy: {} }), of: win, verdict: 'none' },
  ]))
