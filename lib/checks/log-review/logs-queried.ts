import type { Check } from '@/lib/domain/check'
import { destinationOf, isCentralWorkspace, mayKeep } from '../destination'
import { effectiveLoggingOf } from '../effective-logging'
import { remediateAccessAudit } from '../remediation/sentinel'
import { settingsRead } from '../resource-logging'
import { unreadJudgement } from '../unread'
import { reviewMappings } from './mappings'

const queryPermission = 'Microsoft.OperationalInsights/workspaces/query/LAQueryLogs/read'

export const logsQueried: Check = {
  id: 'logs-queried',
  version: 2,
  keyPoint: 'log-review',
  title: 'People query the logs',
  question: 'Has anybody queried this central workspace in the last 30 days?',
  why: 'Rules find what somebody thought of before. What nobody thought of is found by people who look, and their queries show that they do.',
  severity: 'low',
  optional: true,
  rules: {
    pass: 'The table LAQueryLogs holds queries by people of the last 30 days.',
    fail: 'It holds none.',
    unknown: 'The workspace’s category Audit is not sent to it, so that the table stays empty; or the settings or the table could not be read.',
  },
  sources: [{ title: 'Audit queries in Azure Monitor Logs', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/query-audit' }],
  mappings: reviewMappings,
  permissions: [settingsRead, queryPermission],

  asks: ['microsoft.operationalinsights/workspaces'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.operationalinsights/workspaces') return undefined
    const own = destinationOf(subject.id, 'workspace', context)
    if (!isCentralWorkspace(own, context)) return undefined
    const effective = effectiveLoggingOf(subject.resource, context)
    if (!effective.read?.ok) return effective.read?.reason === 'gone' ? undefined : unreadJudgement('The diagnostic settings of the workspace', effective.read, settingsRead)
    const flows = effective.categories.get('audit')?.flows ?? []
    // Queries are written to wherever Audit is sent; only this workspace's own table was asked.
    const flow = flows.find(({ destination }) => mayKeep(destination) && destination.key === own.key)
    if (flow === undefined) {
      return { verdict: 'unknown', reasonCode: 'not-onboarded', reason: 'Queries are not logged in this workspace: its category Audit is not sent to it.' }
    }
    const read = context.estate.fact(subject.id, 'workspace-queries')
    if (!read?.ok) return unreadJudgement('The queries on the workspace', read, queryPermission)
    const { queries, people, lastOn } = read.value
    const evidence = { days: 30, queries, people, lastOn }
    const { unclear } = flow.destination
    if (queries === 0 && unclear) return { verdict: 'unknown', reasonCode: unclear.reasonCode, reason: `No query is in the workspace, and whether it keeps them is not told. ${unclear.why}`, evidence, ...(unclear.permission !== undefined && { permission: unclear.permission }) }
    return queries > 0
      ? { verdict: 'pass', reason: `${people === 1 ? 'One person' : `${people} people`} queried the workspace in the last 30 days.`, evidence }
      : { verdict: 'fail', reason: 'Nobody has queried the workspace in the last 30 days.', evidence }
  },

  remediate: (subject, context) => ({ ...remediateAccessAudit(subject, context), summary: 'Let somebody look through the logs regularly, by saved queries or hunts, and write down what was looked for. Send the workspace’s category Audit to itself, so that it shows.' }),
}
