import type { Check, CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { deliveryTo, facilityArrives, namesOne, transformNote, type Delivery } from '../collected-events'
import { securityCoverage } from '../event-xpath'
import { agentState, askMachine, type Machine, machinePermissions, machineTypes, withoutAgent } from '../machine'
import { remediateCollection } from '../remediation/security-events'
import { listInWords } from '../wording'
import { agentSource, osLogMappings, ruleSource, syslogSource, windowsEventsSource } from './mappings'

export const machineSecurityEvents: Check = {
  id: 'machine-security-events',
  version: 4,
  keyPoint: 'os-security-logs',
  title: 'Security events of the operating system are collected',
  question: 'Do the security events of this machine (Windows Security channel, Linux auth and authpriv) flow to a workspace that exists?',
  why: 'An agent without a rule collects nothing, and most rules carry counters alone. What matters is that sign-ins, privilege use, process creation and changes of the audit policy leave the machine before an intruder can erase them.',
  severity: 'high',
  rules: {
    pass: 'An associated data collection rule takes the Security channel with events 1102, 4624, 4625, 4672, 4688 and 4719 (Windows), or auth and authpriv at level info or lower (Linux), by a flow to a workspace that exists. A transformation on the way lets them through, and is shown.',
    fail: 'No rule is associated, none of them carries such a source, no flow takes it on, a transformation drops them, or its workspace is gone. Where only some of the events or facilities are missing the severity is medium.',
    notApplicable: 'A service owns the machine, or it is an instance of a scale set that is judged for all.',
    unknown: 'The machine has no working agent (which fails the agent’s own check), an Arc machine is long disconnected, a query or a transformation filters by more than event ids, facilities and levels, or the associations, a rule or its workspace could not be read.',
  },
  sources: [ruleSource, windowsEventsSource, syslogSource, agentSource],
  mappings: osLogMappings,
  permissions: [...machinePermissions, 'Microsoft.Insights/dataCollectionRuleAssociations/read', 'Microsoft.Insights/dataCollectionRules/read', 'Microsoft.OperationalInsights/workspaces/read'],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askMachine(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    return judge(asked.machine, context)
  },

  remediate: remediateCollection,
}

function judge(machine: Machine, context: CheckContext): Judgement {
  const agent = agentState(machine)
  if (agent !== 'works') return withoutAgent(machine, agent)
  if (machine.os === null) return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'Neither the machine nor its agent tells which operating system it runs.' }
  const delivery = deliveryTo(machine, machine.os, 'security', context)
  if ('verdict' in delivery) return delivery
  const verdict = machine.os === 'Windows' ? judgeWindows(delivery) : judgeLinux(delivery)
  const [unread] = delivery.unread
  // A rule or workspace that could not be looked at may bring what is missing.
  return verdict.verdict === 'fail' && unread !== undefined ? { ...unread, evidence: { ...delivery.evidence, ...unread.evidence } } : verdict
}

function judgeWindows({ delivered, faults, evidence }: Delivery): Judgement {
  const { collected, missing, doubtful } = securityCoverage(delivered)
  const seen = { ...evidence, events: { collected, missing, doubtful } }
  if (delivered.length === 0) return nothing('security event', faults, seen)
  if (missing.length > 0 && collected.length + doubtful.length === 0) {
    return { verdict: 'fail', reason: `The queries of the Security channel bring none of the events ${listInWords(missing.map(String))}.`, evidence: seen }
  }
  if (missing.length > 0) {
    return { verdict: 'fail', severity: 'medium', reason: `The queries of the Security channel or a transformation leave out ${listInWords(missing.map(String))}.`, evidence: seen }
  }
  if (doubtful.length > 0) {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: `Whether ${listInWords(doubtful.map(String))} arrive depends on more than their event ids: the queries or a transformation filter by other fields.`, evidence: seen }
  }
  return { verdict: 'pass', reason: `The Security channel reaches ${workspacesIn(delivered)}${transformNote(delivered)}.`, evidence: seen }
}

const facilitiesWanted = ['auth', 'authpriv'] as const

function judgeLinux({ delivered, faults, evidence }: Delivery): Judgement {
  if (delivered.length === 0) return nothing('syslog', faults, evidence)
  const named = new Map(facilitiesWanted.map((facility) => [facility, facilityArrives(facility, delivered)]))
  const of = (wanted: boolean | null): string[] => facilitiesWanted.filter((facility) => named.get(facility) === wanted)
  const [collected, missing, doubtful] = [of(true), of(false), of(null)]
  const seen = { ...evidence, facilities: { collected, missing, ...(doubtful.length > 0 && { doubtful }) } }
  if (missing.length > 0) {
    const loud = missing.filter((facility) => delivered.some(({ facilities, levels }) => namesOne(facilities, [facility, '*']) && !namesOne(levels, ['debug', 'info', '*'])))
    const levels = loud.length > 0 ? `, and sign-ins are logged at info, while ${listInWords(loud)} ${loud.length === 1 ? 'is' : 'are'} collected from a higher level on alone` : ''
    const reason = `Syslog of ${listInWords(missing)} is not collected at level info${levels}.`
    return missing.length === facilitiesWanted.length ? { verdict: 'fail', reason, evidence: seen } : { verdict: 'fail', severity: 'medium', reason, evidence: seen }
  }
  if (doubtful.length > 0) return { verdict: 'unknown', reasonCode: 'unsupported', reason: `Whether syslog of ${listInWords(doubtful)} arrives depends on a transformation that filters by other columns than facility and level.`, evidence: seen }
  return { verdict: 'pass', reason: `Syslog of auth and authpriv reaches ${workspacesIn(delivered)}${transformNote(delivered)}.`, evidence: seen }
}

function nothing(what: string, faults: readonly string[], evidence: Delivery['evidence']): Judgement {
  return { verdict: 'fail', reason: `No ${what} leaves this machine, because ${faults.length === 0 ? 'no rule carries it' : faults.slice(0, 4).join('; ')}.`, evidence }
}

function workspacesIn(delivered: Delivery['delivered']): string {
  const names = new Map(delivered.map(({ workspace }) => [workspace.key, workspace.id.split('/').at(-1) ?? workspace.id]))
  return listInWords([...names.values()].sort())
}
