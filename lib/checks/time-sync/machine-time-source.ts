import type { Check } from '@/lib/domain/check'
import { guestEvidence, guestPermission, guestReport, isCompliant, notReported, ruleResult } from '../guest-report'
import { askGuest, kindEvidence, machinePermissions, machineTypes } from '../machine'
import { remediateTimeSource } from '../remediation/time-source'

/** Assignments that are about time and nothing else. The time zone is not the source. */
const timeAssignment = /(^|[^a-z])ntp|ntp(server|client|source)|chrony|time[ _-]?source|time[ _-]?sync/i
/** `AuditNTP`, and not `DepartmentPolicy`. */
const inCapitals = /(^|[^A-Z])NTP([^A-Z]|$)/
/** Rules on the client or its servers in any report; the baseline's own is "Enable Windows NTP Client". */
const timeRule = /CCE-37843-0|\bntp|NTPClient|chrony|timesyncd|time sync/i

export const machineTimeSource: Check = {
  id: 'machine-time-source',
  version: 2,
  keyPoint: 'time-sync',
  title: 'The machine keeps time by a known source',
  question: 'Does something prove that this machine synchronizes its clock?',
  why: 'Events of many machines can only be put in order, and sign-ins only be matched with what followed, when all clocks agree. A clock that drifts breaks Kerberos first and every investigation later.',
  severity: 'medium',
  rules: {
    pass: 'A guest configuration on time (its name speaks of NTP, chrony, a time source or time synchronization) is compliant, or a rule on it in any report passed, such as “Enable Windows NTP Client” (CCE-37843-0) of the Windows baseline.',
    fail: 'That guest configuration is not compliant, or that rule failed.',
    notApplicable: 'A service owns the machine, and Microsoft keeps its time. Platform services are not asked at all: their time is Microsoft’s responsibility.',
    unknown: 'Nothing audits the clock: no such guest configuration is assigned, its result is pending or older than seven days, or the report does not name the rule. That is a gap in the evidence and no proof of a wrong clock.',
  },
  sources: [
    { title: 'Time sync for Windows VMs in Azure', url: 'https://learn.microsoft.com/azure/virtual-machines/windows/time-sync' },
    { title: 'Time sync for Linux VMs in Azure', url: 'https://learn.microsoft.com/azure/virtual-machines/linux/time-sync' },
  ],
  mappings: [
    { framework: 'ASB v1', controls: ['2.1'] },
    { framework: 'MCSB v1', controls: ['LT-7'] },
    { framework: 'NIST SP 800-53', controls: ['AU-8'] },
    { framework: 'PCI DSS', controls: ['10.4'] },
  ],
  permissions: [...machinePermissions, guestPermission],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askGuest(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { machine } = asked
    const report = guestReport(machine, context)
    if ('verdict' in report) return report
    const own = report.fresh.filter(({ name }) => timeAssignment.test(name) || inCapitals.test(name))
    const rule = ruleResult(report, timeRule, /^$/)
    const evidence = { ...kindEvidence(machine), ...guestEvidence(report), rule: rule ?? null }
    const failed = own.find(({ status }) => !isCompliant(status))
    if (failed) return { verdict: 'fail', reason: `The guest configuration ${failed.name} is not compliant.`, evidence }
    if (rule?.passed === false) return { verdict: 'fail', reason: `The report of ${rule.assignment} says that the time client is not set up as required.`, evidence }
    const [passed] = own
    if (passed) return { verdict: 'pass', reason: `The guest configuration ${passed.name} is compliant.`, evidence }
    if (rule) return { verdict: 'pass', reason: `The report of ${rule.assignment} says that the time client is set up.`, evidence }
    return notReported(machine, report, 'the machine synchronizes its clock')
  },

  remediate: remediateTimeSource,
}
