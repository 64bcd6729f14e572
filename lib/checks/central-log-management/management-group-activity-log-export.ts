import type { Check } from '@/lib/domain/check'
import { isComplete } from '../coverage'
import { coverageEvidence, unreadableJudgement } from '../judge-coverage'
import { remediateManagementGroup } from '../remediation/platform-setting'
import { scopeLogging } from '../scope-logging'
import { are, listInWords, whyNothing } from '../wording'
import { centralMappings } from './mappings'

export const managementGroupActivityLogExport: Check = {
  id: 'management-group-activity-log-export',
  version: 2,
  keyPoint: 'central-log-management',
  title: 'The activity log of the root management group is exported',
  question: 'Do the administrative and policy events of the root management group reach a destination that exists?',
  why: 'Role and policy assignments at the root reach every subscription and appear in no subscription’s own activity log.',
  severity: 'low',
  rules: {
    pass: 'Administrative and Policy of the group are sent to a destination that exists.',
    fail: 'One of them is not, at the root group.',
    notApplicable: 'A group below the root without an export of its own: there it is optional.',
    unknown: 'The settings or the destination could not be read.',
  },
  sources: [{ title: 'Diagnostic settings of management groups', url: 'https://learn.microsoft.com/rest/api/monitor/management-group-diagnostic-settings' }],
  mappings: centralMappings,
  permissions: ['Microsoft.Insights/diagnosticSettings/read', 'Microsoft.Management/managementGroups/read'],

  asks: ['management-group'],
  evaluate(subject, context) {
    if (subject.kind !== 'management-group') return undefined
    const logging = scopeLogging(subject.id, 'managementGroup', context)
    if (logging.state === 'gone') return undefined
    const isRoot = subject.managementGroup.parentId === null || subject.managementGroup.name.toLowerCase() === context.estate.tenantId.toLowerCase()
    if (logging.state === 'unread') return logging.judgement
    const { effective, required, coverage } = logging
    const evidence = coverageEvidence(required, coverage, effective, context)
    if (isComplete(coverage)) return { verdict: 'pass', reason: 'Administrative and Policy are sent to a destination that exists.', evidence }
    if (coverage.missing.length === 0) return unreadableJudgement(coverage, evidence, 'low')
    if (!isRoot) return { verdict: 'not-applicable', reason: 'An export below the root group is optional.', evidence }
    const { missing } = coverage
    return { verdict: 'fail', reason: `${listInWords(missing)} of the root management group ${are(missing)} sent nowhere: ${whyNothing(effective)}.`, evidence }
  },

  remediate: remediateManagementGroup,
}
