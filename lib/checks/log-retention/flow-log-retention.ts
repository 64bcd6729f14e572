import { nameOf } from '@/lib/domain/arm-id'
import type { Check, CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import type { FlowLog } from '@/lib/domain/network'
import { storedDaysAsked } from '@/lib/domain/retention-days'
import { counts, unclearJudgement } from '../destination'
import { flowLogEvidence, flowLogsRead, flowLogState, flowLogType, isOfSecurityGroup, keptInWords, storageOf } from '../flow-log'
import { remediateFlowLogRetention } from '../remediation/flow-logs'
import { firstDeletion, lifecycleRead } from '../retention'
import { unreadJudgement } from '../unread'
import { flowRetentionMappings } from './mappings'

/** The containers that flow logs write to. */
const containers = { network: 'insights-logs-flowlogflowevent', securityGroup: 'insights-logs-networksecuritygroupflowevent' } as const

export const flowLogRetention: Check = {
  id: 'flow-log-retention',
  version: 4,
  keyPoint: 'log-retention',
  title: 'The flow log is kept long enough',
  question: 'Are the records of this flow log kept for 90 days or longer?',
  why: 'A flow log deletes its own blobs after the days set here, and a lifecycle rule of the account may delete them sooner.',
  severity: 'medium',
  rules: {
    pass: 'Its retention is off or 0 days, which keeps for ever, or at least 90 days (or the policy’s own figure for audit logging or log retention), and no lifecycle rule of the account deletes sooner.',
    fail: 'It is less, or a lifecycle rule deletes sooner.',
    notApplicable: 'The flow log is off, or its storage account is gone, which the check of the network says.',
    unknown: 'The flow log, its account or the account’s lifecycle rules could not be read, whether the account’s firewall lets it in is not told, or the only rule that deletes too soon names paths inside the container.',
  },
  sources: [
    { title: 'Virtual network flow logs', url: 'https://learn.microsoft.com/azure/network-watcher/vnet-flow-logs-overview' },
    { title: 'Lifecycle management policies of blob storage', url: 'https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview' },
  ],
  mappings: flowRetentionMappings,
  permissions: [flowLogsRead, lifecycleRead],
  asks: [flowLogType],

  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== flowLogType) return undefined
    const read = context.estate.fact(subject.id, 'flow-log')
    if (!read?.ok) return unreadJudgement('The flow log', read, flowLogsRead)
    return judge(read.value, context)
  },

  remediate: remediateFlowLogRetention,
}

function judge(log: FlowLog, context: CheckContext): Judgement {
  const asked = storedDaysAsked(context.policy.retentionDays, 'audit-logging')
  const evidence = { requiredDays: asked, retentionDays: keptInWords(log), trafficAnalytics: log.trafficAnalytics, ...flowLogEvidence(log, context) }
  const state = flowLogState(log, context)
  if (state.state === 'broken') return { verdict: 'not-applicable', reason: `The flow log ${state.why}, so it keeps nothing new.`, evidence }
  if (log.retentionDays > 0 && log.retentionDays < asked) {
    return { verdict: 'fail', reason: `The flow log deletes its records after ${log.retentionDays} days, less than ${asked}.`, evidence }
  }
  const storage = storageOf(log, context)
  const account = nameOf(storage?.id ?? '')
  const read = storage === null ? undefined : context.estate.fact(storage.key, 'storage-lifecycle')
  if (storage?.unclear) return unclearJudgement(`Whether ${account} takes the flow log is not told.`, storage.unclear, evidence)
  if (state.state === 'perhaps' || storage === null || !counts(storage)) {
    return { verdict: 'unknown', reasonCode: 'permission-denied', reason: `The storage account ${account} lies in a subscription that cannot be read.`, permission: lifecycleRead, evidence: { ...evidence, ...(storage !== null && { refusedOn: storage.id }) } }
  }
  if (!read?.ok) return { ...unreadJudgement(`The lifecycle rules of the storage account ${account}`, read, lifecycleRead), evidence: { ...evidence, refusedOn: storage.id } }

  const container = isOfSecurityGroup(log) ? containers.securityGroup : containers.network
  const whole = firstDeletion(read.value, `${container}/`, 'blockblob', 'all')
  const isSure = whole !== null && whole.days < asked
  const deletion = isSure ? whole : firstDeletion(read.value, `${container}/`, 'blockblob')
  const seen = { ...evidence, container, ...(deletion !== null && { lifecycleRule: deletion }) }
  const kept = log.retentionDays === 0 ? 'for ever' : `${log.retentionDays} days`
  if (deletion === null || deletion.days >= asked) return { verdict: 'pass', reason: `The flow log keeps its records ${deletion === null ? kept : `at least ${asked} days`}; ${asked} days are asked.`, evidence: seen }
  if (!isSure) {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: `The lifecycle rule '${deletion.rule}' deletes after ${deletion.days} days under a path of ${container} that may be this flow log’s.`, evidence: seen }
  }
  return { verdict: 'fail', reason: `The lifecycle rule '${deletion.rule}' of ${account} deletes flow logs after ${deletion.days} days, less than ${asked}.`, evidence: seen }
}
