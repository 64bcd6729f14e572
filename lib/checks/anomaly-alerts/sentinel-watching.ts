import { nameOf } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { Collected } from '@/lib/domain/collected'
import type { SentinelOnboarding, SentinelRule } from '@/lib/domain/sentinel'
import { memoByContext } from '../context-memo'
import { destinationOf } from '../destination'
import { activityLogFeeds, arrival, type Unclear } from './activity-log-feeds'
import type { ActivityEvent } from './operations'

/** A workspace that may have rules of Sentinel on the subscription's activity log. */
export interface SentinelWorkspace {
  id: string
  /** Null: the rules could not be read. */
  rules: readonly SentinelRule[] | null
  /** Set where the rules could not be read. */
  unclear: Unclear | null
  /** Whether the activity log brings the event. */
  receives(event: ActivityEvent): 'all' | 'none' | Unclear
}

export const sentinelPermissions = ['Microsoft.SecurityInsights/onboardingStates/read', 'Microsoft.SecurityInsights/alertRules/read'] as const
const [onboardingPermission, rulesPermission] = sentinelPermissions

/** The workspaces that the activity log goes to; where that could not be read, the central ones that have Sentinel or may have it. */
export const sentinelWorkspaces = memoByContext((context: CheckContext): SentinelWorkspace[] => {
  const feeds = activityLogFeeds(context)
  const candidates =
    feeds.state === 'read'
      ? [...feeds.workspaces.values()].map((feed) => ({ id: feed.id, receives: (event: ActivityEvent) => arrival(feed, event) }))
      : context.estate.destinations.central.ids.filter((id) => mayHaveSentinel(context.estate.fact(id, 'sentinel-onboarding'))).map((id) => ({ id, receives: () => feeds.why }))
  const known = candidates.flatMap(({ id, receives }) => {
    const found = rulesOf(id, context)
    return found === null ? [] : [{ id, receives, ...found }]
  })
  return feeds.state === 'unread' && known.length === 0 && outOfSight(context) ? [anyWorkspace(feeds.why)] : known
})

/** One that was never asked for is not known to have it; what could not be read may. */
function mayHaveSentinel(read: Collected<SentinelOnboarding> | undefined): boolean {
  return read !== undefined && (!read.ok || read.value.onboarded)
}

/** What is out of sight may send its activity log anywhere. */
function outOfSight({ estate: { subscription, destinations } }: CheckContext): boolean {
  return subscription !== null && !destinations.canSee(subscription.subscriptionId)
}

function anyWorkspace({ reasonCode, permission }: Unclear): SentinelWorkspace {
  const why = 'rules of Sentinel may watch for it, and where the activity log goes could not be read'
  return { id: 'any workspace', receives: () => 'all', rules: null, unclear: { why, reasonCode, ...(permission !== undefined && { permission }) } }
}

/** Null: there is no Sentinel. */
function rulesOf(id: string, context: CheckContext): { rules: SentinelRule[] | null; unclear: Unclear | null } | null {
  const { state } = destinationOf(id, 'workspace', context)
  if (state === 'deleted') return null
  if (state === 'unreadable' || state === 'approved') {
    const why = `rules of Sentinel may watch for it on ${nameOf(id)}, which is not in sight`
    return { rules: null, unclear: { why, reasonCode: 'permission-denied', permission: rulesPermission } }
  }
  const onboarding = context.estate.fact(id, 'sentinel-onboarding')
  if (onboarding?.ok) {
    if (!onboarding.value.onboarded) return null
    const rules = context.estate.fact(id, 'sentinel-rules')
    return rules?.ok ? { rules: rules.value, unclear: null } : { rules: null, unclear: unread(`the rules of Sentinel on ${nameOf(id)}`, rules, rulesPermission) }
  }
  if (onboarding?.reason === 'gone') return null
  return { rules: null, unclear: unread(`whether Sentinel is on ${nameOf(id)}`, onboarding, onboardingPermission) }
}

function unread(what: string, read: Collected<unknown> | undefined, permission: string): Unclear {
  const why = `${what} could not be read`
  if (read === undefined || read.ok || read.reason === 'gone' || read.reason === 'not-supported') return { why, reasonCode: 'api-error' }
  return { why, reasonCode: read.reason, ...(read.reason === 'permission-denied' && { permission: read.action ?? permission }) }
}
