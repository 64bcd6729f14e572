import type { Check, CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { guestEvidence, guestPermission, guestReport, notReported, ruleResult, type RuleResult } from '../guest-report'
import { askGuest, kindEvidence, machinePermissions, machineTypes, type Machine } from '../machine'
import { remediateWindowsAudit } from '../remediation/command-line'
import { edrAlternative, orByEdr } from './edr-alternative'
import { commandLineMappings, machineConfigurationSource, processAuditingSource, windowsBaselineSource } from './mappings'

const commandLineRule = /CCE-36925-6|ProcessCreationIncludeCmdLine|include command line in process creation/i
const processCreationRule = /CCE-36059-4|audit process creation/i
const baseline = /^AzureWindowsBaseline/i
const detailedTracking = /^(AzureWindowsBaseline|AzureBaseline_SystemAuditPoliciesDetailedTracking)/i

export const windowsCommandLineAudit: Check = {
  id: 'windows-command-line-audit',
  version: 3,
  keyPoint: 'command-line-auditing',
  title: 'Windows audits process creation with the command line',
  question: 'Does this Windows machine write each new process with its command line to the Security log?',
  why: 'The command line tells what an intruder did with tools that belong to the system. It takes two settings, the audit of process creation and the command line in its event, and one without the other is of little use.',
  severity: 'medium',
  rules: {
    pass: 'The latest guest configuration results say that the rule on the command line (CCE-36925-6) passed, and that process creation is audited (CCE-36059-4, or the Detailed Tracking assignment is compliant). Where nothing tells and the policy accepts it, Defender for Endpoint on the machine.',
    fail: 'One of the two rules failed.',
    notApplicable: 'A Linux machine, or one that a service owns.',
    unknown: 'No guest configuration is assigned, its result is pending or older than seven days, the report does not name the rules, or the results could not be read. That the baseline as a whole is not compliant says nothing of these rules.',
  },
  sources: [processAuditingSource, windowsBaselineSource, machineConfigurationSource],
  mappings: commandLineMappings,
  permissions: [...machinePermissions, guestPermission],
  alternatives: [edrAlternative],

  asks: machineTypes,
  evaluate(subject, context) {
    const asked = askGuest(subject, context)
    if (asked === undefined || 'judgement' in asked) return asked?.judgement
    const { machine } = asked
    if (machine.os === 'Linux') return { verdict: 'not-applicable', reason: 'A Linux machine, which another check asks for its audit of commands.' }
    return orByEdr(judge(machine, context), machine, context)
  },

  remediate: remediateWindowsAudit,
}

function judge(machine: Machine, context: CheckContext): Judgement {
  const report = guestReport(machine, context)
  if ('verdict' in report) return report
  const commandLine = ruleResult(report, commandLineRule, baseline)
  const creation = ruleResult(report, processCreationRule, detailedTracking)
  const evidence = { ...kindEvidence(machine), ...guestEvidence(report), commandLine: commandLine ?? null, processCreation: creation ?? null }
  const failed = [failure(creation, 'process creation is not audited'), failure(commandLine, 'the command line is left out of the event')].filter((word) => word !== null)
  if (failed.length > 0) return { verdict: 'fail', reason: `In the latest report ${failed.join(', and ')}.`, evidence }
  if (commandLine === undefined) return notReported(machine, report, 'the command line is part of the event')
  if (creation === undefined) return notReported(machine, report, 'process creation is audited')
  return { verdict: 'pass', reason: 'Process creation is audited with its command line.', evidence }
}

function failure(result: RuleResult | undefined, words: string): string | null {
  return result === undefined || result.passed ? null : words
}
