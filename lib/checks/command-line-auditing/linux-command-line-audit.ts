import type { Check, CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { deliveryTo, transformNote, type DeliveredSource } from '../collected-events'
import { guestEvidence, guestPermission, guestReport, isCompliant, notReported, ruleResult } from '../guest-report'
import { agentState, askGuest, kindEvidence, machinePermissions, machineTypes, withoutAgent, type Machine } from '../machine'
import { ruleSource, syslogSource } from '../os-security-logs/mappings'
import { remediateLinuxAudit } from '../remediation/command-line'
import { edrAlternative, orByEdr } from './edr-alternative'
import { commandLineMappings, machineConfigurationSource } from './mappings'

const auditRule = /execve/i
/** No built-in assignment exists: a custom one is known by its name. */
const auditAssignment = /execve|auditd|commandline|command-line/i

export const linuxCommandLineAudit: Check = {
  id: 'linux-command-line-audit',
  version: 3,
  keyPoint: 'command-line-auditing',
  title: 'Linux audits the commands that are run',
  question: 'Does auditd record each command on this Linux machine, and do its records leave the machine?',
  why: 'Shell history is whatever its owner leaves of it. Only the kernel’s audit of execve tells which commands were run, and only what has left the machine is safe from the intruder.',
  severity: 'medium',
  rules: {
    pass: 'A custom guest configuration on the audit of execve (its name holds execve, auditd or command line) is compliant, and the audit log, or syslog at level info of a facility that auditd can write to (user, auth, authpriv, kern, local0 to local7), is collected to a workspace that exists. Where nothing tells and the policy accepts it, Defender for Endpoint on the machine.',
    fail: 'That guest configuration is not compliant, or it is and its records stay on the machine.',
    notApplicable: 'A Windows machine, or one that a service owns.',
    unknown: 'No such guest configuration is assigned (there is no built-in one), its result is pending or older than seven days, the machine has no working agent, or something could not be read.',
  },
  sources: [machineConfigurationSource, syslogSource, ruleSource],
  mappings: commandLineMappings,
  permissions: [...machinePermissions, guestPermission, 'Microsoft.Insights/dataCollectionRuleAssociations/read', 'Microsoft.Insights/dataCollectionRules/read'],
  alternatives: [edrAlternative],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askGuest(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { machine } = asked
    if (machine.os === 'Windows') return { verdict: 'not-applicable', reason: 'A Windows machine, which other checks ask for its audit of processes.' }
    return orByEdr(judge(machine, context), machine, context)
  },

  remediate: remediateLinuxAudit,
}

function judge(machine: Machine, context: CheckContext): Judgement {
  const report = guestReport(machine, context)
  if ('verdict' in report) return report
  const own = report.fresh.find(({ name }) => auditAssignment.test(name))
  const passed = ruleResult(report, auditRule, /^$/)?.passed ?? (own && isCompliant(own.status))
  const evidence = { ...kindEvidence(machine), ...guestEvidence(report) }
  if (passed === undefined) return notReported(machine, report, 'auditd records the commands that are run')
  if (!passed) return { verdict: 'fail', reason: 'The latest report says that auditd does not record the commands that are run.', evidence }

  const agent = agentState(machine)
  if (agent !== 'works') return withoutAgent(machine, agent)
  const delivery = deliveryTo(machine, 'Linux', 'audit', context)
  if ('verdict' in delivery) return delivery
  const both = { ...evidence, ...delivery.evidence }
  const carrying = delivery.delivered.filter(mayCarryAudit)
  if (carrying.length > 0) return { verdict: 'pass', reason: `auditd records the commands that are run, and its records are collected${transformNote(carrying)}.`, evidence: both }
  const [unread] = delivery.unread
  if (unread !== undefined) return { ...unread, evidence: { ...both, ...unread.evidence } }
  const why = delivery.delivered.length > 0 ? 'no collected facility is one that auditd writes to at level info' : delivery.faults.slice(0, 4).join('; ')
  return { verdict: 'fail', reason: `auditd records the commands, but they stay on the machine, because ${why}.`, evidence: both }
}

/** Facilities that the syslog plugin of auditd can be told to write to; it writes at level info. */
const auditFacilities = /^(\*|user|auth|authpriv|audit|kern|local[0-7])$/i

/** Which facility it is told the machine alone knows. A file is the audit log itself. */
function mayCarryAudit({ files, facilities, levels }: DeliveredSource): boolean {
  return files.length > 0 || (facilities.some((facility) => auditFacilities.test(facility)) && levels.some((level) => /^(\*|debug|info)$/i.test(level)))
}
