import { logsElsewhere, noSecurityLogs } from '@/lib/catalog/judgement'
import type { CheckContext } from '@/lib/domain/check'
import type { Resource } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { memoByContext } from './context-memo'
import { coverageOf, type Coverage } from './coverage'
import { effectiveLoggingOf, logsAnything, type EffectiveLogging } from './effective-logging'
import { withoutApiServer } from './kubernetes'
import { hasFeed, logFeedOf, type LogFeed } from './log-feed'
import type { LoggingProfile } from './logging-profile'
import { managingService } from './managing-service'
import type { RequiredSet } from './required-categories'
import { sqlDatabaseType } from './sql-audit'
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
 * Judges each comparison once, for a check whose verdict depends on nothing else of the resource. Resources that are
 * configured alike share the judgement, evidence included. A comparison belongs to one scan and one policy.
 */
export function judgeOnce<J extends Judgement | null>(judge: (logging: ComparedLogging, context: CheckContext) => J): (logging: ComparedLogging, context: CheckContext) => J {
  const judged = new WeakMap<ComparedLogging, J>()
  return (logging, context) => {
    const known = judged.get(logging)
    if (known !== undefined) return known
    const made = judge(logging, context)
    judged.set(logging, made)
    return made
  }
}

export const settingsRead = 'Microsoft.Insights/diagnosticSettings/read'

function notApplicable(reason: string, evidence?: Evidence): ResourceLogging {
  return { state: 'settled', judgement: { verdict: 'not-applicable', reason, ...(evidence && { evidence }) } }
}

function withoutLogs(type: string): ResourceLogging {
  const elsewhere = logsElsewhere[type]
  return notApplicable(`The type ${type} has no resource logs${elsewhere ? `: ${elsewhere}` : ''}.`)
}

/** True where Azure itself says that there is nothing to log: metrics only in this region, or no settings for the type. */
function offersNothing({ type, takesSettings, source, offered, required }: LoggingProfile, mayEmit: boolean): boolean {
  if (type === sqlDatabaseType) return false
  if (source === 'live') return offered.length === 0 && required.decidedBy === 'none'
  return !mayEmit && !takesSettings
}

function isGone({ read }: EffectiveLogging): boolean {
  return read?.ok === false && read.reason === 'gone'
}

/** What decides beside the settings of a resource; undefined where nothing does, or nothing is asked. */
function feedOf(resource: Resource, effective: EffectiveLogging, context: CheckContext): LogFeed | undefined {
  const { profile } = effective
  if (!hasFeed(profile.type) || context.estate.lost !== undefined || isGone(effective)) return undefined
  if (offersNothing(profile, context.catalog.mayEmitLogs(profile.type))) return undefined
  const asked = profile.required.decidedBy !== 'none' || (profile.type === sqlDatabaseType && profile.offered.length === 0)
  return asked ? logFeedOf(resource, effective, context) : undefined
}

/** The comparison of a resource whose logs hang on more than its settings. */
function compareFed(feed: LogFeed): ResourceLogging {
  if (feed.state === 'unknown') return { state: 'settled', judgement: feed.judgement }
  const { effective, required, silent, evidence } = feed
  return { state: 'read', effective, required, coverage: coverageOf(required, effective), anything: logsAnything(effective), feed: { silent, evidence } }
}

/** The comparison where settings decide alone. */
function compare(effective: EffectiveLogging, context: CheckContext): ResourceLogging {
  const { read, profile } = effective
  const { type, required } = profile
  const mayEmit = context.catalog.mayEmitLogs(type)
  if (isGone(effective)) return { state: 'gone' }
  // What has no logs stays so when sight of the resource is lost.
  const unasked = noSecurityLogs[type]
  if (unasked !== undefined && required.decidedBy === 'none') return notApplicable(`Nothing is asked of ${type}: ${unasked}.`)
  if (offersNothing(profile, mayEmit)) return withoutLogs(type)
  if (read === undefined) {
    if (!mayEmit && profile.source !== 'live') return withoutLogs(type)
    return { state: 'settled', judgement: unreadJudgement('The diagnostic settings', undefined, settingsRead) }
  }
  if (!read.ok) {
    if (read.reason === 'not-supported') {
      const disagreed = mayEmit ? ', although the catalogue knows log categories for this type' : ''
      return notApplicable(`Azure answers that ${type} does not support diagnostic settings${disagreed}.`, { code: read.code, status: read.status, inCatalogue: mayEmit })
    }
    return { state: 'settled', judgement: unreadJudgement('The diagnostic settings', read, settingsRead) }
  }
  if (required.decidedBy === 'none') return notApplicable(`The policy requires no log category of ${type}.`)
  if (!mayEmit && profile.source === 'none' && effective.categories.size === 0 && effective.openGroups.length === 0) return withoutLogs(type)
  return { state: 'read', effective, required, coverage: coverageOf(required, effective), anything: logsAnything(effective), feed: null }
}

/** One comparison for all resources that are configured alike. */
const compared = new WeakMap<EffectiveLogging, ResourceLogging>()

function workOut(resource: Resource, context: CheckContext): ResourceLogging {
  const owner = managingService(resource)
  if (owner) return notApplicable(`Belongs to the managed resource group of ${owner.name} (${owner.type}), which that service runs.`, { managedBy: owner.id })
  const silent = withoutApiServer(resource)
  if (silent) return notApplicable(silent.reason, silent.evidence)
  const effective = effectiveLoggingOf(resource, context)
  const feed = feedOf(resource, effective, context)
  if (feed) return compareFed(feed)
  let logging = compared.get(effective)
  if (!logging) compared.set(effective, (logging = compare(effective, context)))
  return logging
}

const known = memoByContext(() => new Map<Resource, ResourceLogging>())

/** What a resource sends against what it must send; worked out once for all checks. */
export function resourceLogging(resource: Resource, context: CheckContext): ResourceLogging {
  const found = known(context).get(resource)
  if (found) return found
  const made = workOut(resource, context)
  known(context).set(resource, made)
  return made
}
