import type { Check, CheckContext } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { deliveryTo, facilityArrives, transformNote, type Delivery } from '../collected-events'
import { guestEvidence, guestPermission, guestReport, isCompliant, notReported, ruleResult } from '../guest-report'
import { agentState, askGuest, kindEvidence, machinePermissions, machineTypes, withoutAgent, type Machine } from '../machine'
import { ruleSource, syslogSource } from '../os-security-logs/mappings'
import { remediateLinuxAudit } from '../remediation/command-line'
import { passesOn } from '../transformation'
import { listInWords } from '../wording'
import { edrAlternative, orByEdr } from './edr-alternative'
import { commandLineMappings, machineConfigurationSource } from './mappings'

const auditRule = /execve/i
/** No built-in assignment exists: a custom one is known by its name. */
const auditAssignment = /execve|auditd|commandline|command-line/i

export const linuxCommandLineAudit: Check = {
  id: 'linux-command-line-audit',
  version: 5,
  keyPoint: 'command-line-auditing',
  title: 'Linux audits the commands that are run',
  question: 'Does auditd record each command on this Linux machine, and do its records leave the machine?',
  why: 'Shell history is whatever its owner leaves of it. Only the kernel’s audit of execve tells which commands were run, and only what has left the machine is safe from the intruder.',
  severity: 'medium',
  rules: {
    pass: 'A custom guest configuration on the audit of execve (its name holds execve, auditd or command line) is compliant, and what auditd writes is collected to a workspace that exists: its log /var/log/audit/audit.log as a file, or syslog at level info of each facility that it can be told to write to (user, auth, authpriv, daemon, syslog, local0 to local7), or of all. The benchmark asks that commands reach syslog, so that an auditor takes syslog which misses nothing for enough; that auditd hands its records over (its plugin is active) is for the custom configuration to prove. Where nothing tells and the policy accepts it, Defender for Endpoint on the machine.',
    fail: 'That guest configuration is not compliant, or it is and its records stay on the machine: neither a file of an audit nor one of those facilities at level info is collected, or a transformation drops them.',
    notApplicable: 'A Windows machine, or one that a service owns.',
    unknown: 'Some of those facilities alone are collected, another file, or a transformation asks for more: where auditd writes to the machine alone knows. Or no such guest configuration is assigned (there is no built-in one), its result is pending or older than seven days, the machine has no working agent, or something could not be read.',
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
  return judgeCollection(delivery, both)
}

/** Where auditd keeps its records unless it is told otherwise. */
const auditLog = '/var/log/audit/audit.log'

/** The facilities that the syslog plugin of auditd can be told to write to; as it ships it writes to user, at level info. Source: https://man7.org/linux/man-pages/man8/audisp-syslog.8.html */
const pluginFacilities = ['user', 'auth', 'authpriv', 'daemon', 'syslog', ...Array.from({ length: 8 }, (_, at) => `local${at}`)]

/** Whether records that auditd surely writes are collected, wherever it was told to write them. */
function judgeCollection({ delivered, unread: [unread], faults }: Delivery, before: Evidence): Judgement {
  const files = delivered.filter((source) => source.files.length > 0)
  const ownFile = files.filter((source) => source.files.some((pattern) => covers(pattern, auditLog)))
  const taken = ownFile.map(({ transform }) => passesOn(transform, {}))
  const arrives = new Map(pluginFacilities.map((facility) => [facility, facilityArrives(facility, delivered)]))
  const of = (wanted: boolean | null): string[] => pluginFacilities.filter((facility) => arrives.get(facility) === wanted)
  const [collected, missing, doubtful] = [of(true), of(false), of(null)]
  const evidence = { ...before, facilities: { collected, missing, ...(doubtful.length > 0 && { doubtful }) } }

  const recorded = 'auditd records the commands that are run'
  if (taken.includes(true)) return { verdict: 'pass', reason: `${recorded}, and its log is collected${transformNote(ownFile)}.`, evidence }
  if (collected.length === pluginFacilities.length) {
    return { verdict: 'pass', reason: `${recorded}, and each facility of syslog that it can be told to write to is collected${transformNote(delivered)}.`, evidence }
  }
  if (unread !== undefined) return { ...unread, evidence: { ...evidence, ...unread.evidence } }
  const unsure = (why: string): Judgement => ({ verdict: 'unknown', reasonCode: 'unsupported', reason: `${recorded}, and ${why}.`, evidence })
  if (collected.length > 0 && missing.length > 0) {
    return unsure(`which facility of syslog it writes them to the machine alone knows: ${listInWords(collected)} ${collected.length === 1 ? 'is' : 'are'} collected, others that it can be told are not`)
  }
  if (doubtful.length > 0 || taken.includes(null)) return unsure('whether they arrive depends on a transformation that filters by more than facility and level')
  if (files.length > ownFile.length) return unsure(`whether ${listInWords(files.flatMap((source) => source.files))} is its log the machine alone knows`)
  const why = delivered.length > 0 ? 'no facility that it can be told to write to is collected at level info, or a transformation drops what is' : faults.slice(0, 4).join('; ')
  return { verdict: 'fail', reason: `auditd records the commands, but they stay on the machine, because ${why}.`, evidence }
}

/** Whether a pattern of files, in which `*` stands for any part of a name, holds a file. */
function covers(pattern: string, file: string): boolean {
  return new RegExp(`^${pattern.split(/\*+/).map((text) => RegExp.escape(text)).join('[^/]*')}$`).test(file)
}
