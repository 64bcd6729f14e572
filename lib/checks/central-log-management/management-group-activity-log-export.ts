import type { Check, CheckContext } from '@/lib/domain/check'
import type { ManagementGroup } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { isComplete } from '../coverage'
import { destinationPermissions } from '../destination'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { remediateManagementGroup } from '../remediation/platform-setting'
import { scopeLogging } from '../scope-logging'
import { are, listInWords, untoldInWords, whyNothing } from '../wording'
import { centralMappings } from './mappings'

const groupPermission = 'Microsoft.Management/managementGroups/read'

/** Azure names the root group like the tenant. A parent says nothing: it is null too where the root cannot be read. */
function isRoot({ name }: ManagementGroup, { estate }: CheckContext): boolean {
  return name.toLowerCase() === estate.tenantId.toLowerCase()
}

const rootOutOfSight: Judgement = {
  verdict: 'unknown',
  reasonCode: 'permission-denied',
  reason: 'The root management group is not among the management groups that can be listed, so that its export cannot be read.',
  permission: groupPermission,
}

export const managementGroupActivityLogExport: Check = {
  id: 'management-group-activity-log-export',
  version: 7,
  keyPoint: 'central-log-management',
  title: 'The activity log of the root management group is exported',
  question: 'Do the administrative and policy events of the root management group reach a destination that exists?',
  why: 'Role and policy assignments at the root reach every subscription and appear in no subscription’s own activity log.',
  severity: 'low',
  rules: {
    pass: 'Administrative and Policy of the group are sent to a destination that exists and takes them.',
    fail: 'One of them is not, at the root group.',
    notApplicable: 'A group below the root without an export of its own: there it is optional.',
    unknown: `The settings or the destination could not be read, ${untoldInWords}, or the root group (named like the tenant) is not among the groups in sight.`,
  },
  sources: [{ title: 'Diagnostic settings of management groups', url: 'https://learn.microsoft.com/rest/api/monitor/management-group-diagnostic-settings' }],
  mappings: centralMappings,
  permissions: ['Microsoft.Insights/diagnosticSettings/read', groupPermission, ...destinationPermissions],

  asks: ['management-group', 'tenant'],
  evaluate(subject, context) {
    if (subject.kind === 'tenant') return context.estate.managementGroups.some((group) => isRoot(group, context)) ? undefined : rootOutOfSight
    if (subject.kind !== 'management-group') return undefined
    const logging = scopeLogging(subject.id, 'managementGroup', context)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'unread') return logging.judgement
    const { effective, required, coverage } = logging
    const evidence = coverageEvidence(required, coverage, effective, context)
    if (isComplete(coverage)) return { verdict: 'pass', reason: 'Administrative and Policy are sent to a destination that exists and takes them.', evidence }
    if (coverage.missing.length === 0) return unsettledJudgement(required, coverage, evidence, 'low')
    if (!isRoot(subject.managementGroup, context)) return { verdict: 'not-applicable', reason: 'An export below the root group is optional.', evidence }
    const { missing } = coverage
    return { verdict: 'fail', reason: `${listInWords(missing)} of the root management group ${are(missing)} sent nowhere: ${whyNothing(effective)}.`, evidence }
  },

  remediate: remediateManagementGroup,
}
