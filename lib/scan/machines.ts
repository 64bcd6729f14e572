import type { Azure, EndpointProtectionRow, GraphTable } from '@/lib/azure'
import { subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Collected, ReadFailure } from '@/lib/domain/collected'
import type { CollectionRule, EndpointProtection, GuestAssignment, Resource, RuleAssociation } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'
import { collector } from './collector'

export const machineTypes: readonly string[] = ['microsoft.compute/virtualmachines', 'microsoft.compute/virtualmachinescalesets', 'microsoft.hybridcompute/machines']

export function isMachine(type: string): boolean {
  return machineTypes.includes(type)
}

export interface MachineTables {
  associations: GraphTable<RuleAssociation & { machine: ResourceKey }>
  assignments: GraphTable<GuestAssignment & { machine: ResourceKey }>
  protection: GraphTable<EndpointProtectionRow>
}

/** What Resource Graph says of the machines of some subscriptions. */
export async function readMachineTables(azure: Azure, subscriptionIds: readonly string[]): Promise<MachineTables> {
  const [associations, assignments, protection] = await Promise.all([
    azure.readRuleAssociations(subscriptionIds),
    azure.readGuestAssignments(subscriptionIds),
    azure.readEndpointProtection(subscriptionIds),
  ])
  return { associations, assignments, protection }
}

export interface MachineFactsInput {
  tables: MachineTables
  /** Of every subscription in sight, scanned or not: a machine or workspace may name any. */
  rules: GraphTable<CollectionRule>
  machines: readonly Pick<Resource, 'id' | 'subscriptionId'>[]
  /** Lower-case ids of subscriptions whose resources can be listed. */
  visible: ReadonlySet<string>
  readAt: string
}

/** One fact for each rule that is there. */
export function ruleFacts(rules: readonly CollectionRule[], readAt: string): Fact[] {
  return rules.map((rule) => ({ subject: toResourceKey(rule.id), source: 'collection-rule', subscriptionId: subscriptionIdOf(rule.id), read: { ok: true, value: rule }, readAt }))
}

/** One fact for each machine and source, also where there is nothing, and one for each rule that some machine names and that is not there. */
export function machineFacts({ tables, rules, machines, visible, readAt }: MachineFactsInput): Fact[] {
  const { facts, keep } = collector(readAt)
  const associationsOf = Map.groupBy(tables.associations.rows, (association) => association.machine)
  const assignmentsOf = Map.groupBy(tables.assignments.rows, (assignment) => assignment.machine)
  const protectionOf = protectionIndex(tables.protection.rows)
  const named: string[] = []
  for (const machine of machines) {
    const key = toResourceKey(machine.id)
    const failure = tables.associations.failures.get(machine.subscriptionId.toLowerCase())
    const associations = (associationsOf.get(key) ?? []).map(({ name, ruleId, endpointId }) => ({ name, ruleId, endpointId }))
    keep(key, 'rule-associations', failure ?? { ok: true, value: associations })
    const assignments = (assignmentsOf.get(key) ?? []).map(withoutMachine)
    keep(key, 'guest-assignments', tables.assignments.failures.get(machine.subscriptionId.toLowerCase()) ?? { ok: true, value: assignments })
    keep(key, 'endpoint-protection', tables.protection.failures.get(machine.subscriptionId.toLowerCase()) ?? { ok: true, value: protectionOf(key, machine.subscriptionId) })
    for (const { ruleId } of associations) if (ruleId !== null) named.push(ruleId)
  }
  return [...facts, ...missingRuleFacts(named, { rules, visible, readAt })]
}

/** One fact for each of these rules that is not there. */
export function missingRuleFacts(named: readonly string[], { rules, visible, readAt }: Pick<MachineFactsInput, 'rules' | 'visible' | 'readAt'>): Fact[] {
  const { facts, keep } = collector(readAt)
  const listed = new Set(rules.rows.map((rule) => toResourceKey(rule.id)))
  for (const key of new Set(named.map(toResourceKey))) if (!listed.has(key)) keep(key, 'collection-rule', missingRule(key, rules.failures, visible))
  return facts
}

function protectionIndex(rows: readonly EndpointProtectionRow[]): (machine: ResourceKey, subscriptionId: string) => EndpointProtection {
  const plans = new Set<string>()
  const ownPlans = new Map<ResourceKey, boolean>()
  const recommendations = new Map<ResourceKey, EndpointProtection['recommendations']>()
  for (const row of rows) {
    if (row.kind === 'plan') {
      if (row.machine !== null) ownPlans.set(row.machine, row.on)
      else if (row.on) plans.add(row.subscriptionId)
      continue
    }
    const { machine, name, status } = row
    recommendations.set(machine, [...(recommendations.get(machine) ?? []), { name, status }])
  }
  return (machine, subscriptionId) => ({
    serversPlan: ownPlans.get(machine) ?? plans.has(subscriptionId.toLowerCase()),
    recommendations: (recommendations.get(machine) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  })
}

/** The subject names the machine already. */
function withoutMachine({ name, configuration, status, checkedOn, rules, rulesReported }: GuestAssignment): GuestAssignment {
  return { name, configuration, status, checkedOn, rules, rulesReported }
}

/** Named and not listed: unread where its subscription could not be read, else deleted. */
function missingRule(key: ResourceKey, failures: ReadonlyMap<string, ReadFailure>, visible: ReadonlySet<string>): Collected<CollectionRule> {
  const subscriptionId = subscriptionIdOf(key) ?? ''
  const failure = failures.get(subscriptionId)
  if (failure !== undefined) return failure
  if (visible.has(subscriptionId)) {
    return { ok: false, reason: 'gone', detail: 'Resource Graph lists no such data collection rule.', status: 200, code: null, action: null }
  }
  return {
    ok: false,
    reason: 'permission-denied',
    detail: 'Its subscription is not visible to the scanning identity.',
    status: null,
    code: null,
    action: 'Microsoft.Insights/dataCollectionRules/read',
  }
}

/** The subscriptions whose machine tables could not be read. */
export function machineFailures({ associations, assignments, protection }: MachineTables): [string, ReadFailure][] {
  return [...associations.failures, ...assignments.failures, ...protection.failures]
}
