import type { Check, Remediation, RemediationSubject } from '@/lib/domain/check'
import { bicepResource, Reference } from '../remediation/object-text'
import { shellQuote, terraformString } from '../remediation/quote'
import { remediateWorkspace } from '../remediation/workspace'
import { askWorkspace, usedBy, usePermissions } from '../workspace-subject'
import { centralMappings } from './mappings'

export const workspaceHardened: Check = {
  id: 'workspace-hardened',
  version: 3,
  keyPoint: 'central-log-management',
  title: 'The workspace does not purge its data at once',
  question: 'Is immediate purge after 30 days off for this workspace?',
  why: 'With immediate purge, lowering the retention destroys the evidence at once, without the days of grace in which it could be undone.',
  severity: 'low',
  rules: {
    pass: 'Immediate purge is not on.',
    fail: 'Immediate purge is on.',
    notApplicable: 'Nothing that was seen is sent to the workspace (by diagnostic settings, data collection rules, traffic analytics or Defender’s export), Sentinel is not on it, and the policy does not name it.',
    unknown: 'Nothing else shows it to be in use, and whether Sentinel is on it could not be read.',
  },
  sources: [{ title: 'Manage data retention in a Log Analytics workspace', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure' }],
  mappings: centralMappings,
  permissions: usePermissions,

  asks: ['microsoft.operationalinsights/workspaces'],
  evaluate(subject, context) {
    const found = askWorkspace(subject, context)
    if (found === undefined || 'judgement' in found) return found?.judgement
    const { workspace, use } = found
    const inUse = usedBy(workspace, use, context)
    if ('judgement' in inUse) return inUse.judgement
    const evidence = { immediatePurgeDataOn30Days: workspace.immediatePurgeDataOn30Days, ...inUse.used }
    return workspace.immediatePurgeDataOn30Days
      ? { verdict: 'fail', reason: 'Immediate purge after 30 days is on.', evidence }
      : { verdict: 'pass', reason: 'Immediate purge after 30 days is off.', evidence }
  },

  remediate,
}

/** The switch, and a lock so that nobody deletes the workspace in its place. */
function remediate(subject: RemediationSubject): Remediation {
  const { resourceId } = subject
  const lock = 'keypoint-keep-logs'
  const changed = remediateWorkspace(subject, {
    summary: 'Switch immediate purge off, and put a delete lock on the workspace.',
    azureCli: [
      `az resource update --ids ${shellQuote(resourceId)} --set properties.features.immediatePurgeDataOn30Days=false`,
      `az lock create --name ${lock} --lock-type CanNotDelete --resource ${shellQuote(resourceId)}`,
    ].join('\n'),
    properties: { features: { immediatePurgeDataOn30Days: false } },
    portal: 'Open the workspace, Settings, Locks; immediate purge is a property that the JSON view shows.',
  })
  return {
    ...changed,
    bicep: [changed.bicep, bicepResource({ symbol: 'lock', type: 'Microsoft.Authorization/locks@2020-05-01', body: { name: lock, scope: new Reference('workspace'), properties: { level: 'CanNotDelete' } } })].join('\n\n'),
    terraform: [changed.terraform, ['resource "azurerm_management_lock" "keep_logs" {', `  name       = "${lock}"`, `  scope      = ${terraformString(resourceId)}`, '  lock_level = "CanNotDelete"', '}'].join('\n')].join('\n\n'),
  }
}
