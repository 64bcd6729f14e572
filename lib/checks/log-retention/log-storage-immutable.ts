import type { Check, CheckContext, DestinationUse } from '@/lib/domain/check'
import type { ImmutabilityPolicy, LogContainer, Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { remediateImmutability } from '../remediation/retention'
import { unreadJudgement } from '../unread'
import { listInWords } from '../wording'
import { retentionMappings } from './mappings'

const accountType = 'microsoft.storage/storageaccounts'
const containersRead = 'Microsoft.Storage/storageAccounts/blobServices/containers/read'

export const logStorageImmutable: Check = {
  id: 'log-storage-immutable',
  version: 1,
  keyPoint: 'log-retention',
  title: 'Logs in storage cannot be changed or deleted',
  question: 'Does a locked immutability policy protect the logs that this account alone keeps?',
  why: 'An intruder with rights on the account deletes its blobs in one step. A locked policy is the only thing that no owner can take off.',
  severity: 'medium',
  rules: {
    pass: 'The account, or each container of logs that are kept nowhere else, has a locked immutability policy that allows appends.',
    fail: 'There is none, it is not locked and so can be removed, or it forbids the appends by which logs are written. A legal hold is no policy.',
    notApplicable: 'All its logs are also in a workspace that keeps them for the total time of the policy.',
    unknown: 'The containers of the account could not be read, or how long a workspace keeps the same logs is not known.',
  },
  sources: [
    { title: 'Store business-critical blob data with immutable storage', url: 'https://learn.microsoft.com/azure/storage/blobs/immutable-storage-overview' },
    { title: 'Send resource logs to storage: immutable storage', url: 'https://learn.microsoft.com/azure/azure-monitor/platform/diagnostic-settings' },
  ],
  mappings: [...retentionMappings, { framework: 'NIST SP 800-53', controls: ['AU-9'] }],
  permissions: [containersRead, 'Microsoft.Storage/storageAccounts/read'],
  asks: [accountType],

  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== accountType) return undefined
    const use = context.estate.destinations.use(subject.id)
    if (!use || use.categories.length === 0) return undefined
    return judge(subject.resource, use, context)
  },

  remediate: remediateImmutability,
}

function judge(account: Resource, use: DestinationUse, context: CheckContext): Judgement | undefined {
  const read = context.estate.fact(account.id, 'log-containers')
  if (read?.ok === false && read.reason === 'gone') return undefined
  const { onlyCopies: alone = [], unclearCopies: unclear = [] } = use
  if (alone.length + unclear.length === 0) {
    return { verdict: 'not-applicable', reason: 'All its logs are also in a workspace that keeps them long enough.', evidence: { containers: use.categories } }
  }
  const ofAccount = accountPolicy(account.properties.immutableStorageWithVersioning)
  const seen = { onlyCopies: alone, ...(unclear.length > 0 && { unclearCopies: unclear }), accountPolicy: ofAccount }
  if (ofAccount !== null && faultOf(ofAccount) === null) {
    return { verdict: 'pass', reason: `The account has a locked immutability policy${daysOf(ofAccount)} that allows appends.`, evidence: seen }
  }
  if (!read?.ok) return { ...unreadJudgement('The containers of the storage account', read, containersRead), evidence: seen }

  const policies = [...new Set([...alone, ...unclear])].sort().map((name) => ({ name, policy: policyOf(name, read.value) }))
  const evidence = { ...seen, containers: policies.map(({ name, policy }) => ({ container: name, policy })) }
  const faults = policies.flatMap(({ name, policy }) => {
    const fault = faultOf(policy)
    return fault === null ? [] : [{ name, fault }]
  })
  const [first] = faults
  if (first === undefined) return { verdict: 'pass', reason: 'A locked immutability policy that allows appends is on each container of logs that are kept nowhere else.', evidence }
  const sure = faults.filter(({ name }) => alone.includes(name))
  if (sure.length === 0) {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: `Whether a workspace keeps ${listInWords(faults.map(({ name }) => name))} long enough is not known, and no locked policy protects the copy here.`, evidence }
  }
  const [worst = first] = sure
  const alike = sure.filter(({ fault }) => fault === worst.fault).map(({ name }) => name)
  return { verdict: 'fail', reason: `${listInWords(alike)}: ${worst.fault}.`, evidence }
}

function policyOf(name: string, containers: readonly LogContainer[]): ImmutabilityPolicy | null {
  return containers.find((container) => container.name.toLowerCase() === name)?.immutability ?? null
}

/** What is wrong with a policy; null: nothing. */
function faultOf(policy: ImmutabilityPolicy | null): string | null {
  if (policy === null) return 'no immutability policy protects the only copy of these logs'
  if (policy.state.toLowerCase() !== 'locked') return `the immutability policy is ${policy.state.toLowerCase()}, so that it can be removed`
  return policy.allowsAppends ? null : 'the locked immutability policy forbids appends, by which logs are written'
}

function daysOf({ days }: ImmutabilityPolicy): string {
  return days === null ? '' : ` of ${days} days`
}

/** The policy of the account as a whole, in the form that the inventory has it. */
function accountPolicy(value: unknown): ImmutabilityPolicy | null {
  const policy = at(value, 'immutabilityPolicy')
  const state = at(policy, 'state')
  if (at(value, 'enabled') !== true || typeof state !== 'string' || state.toLowerCase() === 'disabled') return null
  const days = at(policy, 'immutabilityPeriodSinceCreationInDays')
  return { state, days: typeof days === 'number' ? days : null, allowsAppends: at(policy, 'allowProtectedAppendWrites') === true }
}

function at(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
}
