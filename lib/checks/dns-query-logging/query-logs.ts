import { nameOf, resourceGroupOf, subscriptionIdOf, toResourceKey, typeOf, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { memoByContext } from '../context-memo'
import { coverageOf, isComplete } from '../coverage'
import { collectEffective } from '../effective-logging'
import { coverageEvidence, unsettledJudgement } from '../judge-coverage'
import { loggingProfile } from '../logging-profile'
import type { RequiredSet } from '../required-categories'
import { settingsRead } from '../resource-logging'
import { unreadJudgement } from '../unread'
import { are, listInWords, them, whyNothing } from '../wording'

/** What logs queries: a DNS security policy or a firewall, in whatever subscription. */
export interface QueryLogger {
  kind: 'policy' | 'firewall'
  id: string
  location: string
}

const why = 'It is the category that holds DNS queries.'
const required: Record<QueryLogger['kind'], RequiredSet> = {
  policy: { decidedBy: 'type-judgement', categories: ['DnsResponse'], anyOf: [], why },
  firewall: { decidedBy: 'type-judgement', categories: [], anyOf: [['AzureFirewallDnsProxy', 'AZFWDnsQuery']], why },
}
const words: Record<QueryLogger['kind'], string> = { policy: 'DNS security policy', firewall: 'firewall' }

/** Many networks share one policy or firewall: each is judged once. */
const judged = memoByContext(() => new Map<ResourceKey, Judgement>())

/** Whether the logger sends its query log to a destination that exists. Never `not-applicable`. */
export function queryLogs(logger: QueryLogger, context: CheckContext): Judgement {
  const key = toResourceKey(logger.id)
  const known = judged(context).get(key)
  if (known) return known
  const made = judge(logger, context)
  judged(context).set(key, made)
  return made
}

function judge(logger: QueryLogger, context: CheckContext): Judgement {
  const { kind, id } = logger
  const name = `the ${words[kind]} ${nameOf(id)}`
  const settings = `The diagnostic settings of ${name}`
  const read = context.estate.fact(id, 'diagnostic-settings')
  // What is stored of a subscription out of sight is of an earlier scan.
  if (!context.estate.destinations.canSee(subscriptionIdOf(id) ?? '')) return unreadJudgement(settings, read?.ok === false ? read : outOfSight, settingsRead)
  if (!read?.ok) return unreadJudgement(settings, read, settingsRead)

  const effective = collectEffective(id, loggingProfile(context.estate.resource(id) ?? asResource(logger), context), context)
  const coverage = coverageOf(required[kind], effective)
  const evidence = { loggedBy: id, ...coverageEvidence(required[kind], coverage, effective, context) }
  const { present, missing } = coverage
  if (isComplete(coverage)) return { verdict: 'pass', reason: `${listInWords(present)} of ${name} ${are(present)} sent to a destination that exists and takes ${them(present)}.`, evidence }
  if (missing.length > 0) return { verdict: 'fail', reason: `${listInWords(missing)} of ${name} ${are(missing)} sent nowhere: ${whyNothing(effective)}.`, evidence }
  return unsettledJudgement(required[kind], coverage, evidence, 'medium')
}

const outOfSight = { ok: false, reason: 'permission-denied', detail: 'its subscription is not in sight', status: null, code: null, action: settingsRead } as const

/** A logger of another subscription, as far as its log categories depend on it. */
function asResource({ id, location }: QueryLogger): Resource {
  return {
    id,
    name: nameOf(id),
    type: typeOf(id) ?? '',
    kind: null,
    location,
    resourceGroup: resourceGroupOf(id) ?? '',
    subscriptionId: subscriptionIdOf(id) ?? '',
    skuName: null,
    managedBy: null,
    tags: {},
    properties: {},
    derivedFrom: null,
  }
}
