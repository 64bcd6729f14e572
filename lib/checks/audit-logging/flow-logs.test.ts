import { describe } from 'vitest'
import type { LifecycleRule } from '@/lib/domain/estate'
import type { FlowLog, VirtualNetwork } from '@/lib/domain/network'
import type { EstateLiteral } from '../testing/estate-builder'
import { idOf, refused, resourceOf, storageId, subscriptionId, throttled, unseen } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'
import { network, networkOf, subnetOf } from '../testing/network-estate'

const vnet = network.id
const archive = storageId('arch')
const nsgA = idOf('Microsoft.Network/networkSecurityGroups', 'nsg-a')
const nsgB = idOf('Microsoft.Network/networkSecurityGroups', 'nsg-b')
const flowLog = resourceOf('Microsoft.Network/networkWatchers/flowLogs', 'NetworkWatcher_westeurope/fl')

function logOf(over: Partial<FlowLog> = {}): FlowLog {
  return { id: flowLog.id, targetId: vnet, storageId: archive, enabled: true, retentionDays: 0, trafficAnalytics: null, ...over }
}

function logged(logs: FlowLog[], own: Partial<VirtualNetwork> = {}, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: [network], networks: { [vnet]: networkOf(own) }, flowLogs: { [vnet]: logs }, exists: [archive], ...more }, of: vnet }
}

const twoGroups = { subnets: [subnetOf('a', nsgA), subnetOf('b', nsgB), subnetOf('GatewaySubnet')] }
const ofGroup = (nsg: string, over: Partial<FlowLog> = {}): FlowLog => logOf({ id: `${flowLog.id}-${nsg.slice(-1)}`, targetId: nsg, ...over })

