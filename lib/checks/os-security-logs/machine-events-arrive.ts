import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { Check, CheckContext } from '@/lib/domain/check'
import type { MachineArrival } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { deliveryTo, type DeliveredSource } from '../collected-events'
import { memoByScan } from '../context-memo'
import type { Destination } from '../destination'
import { agentState, askMachine, kindEvidence, machinePermissions, machineTypes, withoutAgent, type Machine } from '../machine'
import { remediateCollection } from '../remediation/security-events'
import { unreadJudgement } from '../unread'
import { listInWords } from '../wording'
import { agentSource, osLogMappings, ruleSource } from './mappings'

const queryRead = (table: string): string => `Microsoft.OperationalInsights/workspaces/query/${table}/read`
const eventTables = ['SecurityEvent', 'Event', 'WindowsEvent', 'Syslog']
const queried = ['Heartbeat', ...eventTables]

export const machineEventsArrive: Check = {
  id: 'machine-events-arrive',
  version: 3,
  keyPoint: 'os-security-logs',
  title: 'Events of the machine really arrive',
  question: 'Did security events of this machine arrive in a workspace in the last seven days, while its agent was heard of?',
  why: 'An agent that is installed and a rule that is right show what should arrive. A blocked port, a full disk or a stopped service shows in the workspace alone.',
  severity: 'medium',
  optional: true,
  rules: {
    pass: 'A workspace that the machine’s rules send to has a heartbeat of the last day and rows of SecurityEvent, Event, WindowsEvent or Syslog of the last seven days.',
    fail: 'The heartbeat is there, and no such row is.',
    notApplicable: 'No data collection rule sends security events of the machine, which machine-security-events reports; or a service owns the machine, or it is an instance of a scale set that is judged for all.',
    unknown: 'No heartbeat of the last day is there: the machine is off, or its agent has stopped, which Azure does not tell. Or no row is there, and a rule writes to a table of its own, which is not asked. Or the machine has no working agent, or the rules or the tables could not be read.',
  },
  sources: [agentSource, ruleSource, { title: 'Heartbeat table', url: 'https://learn.microsoft.com/azure/azure-monitor/reference/tables/heartbeat' }],
  mappings: osLogMappings,
  permissions: [...machinePermissions, 'Microsoft.Insights/dataCollectionRuleAssociations/read', 'Microsoft.Insights/dataCollectionRules/read', ...queried.map(queryRead)],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askMachine(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    return judge(asked.machine, context)
  },

  remediate: (subject, context) => ({
    ...remediateCollection(subject, context),
    summary: 'Look where the events stop: at the agent’s own log on the machine, its way to the endpoints of Azure Monitor, and errors of the rule (table DCRLogErrors). Where the rule itself lacks the source, make one that has it.',
  }),
}

function judge(machine: Machine, context: CheckContext): Judgement {
  const agent = agentState(machine)
  if (agent !== 'works') return withoutAgent(machine, agent)
  if (machine.os === null) return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'Neither the machine nor its agent tells which operating system it runs.' }
  const delivery = deliveryTo(machine, machine.os, 'security', context)
  if ('verdict' in delivery) return delivery
  const workspaces = [...new Map(delivery.delivered.map(({ workspace }) => [workspace.key, workspace])).values()]
  if (workspaces.length === 0) {
    const [unread] = delivery.unread
    return unread ?? { verdict: 'not-applicable', reason: 'No data collection rule sends security events of this machine, which machine-security-events reports.', evidence: delivery.evidence }
  }
  return judgeArrival(machine, workspaces, otherTables(delivery.delivered), context)
}

/** Tables that the rules fill and that the query does not look into. */
function otherTables(delivered: readonly DeliveredSource[]): string[] {
  const tables = new Set(delivered.flatMap(({ table }) => (table === null || eventTables.includes(table) ? [] : table)))
  return [...tables].sort()
}

function judgeArrival(machine: Machine, workspaces: readonly Destination[], others: readonly string[], context: CheckContext): Judgement {
  const found = workspaces.flatMap((workspace) => arrivalsOf(machine, workspace, context))
  const heartbeat = found.some((arrival) => arrival.heartbeat)
  const events = found.some((arrival) => arrival.events)
  const evidence = { ...kindEvidence(machine), workspaces: workspaces.map(({ id }) => id).sort(), heartbeatInLastDay: heartbeat, eventsInLastSevenDays: events }
  const names = workspaces.map(({ id }) => nameOf(id)).sort().join(' or ')
  if (heartbeat && events) return { verdict: 'pass', reason: `Security events of the machine arrived in ${names} in the last seven days, and its agent was heard of in the last day.`, evidence }
  for (const { key, id } of workspaces) {
    const read = context.estate.fact(key, 'machine-arrivals')
    if (!read?.ok) return { ...unreadJudgement(`What arrived in ${nameOf(id)}`, read, queryRead('Heartbeat')), evidence }
  }
  if (heartbeat && others.length > 0) {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: `The agent was heard of in the last day, and whether events arrive in ${listInWords(others)}, which a rule fills in place of the usual table, is not asked.`, evidence: { ...evidence, tables: others } }
  }
  if (heartbeat) return { verdict: 'fail', reason: `The agent was heard of in the last day, and no security event of the machine arrived in ${names} in the last seven.`, evidence }
  return { verdict: 'unknown', reasonCode: 'not-onboarded', reason: `No heartbeat of the machine arrived in ${names} in the last day: it is off, or its agent has stopped, which Azure does not tell.`, evidence }
}

const byMachine = memoByScan(() => new WeakMap<readonly MachineArrival[], ReadonlyMap<string, readonly MachineArrival[]>>())

/** A uniform scale set answers for its instances, which arrive each under its own id. */
function arrivalsOf(machine: Machine, workspace: Destination, context: CheckContext): readonly MachineArrival[] {
  const read = context.estate.fact(workspace.key, 'machine-arrivals')
  if (!read?.ok) return []
  const indexes = byMachine(context)
  let index = indexes.get(read.value)
  if (!index) indexes.set(read.value, (index = Map.groupBy(read.value, (arrival) => ownerOf(toResourceKey(arrival.machine)))))
  return index.get(toResourceKey(machine.id)) ?? []
}

function ownerOf(key: string): string {
  return /^(.*\/virtualmachinescalesets\/[^/]+)\/virtualmachines\/[^/]+$/.exec(key)?.[1] ?? key
}
