import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { Check, CheckContext } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import type { FlowLog, Subnet, VirtualNetwork } from '@/lib/domain/network'
import { readActionOf, unclearJudgement } from '../destination'
import { flowLogEvidence, flowLogsRead, flowLogState, isOfSecurityGroup, keptInWords, securityGroupLogsEnd, storageOf, type FlowLogState } from '../flow-log'
import { remediateFlowLog } from '../remediation/flow-logs'
import { unreadJudgement } from '../unread'
import { askNetwork, isOrdinary, networkRead, subnetEvidence } from '../virtual-network'
import { listInWords } from '../wording'
import { flowLogMappings } from './mappings'

/** Flow logs and subnets in evidence. */
const shown = 20

export const vnetFlowLogs: Check = {
  id: 'vnet-flow-logs',
  version: 5,
  keyPoint: 'audit-logging',
  title: 'The traffic of the network is logged',
  question: 'Does a flow log that is on see all traffic of this virtual network and write to a storage account that exists?',
  why: 'Flow logs tell who spoke to whom: without them nobody can say where an intruder came from, what he reached and how much left.',
  severity: 'medium',
  rules: {
    pass: `A flow log of the network, or of each of its subnets, is on, and its storage account exists and lets services of Azure in. Until ${securityGroupLogsEnd} flow logs of the subnets’ network security groups count as well, which Azure is retiring.`,
    fail: 'There is none, it is off, its storage account is gone, a filter makes it record a part of the traffic alone, its record types leave out the begin, the end or the denial of flows (what a flow that goes on repeats every five minutes may be left out), or some subnet is left out.',
    notApplicable: 'The network has only gateway subnets or subnets given to a service, or a service manages the network.',
    unknown: 'The network or its flow logs could not be read, or the storage account lies in a subscription that cannot be read, or is shut to public networks though its rules let everybody in.',
  },
  sources: [
    { title: 'Virtual network flow logs', url: 'https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview' },
    { title: 'Flow logs: filtering criteria and record types', url: 'https://learn.microsoft.com/rest/api/network-watcher/flow-logs/create-or-update' },
    { title: 'Migrate from network security group flow logs to virtual network flow logs', url: 'https://learn.microsoft.com/azure/network-watcher/nsg-flow-logs-migrate' },
  ],
  mappings: flowLogMappings,
  permissions: [networkRead, flowLogsRead, readActionOf['storage-account']],
  asks: ['microsoft.network/virtualnetworks'],

  evaluate(subject, context) {
    const asked = askNetwork(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { resource, network } = asked
    if (!network.subnets.some(isOrdinary)) {
      return { verdict: 'not-applicable', reason: network.subnets.length === 0 ? 'The network has no subnet.' : 'The network has gateway subnets and subnets given to services alone.', evidence: { subnets: subnetEvidence(network) } }
    }
    const read = context.estate.fact(subject.id, 'flow-logs')
    if (!read?.ok) return unreadJudgement('The flow logs of the network', read, flowLogsRead)
    return judge(resource, network, read.value, context)
  },

  remediate: remediateFlowLog,
}

type Cover = { state: 'works' | 'perhaps' | 'broken' | 'none'; by: readonly FlowLog[] }

const rank: Record<Cover['state'], number> = { works: 3, perhaps: 2, broken: 1, none: 0 }

/** States of a flow that must be recorded: without its continuation each flow still shows, with whoever spoke and how much by its end. */
const recordedStates = { B: 'begin', E: 'end', D: 'denial' } as const

function statesLeftOut({ recordTypes }: FlowLog): string[] {
  if (recordTypes === undefined) return []
  const recorded = new Set(recordTypes.toUpperCase().split(',').map((letter) => letter.trim()))
  return Object.entries(recordedStates).flatMap(([letter, word]) => (recorded.has(letter) ? [] : word))
}

/** A flow log with a filter works, and leaves out whatever the filter does not name. */
function coverState(log: FlowLog, context: CheckContext): FlowLogState {
  const found = flowLogState(log, context)
  if (found.state === 'broken') return found
  if (log.filter !== undefined) return { state: 'broken', why: `records only what its filter names (${log.filter})` }
  const leftOut = statesLeftOut(log)
  return leftOut.length === 0 ? found : { state: 'broken', why: `leaves out the ${listInWords(leftOut)} of flows (its record types are ${log.recordTypes})` }
}

/** The best that flow logs on one of these targets do. */
function coverOf(targets: readonly (string | null)[], logs: readonly FlowLog[], context: CheckContext): Cover {
  const keys = new Set(targets.flatMap((target) => (target === null ? [] : toResourceKey(target))))
  let best: Cover = { state: 'none', by: [] }
  for (const log of logs) {
    if (!keys.has(toResourceKey(log.targetId))) continue
    const { state } = coverState(log, context)
    if (rank[state] > rank[best.state]) best = { state, by: [log] }
  }
  return best
}

function judge(resource: Resource, network: VirtualNetwork, logs: readonly FlowLog[], context: CheckContext): Judgement {
  const ordinary = network.subnets.filter(isOrdinary)
  const whole = coverOf([resource.id], logs, context)
  const covers = ordinary.map((subnet) => ({ subnet, cover: subnetCover(resource.id, subnet, logs, context) }))
  const bare = covers.filter(({ cover }) => cover.state !== 'works').map(({ subnet }) => subnet.name)
  const evidence = {
    flowLogs: logs.slice(0, shown).map((log) => ({ ...flowLogEvidence(log, context), retentionDays: keptInWords(log) })),
    ...(whole.state !== 'works' && bare.length > 0 && { subnetsWithout: bare.slice(0, shown) }),
  }
  if (whole.state === 'works') return { verdict: 'pass', reason: `The flow log ${namesOf(whole.by)} sees all traffic of the network.`, evidence }
  if (bare.length === 0) return byParts(covers.flatMap(({ cover }) => cover.by), evidence)

  const perhaps = whole.state === 'perhaps' ? whole.by : covers.every(({ cover }) => rank[cover.state] >= rank.perhaps) ? covers.filter(({ cover }) => cover.state === 'perhaps').flatMap(({ cover }) => cover.by) : []
  const [unseen] = perhaps
  if (unseen !== undefined) {
    const unclear = storageOf(unseen, context)?.unclear
    if (unclear) return unclearJudgement(`Whether the account of the flow log ${nameOf(unseen.id)} takes it is not told.`, unclear, evidence)
    return {
      verdict: 'unknown', reasonCode: 'permission-denied', permission: readActionOf['storage-account'],
      evidence: { ...evidence, ...(unseen.storageId !== null && { refusedOn: unseen.storageId }) },
      reason: `The flow log ${nameOf(unseen.id)} writes to ${unseen.storageId ?? 'a storage account'}, in a subscription that cannot be read.`,
    }
  }
  return { verdict: 'fail', reason: whyNot(whole, logs, bare, ordinary.length, context), evidence }
}

function subnetCover(networkId: string, subnet: Subnet, logs: readonly FlowLog[], context: CheckContext): Cover {
  return coverOf([`${networkId}/subnets/${subnet.name}`, subnet.networkSecurityGroupId], logs, context)
}

function namesOf(logs: readonly FlowLog[]): string {
  return listInWords([...new Set(logs.map(({ id }) => nameOf(id)))].sort())
}

function byParts(logs: readonly FlowLog[], evidence: Record<string, unknown>): Judgement {
  const retiring = logs.filter(isOfSecurityGroup)
  if (retiring.length === 0) return { verdict: 'pass', reason: `Each subnet has a flow log: ${namesOf(logs)}.`, evidence }
  return {
    verdict: 'pass',
    reason: `Flow logs of network security groups (${namesOf(retiring)}) see the traffic of each subnet; Azure retires them on ${securityGroupLogsEnd}, so replace them by one of the network.`,
    evidence: { ...evidence, retiring: retiring.slice(0, shown).map(({ id }) => id) },
  }
}

function whyNot(whole: Cover, logs: readonly FlowLog[], bare: readonly string[], subnets: number, context: CheckContext): string {
  if (logs.length === 0) return 'No flow log sees the traffic of the network.'
  if (bare.length < subnets) return `No flow log that works sees the traffic of ${listInWords(bare)}.`
  const broken = whole.by[0] ?? logs[0]
  const state = broken === undefined ? undefined : coverState(broken, context)
  if (broken !== undefined && state?.state === 'broken') return `The traffic of the network is not logged: the flow log ${nameOf(broken.id)} ${state.why}.`
  return `No flow log that works sees the traffic of ${listInWords(bare)}.`
}