const networkCases: JudgedCase[] = [
  { because: 'a flow log of the network is on', ...logged([logOf()]), verdict: 'pass', severity: 'medium' },
  { because: 'the target is spelt in another casing', ...logged([logOf({ targetId: vnet.toUpperCase() })]), verdict: 'pass' },
  { because: 'one that works is enough beside one that is off', ...logged([logOf({ id: `${flowLog.id}-old`, enabled: false }), logOf()]), verdict: 'pass' },
  { because: 'the user vouches for an account out of sight', ...logged([logOf({ storageId: storageId('soc', unseen) })], {}, { policy: { approvedDestinations: [storageId('soc', unseen)] } }), verdict: 'pass' },
  { because: 'each subnet has one', ...logged([logOf({ id: 'x-a', targetId: `${vnet}/subnets/a` }), logOf({ id: 'x-b', targetId: `${vnet}/subnets/B` })], twoGroups), verdict: 'pass', says: 'Each subnet' },
  { because: 'each subnet’s security group has one, which Azure retires', ...logged([ofGroup(nsgA), ofGroup(nsgB)], twoGroups), verdict: 'pass', says: '2027-09-30' },
  { because: 'a subnet’s and a group’s complete each other', ...logged([logOf({ id: 'x-a', targetId: `${vnet}/subnets/a` }), ofGroup(nsgB)], twoGroups), verdict: 'pass' },
  { because: 'one subnet is left out', ...logged([ofGroup(nsgA)], twoGroups), verdict: 'fail', says: 'sees the traffic of b' },
  { because: 'a subnet without a group cannot have a group’s flow log', ...logged([ofGroup(nsgA)], { subnets: [subnetOf('a', nsgA), subnetOf('bare')] }), verdict: 'fail', says: 'bare' },
  { because: 'there is none', ...logged([]), verdict: 'fail', says: 'No flow log sees' },
  { because: 'it is off', ...logged([logOf({ enabled: false })]), verdict: 'fail', says: 'is switched off' },
  { because: 'a filter leaves out the rest', ...logged([logOf({ filter: 'Action=Deny' })]), verdict: 'fail', says: 'Action=Deny' },
  { because: 'ends alone leave out what was denied', ...logged([logOf({ recordTypes: 'E' })]), verdict: 'fail', says: 'leaves out the begin and denial of flows (its record types are E)' },
  { because: 'denials alone leave out what was let through', ...logged([logOf({ recordTypes: 'd' })]), verdict: 'fail', says: 'the begin and end of flows' },
  { because: 'every flow has its begin and end without what it repeats meanwhile', ...logged([logOf({ recordTypes: 'B, E,D' })]), verdict: 'pass' },
  { because: 'all record types are all traffic', ...logged([logOf({ recordTypes: 'B,C,E,D' })]), verdict: 'pass' },
  { because: 'one without a filter is enough beside one with', ...logged([logOf({ id: `${flowLog.id}-f`, filter: 'Action=Deny' }), logOf()]), verdict: 'pass' },
  { because: 'its account is gone', ...logged([logOf({ storageId: storageId('old') })]), verdict: 'fail', says: 'no longer exists' },
  { because: 'its account’s firewall keeps it out', ...logged([logOf()], {}, { closed: [archive] }), verdict: 'fail', says: 'firewall keeps out' },
  { because: 'its account is shut to public networks and lets everybody in', ...logged([logOf()], {}, { shut: [archive] }), verdict: 'unknown', reasonCode: 'unsupported', says: 'arch is closed to public networks' },
  { because: 'it names no account', ...logged([logOf({ storageId: null })]), verdict: 'fail', says: 'names no storage account' },
  { because: 'its account is out of sight', ...logged([logOf({ storageId: storageId('soc', unseen) })]), verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Storage/storageAccounts/read' },
  { because: 'what is out of sight would not complete it', ...logged([ofGroup(nsgA, { storageId: storageId('soc', unseen) })], twoGroups), verdict: 'fail' },
  { because: 'gateways alone', ...logged([], { subnets: [subnetOf('GatewaySubnet')] }), verdict: 'not-applicable' },
  { because: 'every subnet is given to a service', ...logged([], { subnets: [subnetOf('pg>Microsoft.DBforPostgreSQL/flexibleServers')] }), verdict: 'not-applicable' },
  { because: 'there is no subnet', ...logged([], { subnets: [] }), verdict: 'not-applicable' },
  { because: 'a subnet given to a service needs no log of its own', ...logged([ofGroup(nsgA)], { subnets: [subnetOf('a', nsgA), subnetOf('web>Microsoft.Web/serverFarms')] }), verdict: 'pass' },
  { because: 'the flow logs were refused', ...logged([], {}, { flowLogs: { [vnet]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the flow logs were never read', ...logged([], {}, { flowLogs: {} }), verdict: 'unknown', reasonCode: 'api-error' },
]

const vnetIn = (location: string, name: string) => resourceOf('Microsoft.Network/virtualNetworks', name, { location })
const watcherIn = (location: string) => resourceOf('Microsoft.Network/networkWatchers', `NetworkWatcher_${location}`, { location })
const watcherCases: JudgedCase[] = [
  { because: 'each region has one', estate: { resources: [vnetIn('westeurope', 'a'), vnetIn('northeurope', 'b'), watcherIn('westeurope'), watcherIn('northeurope')] }, of: subscriptionId, verdict: 'pass', severity: 'low' },
  { because: 'regions are written in two ways', estate: { resources: [vnetIn('West Europe', 'a'), watcherIn('westeurope')] }, of: subscriptionId, verdict: 'pass' },
  { because: 'one region has none', estate: { resources: [vnetIn('westeurope', 'a'), vnetIn('northeurope', 'b'), watcherIn('westeurope')] }, of: subscriptionId, verdict: 'fail', says: 'in northeurope' },
  { because: 'a watcher without networks does no harm', estate: { resources: [watcherIn('westeurope')] }, of: subscriptionId, verdict: 'not-applicable' },
  { because: 'sight of the subscription is lost', estate: { resources: [vnetIn('westeurope', 'a')], outOfSight: true, settings: { [subscriptionId]: refused } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the subscription is deleted', estate: { subscription: { state: 'Deleted' }, resources: [vnetIn('westeurope', 'a')] }, of: subscriptionId, verdict: 'not-applicable' },
]

function rule(days: number, over: Partial<LifecycleRule> = {}): LifecycleRule {
  return { name: 'clean', enabled: true, blobTypes: ['blockBlob'], prefixMatch: [], deleteAfterModificationDays: days, deleteAfterCreationDays: null, deleteAfterLastAccessDays: null, ...over }
}
function kept(log: Partial<FlowLog>, rules: LifecycleRule[] = [], more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: [flowLog], flowLog: { [flowLog.id]: logOf(log) }, exists: [archive], lifecycle: { [archive]: rules }, ...more }, of: flowLog.id }
}

const retentionCases: JudgedCase[] = [
  { because: '0 days keep for ever', ...kept({}), verdict: 'pass', severity: 'medium', says: 'for ever' },
  { because: '90 days are enough', ...kept({ retentionDays: 90 }), verdict: 'pass', says: '90 days' },
  { because: '30 days are too few', ...kept({ retentionDays: 30 }), verdict: 'fail', says: 'after 30 days' },
  { because: 'the policy’s own figure overrules 90', ...kept({ retentionDays: 90 }, [], { policy: { retentionDays: { total: 365, interactive: 90, byKeyPoint: { 'log-retention': 365 } } } }), verdict: 'fail' },
  { because: 'a lifecycle rule deletes sooner', ...kept({}, [rule(7)]), verdict: 'fail', says: 'deletes flow logs after 7 days' },
  { because: 'a rule on its container deletes sooner', ...kept({}, [rule(7, { prefixMatch: ['insights-logs-flowlog'] })]), verdict: 'fail' },
  { because: 'the container of groups is another', ...kept({}, [rule(7, { prefixMatch: ['insights-logs-networksecuritygroupflowevent'] })]), verdict: 'pass' },
  { because: 'a group’s flow log lies in the container of groups', ...kept({ targetId: nsgA }, [rule(7, { prefixMatch: ['insights-logs-networksecuritygroupflowevent'] })]), verdict: 'fail' },
  { because: 'a rule for append blobs leaves flow logs alone', ...kept({}, [rule(7, { blobTypes: ['appendBlob'] })]), verdict: 'pass' },
  { because: 'a rule that deletes after a year is late enough', ...kept({}, [rule(365)]), verdict: 'pass' },
  { because: 'a rule that is off deletes nothing', ...kept({}, [rule(7, { enabled: false })]), verdict: 'pass' },
  { because: 'a rule inside the container may be for another flow log', ...kept({}, [rule(7, { prefixMatch: ['insights-logs-flowlogflowevent/flowLogResourceID=/X'] })]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'whichever it is for, a later rule takes the whole container', ...kept({}, [rule(10, { name: 'other', prefixMatch: ['insights-logs-flowlogflowevent/flowLogResourceID=/X'] }), rule(30)]), verdict: 'fail', says: "'clean' of arch deletes flow logs after 30 days" },
  { because: 'a later rule for the whole container is late enough', ...kept({}, [rule(10, { name: 'other', prefixMatch: ['insights-logs-flowlogflowevent/flowLogResourceID=/X'] }), rule(365)]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'a rule for tagged blobs takes no flow logs', ...kept({}, [rule(7, { tags: ['purge'] })]), verdict: 'pass' },
  { because: 'the flow log is off', ...kept({ enabled: false }), verdict: 'not-applicable' },
  { because: 'its account is gone', ...kept({ storageId: storageId('old') }), verdict: 'not-applicable' },
  { because: 'its account’s firewall keeps it out', ...kept({}, [], { closed: [archive] }), verdict: 'not-applicable', says: 'firewall' },
  { because: 'its account is shut to public networks and lets everybody in', ...kept({}, [], { shut: [archive] }), verdict: 'unknown', reasonCode: 'unsupported', says: 'arch is closed to public networks' },
  { because: 'its account is out of sight', ...kept({ storageId: storageId('soc', unseen) }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'too few days are too few, whatever is out of sight', ...kept({ retentionDays: 7, storageId: storageId('soc', unseen) }), verdict: 'fail' },
  { because: 'the lifecycle rules were throttled', ...kept({}, [], { lifecycle: { [archive]: throttled } }), verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'the flow log was never read', ...kept({}, [], { flowLog: {} }), verdict: 'unknown', reasonCode: 'api-error' },
]

describe('vnet-flow-logs', () => judgedCases('vnet-flow-logs', networkCases))
describe('vnet-flow-logs after the end of flow logs of security groups', () => judgedCases('vnet-flow-logs', [
  { because: 'they no longer count', ...logged([ofGroup(nsgA), ofGroup(nsgB)], twoGroups, { scannedAt: '2027-10-01T00:00:00.000Z' }), verdict: 'fail', says: 'whose flow logs Azure ended' },
]))
describe('network-watcher', () => judgedCases('network-watcher', watcherCases))
describe('flow-log-retention', () => judgedCases('flow-log-retention', retentionCases))
