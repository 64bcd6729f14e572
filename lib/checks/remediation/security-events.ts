import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { remediateByRule, type RuleText } from './collection-rule'
import { systemsOf } from './machine-targets'
import { workspacePlaceholder } from './quote'

type System = 'Windows' | 'Linux'

/** Associates many machines with a rule at once. */
export const associationPolicies: Record<System, NonNullable<Remediation['policy']>> = {
  Windows: { id: '/providers/Microsoft.Authorization/policyDefinitions/eab1f514-22e3-42e3-9a1f-e1dc9199355c', displayName: 'Configure Windows Machines to be associated with a Data Collection Rule or a Data Collection Endpoint' },
  Linux: { id: '/providers/Microsoft.Authorization/policyDefinitions/2ea82cdd-f2e8-4500-af75-67a2e084ca74', displayName: 'Configure Linux Machines to be associated with a Data Collection Rule or a Data Collection Endpoint' },
}

/** What a rule collects: the audited events of the Security channel, or sign-ins and privilege use of syslog. */
const rules: Record<System, RuleText> = {
  Windows: {
    name: 'keypoint-windows-security', system: 'Windows', stream: 'Microsoft-SecurityEvent',
    source: { windowsEventLogs: { name: 'security', xPathQueries: ['Security!*[System[(band(Keywords,13510798882111488))]]'] } },
  },
  Linux: {
    name: 'keypoint-linux-security', system: 'Linux', stream: 'Microsoft-Syslog',
    source: { syslog: { name: 'auth', facilityNames: ['auth', 'authpriv'], logLevels: ['Info', 'Notice', 'Warning', 'Error', 'Critical', 'Alert', 'Emergency'] } },
  },
}

/** Makes a data collection rule beside the central workspace and associates the machine with it. */
export function remediateCollection(subject: RemediationSubject, context: RemediationContext): Remediation {
  const system = systemsOf(subject)[0] ?? 'Windows'
  const what = system === 'Windows'
    ? 'the Security channel; on a workspace without Sentinel write Microsoft-Event in place of Microsoft-SecurityEvent'
    : 'auth and authpriv of syslog from level info on'
  return {
    summary: `Create a data collection rule that takes ${what}, and associate the machine with it. One rule in the workspace’s region serves all machines.`,
    ...remediateByRule(subject, rules[system], context.centralWorkspaceIds[0] ?? workspacePlaceholder),
    policy: associationPolicies[system],
    portal: 'Open Monitor, Data Collection Rules, Create; add the machine under Resources and Windows event logs or Linux syslog under Collect and deliver.',
  }
}
