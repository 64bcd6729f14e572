import type { Check } from '@/lib/domain/check'
import { deliveryTo, transformNote } from '../collected-events'
import { securityCoverage } from '../event-xpath'
import { agentState, askMachine, machinePermissions, machineTypes, withoutAgent } from '../machine'
import { ruleSource, windowsEventsSource } from '../os-security-logs/mappings'
import { remediateCollection } from '../remediation/security-events'
import { commandLineMappings, processAuditingSource } from './mappings'

const processCreation = 4688

export const windows4688Collected: Check = {
  id: 'windows-4688-collected',
  version: 4,
  keyPoint: 'command-line-auditing',
  title: 'Process creation events leave the machine',
  question: 'Does a data collection rule bring event 4688 of this Windows machine to a workspace that exists?',
  why: 'A command line that stays in the machine’s own log is read by nobody, and is the first thing that an intruder with administrative rights clears.',
  severity: 'medium',
  rules: {
    pass: 'An associated rule takes event 4688 (the whole Security channel, its audited events, or a query with that id) by a flow to a workspace that exists.',
    fail: 'No associated rule brings event 4688 to a workspace that exists, or a transformation drops it.',
    notApplicable: 'A Linux machine, one that a service owns, or an instance of a scale set that is judged for all.',
    unknown: 'The machine has no working agent, a query or a transformation filters by more than event ids, or the associations, a rule or its workspace could not be read.',
  },
  sources: [processAuditingSource, ruleSource, windowsEventsSource],
  mappings: commandLineMappings,
  permissions: [...machinePermissions, 'Microsoft.Insights/dataCollectionRuleAssociations/read', 'Microsoft.Insights/dataCollectionRules/read', 'Microsoft.OperationalInsights/workspaces/read'],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askMachine(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { machine } = asked
    if (machine.os === 'Linux') return { verdict: 'not-applicable', reason: 'A Linux machine has no event 4688.' }
    const agent = agentState(machine)
    if (agent !== 'works') return withoutAgent(machine, agent)
    const delivery = deliveryTo(machine, 'Windows', 'security', context)
    if ('verdict' in delivery) return delivery
    const evidence = delivery.evidence
    const bringing = delivery.delivered.filter((source) => securityCoverage([source]).collected.includes(processCreation))
    if (bringing.length > 0) return { verdict: 'pass', reason: `Event 4688 is collected${transformNote(bringing)}.`, evidence }
    const [unread] = delivery.unread
    if (unread !== undefined) return { ...unread, evidence: { ...evidence, ...unread.evidence } }
    if (delivery.delivered.some((source) => securityCoverage([source]).doubtful.includes(processCreation))) {
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'Whether event 4688 arrives depends on more than its id: the queries or a transformation filter by other fields.', evidence }
    }
    const why = delivery.delivered.length > 0 ? 'the queries of the Security channel or a transformation leave it out' : delivery.faults.slice(0, 4).join('; ')
    return { verdict: 'fail', reason: `Event 4688 does not leave this machine, because ${why}.`, evidence }
  },

  remediate: remediateCollection,
}
