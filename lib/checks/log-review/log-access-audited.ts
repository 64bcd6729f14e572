import type { Check } from '@/lib/domain/check'
import { counts, destinationOf, destinationPermissions, isCentralWorkspace } from '../destination'
import { effectiveLoggingOf } from '../effective-logging'
import { loggingEvidence } from '../evidence'
import { remediateAccessAudit } from '../remediation/sentinel'
import { settingsRead } from '../resource-logging'
import { unreadJudgement } from '../unread'
import { untoldInWords, whyNothing } from '../wording'
import { reviewMappings } from './mappings'

export const logAccessAudited: Check = {
  id: 'log-access-audited',
  version: 5,
  keyPoint: 'log-review',
  title: 'Who reads the logs is logged',
  question: 'Are the queries on this central workspace themselves logged?',
  why: 'The table LAQueryLogs tells who asked the workspace what. It shows that the logs are read, and who looked for more than his task.',
  severity: 'low',
  rules: {
    pass: 'All settings of the workspace together send its category Audit to a destination that exists and takes it.',
    fail: 'The category Audit goes nowhere.',
    unknown: `The settings could not be read, it goes to a destination alone that cannot be read, or ${untoldInWords}.`,
  },
  sources: [{ title: 'Audit queries in Azure Monitor Logs', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/query-audit' }],
  mappings: reviewMappings,
  permissions: [settingsRead, ...destinationPermissions],

  asks: ['microsoft.operationalinsights/workspaces'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.operationalinsights/workspaces') return undefined
    if (!isCentralWorkspace(destinationOf(subject.id, 'workspace', context), context)) return undefined
    const effective = effectiveLoggingOf(subject.resource, context)
    const { read } = effective
    if (!read?.ok) return read?.reason === 'gone' ? undefined : unreadJudgement('The diagnostic settings of the workspace', read, settingsRead)
    const flows = effective.categories.get('audit')?.flows ?? []
    const evidence = { category: 'Audit', ...loggingEvidence(effective, context) }
    if (flows.some(({ destination }) => counts(destination))) return { verdict: 'pass', reason: 'Queries on the workspace are logged: its category Audit is sent to a destination that exists and takes it.', evidence }
    const unclear = flows.find(({ destination }) => destination.unclear)?.destination.unclear
    if (unclear) return { verdict: 'unknown', reasonCode: unclear.reasonCode, reason: `Whether the rows of the category Audit are kept is not told. ${unclear.why}`, evidence, ...(unclear.permission !== undefined && { permission: unclear.permission }) }
    if (flows.length > 0) {
      return { verdict: 'unknown', reasonCode: 'permission-denied', reason: 'The category Audit is sent to a destination that cannot be read.', evidence, permission: 'Microsoft.OperationalInsights/workspaces/read' }
    }
    if (effective.openGroups.length > 0) {
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'A category group is sent, and Azure does not tell whether it holds the category Audit.', evidence }
    }
    const others = [...effective.categories.values()].map(({ name }) => name)
    return { verdict: 'fail', reason: `Queries on the workspace are not logged: ${others.length > 0 ? 'its settings leave the category Audit out' : whyNothing(effective)}.`, evidence }
  },

  remediate: remediateAccessAudit,
}
