import { logsElsewhere, noSecurityLogs } from '@/lib/catalog/judgement'
import type { CheckContext } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { memoByContext, memoByScan } from './context-memo'
import { coverageOf, type Coverage } from './coverage'
import { effectiveLoggingOf, logsAnything, type EffectiveLogging } from './effective-logging'
import { logFeedOf, type LogFeed } from './log-feed'
import type { LoggingProfile } from './logging-profile'
import { managingService } from './managing-service'
import type { RequiredSet } from './required-categories'
import { isSqlDatabase } from './sql-audit'
import { unreadJudgement } from './unread'

/** What the checks on a resource's logs start from: what it sends against what it must, or why there is nothing to compare. */
export type ResourceLogging =
  | { state: 'gone' }
  | { state: 'settled'; judgement: Extract<Judgement, { verdict: 'not-applicable' | 'unknown' }> }
  | {
      state: 'read'
      effective: EffectiveLogging
      required: RequiredSet
      coverage: Coverage
      anything: boolean
      /** Where more than settings decides: why nothing of what is required leaves (a sentence without its full stop), and what was read of it. */
      feed: { silent: string | null; evidence: Evidence } | null
    }

/** The comparison of a resource whose settings were read. */
export type ComparedLogging = Extract<ResourceLogging, { state: 'read' }>

/**
 * Judges each comparison once per context, for a check whose verdict depends on nothing else of the resource.
 * Resources that are configured alike share the judgement, evidence included.
 */
export function judgeOnce(judge: (logging: ComparedLogging, context: CheckContext) => Judgement): (logging: ComparedLogging, context: CheckContext) => Judgement {
  const judged = memoByScan(() => new Map<ComparedLogging, Judgement>())
  return (logging, context) => {
    const known = judged(context).get(logging)
    if (known) return known
    const made = judge(logging, context)
    judged(context).set(logging, made)
    return made
  }
}

export const settingsRead = 'Microsoft.Insights/diagnosticSettings/read'

const typeReasons = memoByScan(() => new Map<string, ResourceLogging>())

function notApplicable(reason: string, evidence?: Evidence): ResourceLogging {
  return { state: 'settled', judgement: { verdict: 'not-applicable', reason, ...(evidence && { evidence }) } }
}

/** One shared answer per type, since most resources of an estate have no logs. */
function withoutLogs(type: string, context: CheckContext): ResourceLogging {
  const known = typeReasons(context).get(type)
  if (known) return known
  const elsewhere = logsElsewhere[type]
  const made = notApplicable(`The type ${type} has no resource logs${elsewhere ? `: ${elsewhere}` : ''}.`)
  typeReasons(context).set(type, made)
  return made
}

/** One comparison for all resources that are configured alike. */
const comparisons = memoByScan(() => new Map<EffectiveLogging, ResourceLogging>())

/** The comparison of a resource whose logs hang on more than its settings. */
function compareFed({ effective, required, silent, evidence }: Extract<LogFeed, { state: 'known' }>): ResourceLogging {
  return { state: 'read', effective, required, coverage: coverageOf(required, effective), anything: logsAnything(effective), feed: { silent, evidence } }
}

/** True where Azure itself says that there is nothing to log: metrics only in this region, or no settings for the type. */
function offersNothing({ takesSettings, source, offered, required }: LoggingProfile, mayEmit: boolean): boolean {
  if (source === 'live') return offered.length === 0 && required.decidedBy === 'none'
  return !mayEmit && !takesSettings
}

function unsettled(resource: Resource, context: CheckContext): ResourceLogging {
  const owner = managingService(resource)
  if (owner) return notApplicable(`Belongs to the managed resource group of ${owner.name} (${owner.type}), which that service runs.`, { managedBy: owner.id })
  const effective = effectiveLoggingOf(resource, context)
  const { read, profile } = effective
  const mayEmit = context.catalog.mayEmitLogs(resource.type)
  if (read !== undefined && !read.ok && read.reason === 'gone') return { state: 'gone' }
  // What has no logs stays so when sight of the resource is lost.
  const unasked = noSecurityLogs[resource.type]
  if (unasked !== undefined && profile.required.decidedBy === 'none') return notApplicable(`Nothing is asked of ${resource.type}: ${unasked}.`)
  if (offersNothing(profile, mayEmit) && !isSqlDatabase(resource)) return withoutLogs(resource.type, context)
  const feed = context.estate.lost === undefined ? logFeedOf(resource, effective, context) : undefined
  const asked = profile.required.decidedBy !== 'none' || (isSqlDatabase(resource) && profile.offered.length === 0)
  if (feed !== undefined && asked) return feed.state === 'known' ? compareFed(feed) : { state: 'settled', judgement: feed.judgement }
  if (read === undefined) {
    if (!mayEmit && profile.source !== 'live') return withoutLogs(resource.type, context)
    return { state: 'settled', judgement: unreadJudgement('The diagnostic settings', undefined, settingsRead) }
  }
  if (!read.ok) {
    if (read.reason === 'not-supported') {
      const disagreed = mayEmit ? ', although the catalogue knows log categories for this type' : ''
      return notApplicable(`Azure answers that ${resource.type} does not support diagnostic settings${disagreed}.`, { code: read.code, status: read.status, inCatalogue: mayEmit })
    }
    return { state: 'settled', judgement: unreadJudgement('The diagnostic settings', read, settingsRead) }
  }
  if (profile.required.decidedBy === 'none') return notApplicable(`The policy requires no log category of ${resource.type}.`)
  if (!mayEmit && profile.source === 'none' && effective.categories.size === 0 && effective.openGroups.length === 0) {
    return withoutLogs(resource.type, context)
  }
  const shared = comparisons(context).get(effective)
  if (shared) return shared
  const required = profile.required
  const compared: ResourceLogging = { state: 'read', effective, required, coverage: coverageOf(required, effective), anything: logsAnything(effective), feed: null }
  comparisons(context).set(effective, compared)
  return compared
}

const known = memoByContext(() => new Map<Resource, ResourceLogging>())

/** What a resource sends against what it must send; worked out once for all checks. */
export function resourceLogging(resource: Resource, context: CheckContext): ResourceLogging {
  const found = known(context).get(resource)
  if (found) return found
  const made = unsettled(resource, context)
  known(context).set(resource, made)
  return made
}
