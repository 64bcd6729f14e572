import type { Check } from '@/lib/domain/check'
import { remediateWorkspace, workspaceArguments } from '../remediation/workspace'
import { askWorkspace, usedBy, usePermissions } from '../workspace-subject'
import { centralMappings } from './mappings'

const taking = new Set(['respectquota', 'approachingquota', 'forceon'])

export const workspaceTakesAll: Check = {
  id: 'workspace-takes-all',
  version: 3,
  keyPoint: 'central-log-management',
  title: 'The workspace takes all that is sent to it',
  question: 'Does this workspace take every log, without a daily cap that cuts them off?',
  why: 'A workspace over its daily cap drops what comes after, and an attacker can fill it on purpose.',
  severity: 'high',
  rules: {
    pass: 'The workspace takes data and has no daily cap.',
    fail: 'It has stopped taking data (over its quota, switched off, or its subscription is suspended); or it has a daily cap at all, which counts as medium.',
    notApplicable: 'Nothing that was seen is sent to it (by diagnostic settings, data collection rules, traffic analytics or Defender’s export), Sentinel is not on it, and the policy does not name it.',
    unknown: 'Azure gave no ingestion status; or nothing else shows it to be in use, and whether Sentinel is on it could not be read.',
  },
  sources: [{ title: 'Set a daily cap on a Log Analytics workspace', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/daily-cap' }],
  mappings: centralMappings,
  permissions: usePermissions,

  asks: ['microsoft.operationalinsights/workspaces'],
  evaluate(subject, context) {
    const found = askWorkspace(subject, context)
    if (found === undefined || 'judgement' in found) return found?.judgement
    const { workspace, use } = found
    const inUse = usedBy(workspace, use, context)
    if ('judgement' in inUse) return inUse.judgement
    const { dataIngestionStatus: status, dailyQuotaGb } = workspace
    const evidence = { dataIngestionStatus: status, dailyQuotaGb, ...inUse.used }
    const capped = dailyQuotaGb !== null && dailyQuotaGb >= 0
    if (status !== null && !taking.has(status.toLowerCase())) {
      return { verdict: 'fail', reason: `The workspace takes no data now: its ingestion status is ${status}.`, evidence }
    }
    if (capped) {
      return { verdict: 'fail', severity: 'medium', reason: `A daily cap of ${dailyQuotaGb} GB drops whatever comes after it.`, evidence }
    }
    if (status === null) return { verdict: 'unknown', reasonCode: 'api-error', reason: 'Azure gave no ingestion status for this workspace.', evidence }
    return { verdict: 'pass', reason: `The workspace takes data (${status}) and has no daily cap.`, evidence }
  },

  remediate: (subject) =>
    remediateWorkspace(subject, {
      summary: 'Remove the daily cap, and watch the volume by an alert in its place.',
      azureCli: `az monitor log-analytics workspace update ${workspaceArguments(subject.resourceId)} --quota -1`,
      properties: { workspaceCapping: { dailyQuotaGb: -1 } },
      portal: 'Open the workspace, Settings, Usage and estimated costs, Daily cap: Off.',
    }),
}
