import { nameOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import { memoByContext } from '../context-memo'
import { destinationOf, readActionOf, type UnclearKeeping } from '../destination'
import type { ReasonCode } from '@/lib/domain/verdict'
import { fateIn } from '../workspace-transformation'
import type { ActivityEvent } from './operations'

/** What of the activity log arrives in one workspace: categories, or the group of all, in lower case. Null: it surely does; else why that is not told. */
export interface ActivityLogFeed {
  id: string
  categories: ReadonlyMap<string, Unclear | null>
}

/** Which workspaces receive which categories of the subscription's activity log. */
export type ActivityLogFeeds =
  | { state: 'read'; workspaces: ReadonlyMap<ResourceKey, ActivityLogFeed> }
  | { state: 'unread'; why: Unclear }

/** Why something cannot be told. `why` completes "the rule … ". */
export interface Unclear {
  why: string
  reasonCode: ReasonCode
  permission?: string
  /** Id of what that permission is wanted on. */
  refusedOn?: string
}

/** Where the activity log goes: a query on a workspace sees what arrives there. */
export const activityLogFeeds = memoByContext((context: CheckContext): ActivityLogFeeds => {
  const { subscription } = context.estate
  const read = subscription === null ? undefined : context.estate.fact(`/subscriptions/${subscription.subscriptionId}`, 'diagnostic-settings')
  if (!read?.ok) {
    const refused = read?.reason === 'permission-denied'
    return {
      state: 'unread',
      why: {
        why: 'reads a workspace, and where the activity log goes could not be read',
        reasonCode: read === undefined || read.reason === 'gone' || read.reason === 'not-supported' ? 'api-error' : read.reason,
        ...(refused && { permission: read.action ?? 'Microsoft.Insights/diagnosticSettings/read' }),
      },
    }
  }
  const workspaces = new Map<ResourceKey, { id: string; categories: Map<string, Unclear | null> }>()
  for (const { workspaceId, logs } of read.value) {
    if (workspaceId === null || takesNothing(workspaceId, context)) continue
    const key = toResourceKey(workspaceId)
    const known = workspaces.get(key) ?? { id: workspaceId, categories: new Map<string, Unclear | null>() }
    workspaces.set(key, known)
    for (const { enabled, category, categoryGroup } of logs) if (enabled) for (const [name, unclear] of kept(category ?? categoryGroup ?? '', workspaceId, context)) known.categories.set(name, unclear)
  }
  return { state: 'read', workspaces }
})

/** What of a category, or of the group of all, the workspace's own transformation does not surely drop. */
function kept(written: string, workspaceId: string, context: CheckContext): [string, Unclear | null][] {
  const { workspace, state } = destinationOf(workspaceId, 'workspace', context)
  const name = written.toLowerCase()
  if (state === 'unreadable') return [[name, { why: `reads ${nameOf(workspaceId)}, which is not in sight`, reasonCode: 'permission-denied', permission: readActionOf.workspace, refusedOn: workspaceId }]]
  if (workspace === undefined || workspace.defaultRuleId === null) return [[name, null]]
  const held = context.catalog.platform.subscription.categories.filter((category) => name === 'alllogs' || category.toLowerCase() === name)
  return held.flatMap((category): [string, Unclear | null][] => {
    const { outcome } = fateIn(workspace, { table: 'AzureActivity', category, type: 'microsoft.resources/subscriptions' }, context)
    return outcome === 'dropped' ? [] : [[category.toLowerCase(), outcome === 'kept' ? null : mayBeLost(workspace.name, outcome)]]
  })
}

function mayBeLost(workspace: string, { why: sentence, ...unclear }: UnclearKeeping): Unclear {
  const why = `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1).replace(/\.$/, '')}`
  return { ...unclear, why: `reads ${workspace}, which may not keep what it looks for: ${why}` }
}

/** A setting outlives its workspace, and a rule may still query what is gone. */
function takesNothing(workspaceId: string, context: CheckContext): boolean {
  const { state } = destinationOf(workspaceId, 'workspace', context)
  return state === 'deleted' || state === 'not-ready'
}

/** Whether rows of the event arrive where these categories go. */
export function arrival({ categories }: ActivityLogFeed, event: ActivityEvent): 'all' | 'none' | Unclear {
  const [category] = event.category ?? []
  const found = categories.has('alllogs') ? categories.get('alllogs') : categories.get(category ?? '')
  return found === undefined ? 'none' : (found ?? 'all')
}
