/** The contract's words as people read them. */
import type { ScanStage, ScanStatus, PartStatus, ScanMode } from '@/lib/domain/scan'
import type { ChangeKind } from '@/lib/domain/diff'
import type { ChannelKind, DeliveryStatus, Topic } from '@/lib/domain/notification'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { ReasonCode, Severity, Verdict } from '@/lib/domain/verdict'

export const verdictWords: Record<Verdict, string> = {
  pass: 'Pass',
  fail: 'Fail',
  'not-applicable': 'Not applicable',
  unknown: 'Unknown',
}

export const severityWords: Record<Severity, string> = { critical: 'Critical', high: 'High', medium: 'Medium', low: 'Low' }

export const reasonWords: Record<ReasonCode, string> = {
  'permission-denied': 'Permission denied',
  throttled: 'Throttled by Azure',
  'api-error': 'Azure answered with an error',
  'not-onboarded': 'Agent or plan that gives the evidence is missing',
  unsupported: 'Cannot be decided from what Azure tells',
}

export const scanStatusWords: Record<ScanStatus, string> = {
  queued: 'Waiting to start',
  running: 'Running',
  succeeded: 'Complete',
  partial: 'Partial: some could not be read',
  failed: 'Failed',
  cancelled: 'Cancelled',
}

export const partStatusWords: Record<PartStatus, string> = {
  pending: 'Waiting',
  running: 'Reading',
  succeeded: 'Read',
  partial: 'Partly read',
  failed: 'Not read',
}

export const stageWords: Record<ScanStage, string> = {
  discover: 'Finding subscriptions and resources',
  collect: 'Reading evidence',
  evaluate: 'Judging',
  finish: 'Storing',
}

export const modeWords: Record<ScanMode, string> = { full: 'Full', incremental: 'Changes only' }

/** How a scan came to its findings. */
export function modeInWords(scan: { mode: ScanMode; judgesAgain: string | null }): string {
  return scan.judgesAgain === null ? modeWords[scan.mode] : 'Judged again'
}

export const changeWords: Record<ChangeKind, string> = {
  'new-gap': 'New gap',
  'closed-gap': 'Closed gap',
  'reason-changed': 'Reason changed',
  appeared: 'Appeared',
  vanished: 'Vanished',
  'lost-sight': 'Lost sight',
  'gained-sight': 'Gained sight',
}

export const channelKindWords: Record<ChannelKind, string> = { webhook: 'Webhook', teams: 'Teams', slack: 'Slack', email: 'E-mail' }

export const topicWords: Record<Topic, string> = {
  changes: 'Gaps that opened and closed in a scan',
  scanning: 'Trouble with scanning: failed, not fully read, missed, coverage fell',
  credentials: 'Credentials that expire soon',
  exemptions: 'Exemptions that end soon',
}

export const deliveryWords: Record<DeliveryStatus, string> = {
  held: 'Held for the digest', merged: 'Went into a digest', waiting: 'Waiting', sent: 'Delivered', failed: 'Not delivered',
}

/** Column heads of narrow tables; the full title stands beside or in the tip. */
export const keyPointShortWords: Record<KeyPoint, string> = {
  'time-sync': 'Time',
  'central-log-management': 'Central',
  'audit-logging': 'Audit',
  'os-security-logs': 'OS logs',
  'log-retention': 'Retention',
  'log-review': 'Review',
  'anomaly-alerts': 'Alerts',
  'antimalware-logging': 'Malware',
  'dns-query-logging': 'DNS',
  'command-line-auditing': 'Commands',
}
