import type { Check } from '@/lib/domain/check'
import { remediateActivityAlert } from '../remediation/activity-alert'
import { alertPermissions, judgeOperation } from './judge-operation'
import { alertMappings } from './mappings'
import { loggingTampering } from './operations'

export const loggingTamperAlert: Check = {
  id: 'logging-tamper-alert',
  version: 5,
  keyPoint: 'anomaly-alerts',
  title: 'An alert tells when logging is changed or taken away',
  question: 'Is someone told when a diagnostic setting is changed or deleted, or a log workspace is deleted, anywhere in this subscription?',
  why: 'Whoever wants to stay unseen turns logging off first. That change is in the activity log, and it is the last thing that is.',
  severity: 'high',
  rules: {
    pass: 'Enabled alert rules watch the whole subscription for writes and deletes of diagnostic settings and for deletes of workspaces, narrow nothing else, and reach someone by action groups of their own or that processing rules add. Scheduled query rules and analytics rules of Sentinel on AzureActivity count as well.',
    fail: 'One of the three operations is watched by no rule that reaches someone.',
    notApplicable: 'The subscription is deleted.',
    unknown: 'The rules could not be read, an action group is out of sight, or a query or processing rule cannot be judged, or the workspace that a rule reads may leave out what it looks for. Or nothing else watches, and the rules of Sentinel could not be read on a workspace that the activity log goes to or, where it is not known where it goes, on one that may have them.',
  },
  sources: [
    { title: 'Activity log alert rules', url: 'https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-activity-log-alert-rule' },
    { title: 'Analytics rules in Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/threat-detection' },
    { title: 'MCSB LT-1: Enable threat detection capabilities', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-1-enable-threat-detection-capabilities' },
  ],
  mappings: alertMappings(loggingTampering.cis),
  permissions: alertPermissions,
  asks: ['subscription'],
  evaluate: (subject, context) => judgeOperation(loggingTampering, subject, context),
  remediate: (subject) => remediateActivityAlert(subject, loggingTampering),
}
