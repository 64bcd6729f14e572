import type { Check, CheckContext, DestinationUse } from '@/lib/domain/check'
import type { ImmutabilityPolicy, LogContainer, Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { remediateImmutability } from '../remediation/immutability'
import { totalDaysOfUse } from '../retention'
import { unreadJudgement } from '../unread'
import { listInWords } from '../wording'
import { retentionMappings } from './mappings'

const accountType = 'microsoft.storage/storageaccounts'
const containersRead = 'Microsoft.Storage/storageAccounts/blobServices/containers/read'

export const logStorageImmutable: Check = {
  id: 'log-storage-immutable',
  version: 4,
  keyPoint: 'log-retention',
  title: 'Logs in storage cannot be changed or deleted',
  question: 'Does a locked immutability policy protect the logs that this account alone keeps?',
  why: 'An intruder with rights on the account deletes its blobs in one step. A locked policy is the only thing that no owner can take off.',
  severity: 'medium',
  rules: {
    pass: 'Each container of logs that are kept nowhere else has a locked immutability policy that allows appends, for as many days as the policy of Keypoint asks: its own, or where it has none that of the account.',
    fail: 'There is none, it is not locked and so can be removed, it forbids the appends by which logs are written, or it ends before the days that are asked, after which everything can be deleted. A legal hold is no policy.',
    notApplicable: 'All its logs, or others that are enough in their place, are also in a workspace that keeps them for the total time of the policy.',
    unknown: 'The containers of the account could not be read, or how long a workspace keeps the same logs is not known.',
  },
  sources: [
    { title: 'Store business-critical blob data with immutable storage', url: 'https://learn.microsoft.com/azure/storage/blobs/immutable-storage-overview' },
    { title: 'Precedence of immutability policies of object, container and account', url: 'https://learn.microsoft.com/dotnet/api/azure.resourcemanager.storage.models.immutablestorageaccount.immutabilitypolicy' },
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
  // The account's policy alone proves nothing: a container's own, which may be weaker, takes its place.
  if (!read?.ok) return { ...unreadJudgement('The containers of the storage account', read, containersRead), evidence: seen }

  const protections = [...new Set([...alone, ...unclear])].sort().map((name) =>
    protectionOf(name, { containers: read.value, ofAccount, asked: totalDaysOfUse(name, use, context), isOnlyCopy: alone.includes(name) }))
  const evidence = { ...seen, containers: protections.map(({ name, policy, asked }) => ({ container: name, policy, requiredDays: asked })) }
  const faulty = protections.filter(({ fault }) => fault !== null)
  const sure = faulty.filter(({ name }) => alone.includes(name))
  const [worst] = sure.length > 0 ? sure : faulty
  if (worst === undefined) return { verdict: 'pass', reason: passReason(protections), evidence }
  const alike = listInWords((sure.length > 0 ? sure : faulty).filter(({ fault }) => fault === worst.fault).map(({ name }) => name))
  if (sure.length > 0) return { verdict: 'fail', reason: `${alike}: ${worst.fault}.`, evidence }
  return { verdict: 'unknown', reasonCode: 'unsupported', reason: `Whether a workspace keeps ${alike} long enough is not known, and ${worst.fault}.`, evidence }
}

interface Seen {
  containers: readonly LogContainer[]
  ofAccount: ImmutabilityPolicy | null
  asked: number
  /** False: whether another is kept long enough is not known. */
  isOnlyCopy: boolean
}

/** What protects the blobs of one container. */
interface Protection {
  name: string
  policy: ImmutabilityPolicy | null
  asked: number
  /** What is wrong with it; null: nothing. */
  fault: string | null
  from: 'container' | 'account'
}

/** A container's own policy comes before that of the account, which blobs inherit where it has none. */
function protectionOf(name: string, { containers, ofAccount, asked, isOnlyCopy }: Seen): Protection {
  const own = containers.find((container) => container.name.toLowerCase() === name)?.immutability ?? null
  const policy = own ?? ofAccount
  const from = own === null && ofAccount !== null ? 'account' : 'container'
  if (policy === null) return { name, policy, asked, fault: `no immutability policy protects ${isOnlyCopy ? 'the only copy of these logs' : 'the copy here'}`, from }
  return { name, policy, asked, fault: faultOf(policy, asked, from === 'account' ? ' of the account' : ''), from }
}

function passReason(protections: readonly Protection[]): string {
  const [first] = protections
  if (first?.policy && protections.every(({ from }) => from === 'account')) return `The account has an immutability policy that is locked${daysOf(first.policy)} and allows appends.`
  return `A locked immutability policy that allows appends protects each container of logs that are kept nowhere else: ${listInWords(protections.map(({ name, policy }) => `${name}${policy === null ? '' : daysOf(policy)}`))}.`
}

function faultOf(policy: ImmutabilityPolicy, askedDays: number, ofWhom: string): string | null {
  if (policy.state.toLowerCase() !== 'locked') return `the immutability policy${ofWhom} is ${policy.state.toLowerCase()}, so that it can be removed`
  if (!policy.allowsAppends) return `the locked immutability policy${ofWhom} forbids appends, by which logs are written`
  if (policy.days === null || policy.days >= askedDays) return null
  return `the immutability policy${ofWhom} is locked${daysOf(policy)}, after which the logs can be deleted, and ${askedDays} are asked`
}

function daysOf({ days }: ImmutabilityPolicy): string {
  return days === null ? '' : ` for ${days} ${days === 1 ? 'day' : 'days'}`
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
