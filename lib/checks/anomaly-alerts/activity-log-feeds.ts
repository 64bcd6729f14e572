import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import { memoByContext } from '../context-memo'
import { destinationOf } from '../destination'
import type { ReasonCode } from '@/lib/domain/verdict'
import { fateIn } from '../workspace-transformation'
import type { ActivityEvent } from './operations'

/** Which workspaces receive which categories of the subscription's activity log. */
export type ActivityLogFeeds =
  | { state: 'read'; workspaces: ReadonlyMap<ResourceKey, { id: string; categories: ReadonlySet<string> }> }
  | { state: 'unread'; why: Unclear }

/** Why something cannot be told. `why` completes "the rule … ". */
export interface Unclear {
  why: string
  reasonCode: ReasonCode
  permission?: string
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
  const workspaces = new Map<ResourceKey, { id: string; categories: Set<string> }>()
  for (const { workspaceId, logs } of read.value) {
    if (workspaceId === null || takesNothing(workspaceId, context)) continue
    const key = toResourceKey(workspaceId)
    const known = workspaces.get(key) ?? { id: workspaceId, categories: new Set<string>() }
    workspaces.set(key, known)
    for (const { enabled, category, categoryGroup } of logs) if (enabled) for (const name of kept(category ?? categoryGroup ?? '', workspaceId, context)) known.categories.add(name)
  }
  return { state: 'read', workspaces }
})

/** What of a category, or of the group of all, the workspace's own transformation does not surely drop; in lower case. */
function kept(written: string, workspaceId: string, context: CheckContext): string[] {
  const { workspace } = destinationOf(workspaceId, 'workspace', context)
  const name = written.toLowerCase()
  if (workspace === undefined || workspace.defaultRuleId === null) return [name]
  const { categories } = context.catalog.platform.subscription
  const held = categories.filter((category) => name === 'alllogs' || category.toLowerCase() === name)
  return held.filter((category) => fateIn(workspace, { table: 'AzureActivity', category, type: 'microsoft.resources/subscriptions' }, context).outcome !== 'dropped').map((category) => category.toLowerCase())
}

/** A setting outlives its workspace, and a rule may still query what is gone. */
function takesNothing(workspaceId: string, context: CheckContext): boolean {
  const { state } = destinationOf(workspaceId, 'workspace', context)
  return state === 'deleted' || state === 'not-ready'
}

/** True when rows of the event arrive where these categories go. */
export function carries(categories: ReadonlySet<string>, event: ActivityEvent): boolean {
  const [category] = event.category ?? []
  return categories.has('alllogs') || (category !== undefined && categories.has(category))
}
