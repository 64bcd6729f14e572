import type { CheckContext, DestinationUse, Subject } from '@/lib/domain/check'
import type { Workspace } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { isApproved } from './destination'
import { unreadJudgement, valueOf } from './unread'

/** A Log Analytics workspace and what is sent to it, or what to say instead; undefined for every other subject. */
export function askWorkspace(subject: Subject, context: CheckContext): { workspace: Workspace; use: DestinationUse | undefined } | { judgement: Judgement } | undefined {
  if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.operationalinsights/workspaces') return undefined
  const { destinations } = context.estate
  if (destinations.canSee(subject.resource.subscriptionId)) {
    const workspace = destinations.workspace(subject.id)
    return workspace && { workspace, use: destinations.use(subject.id) }
  }
  // What is stored of a subscription out of sight is of an earlier scan.
  const read = context.estate.fact(subject.id, 'workspace-tables')
  return { judgement: unreadJudgement('The workspace', read?.ok ? undefined : read, 'Microsoft.OperationalInsights/workspaces/read') }
}

/** Why a workspace is taken to be in use; null: nothing that was seen is sent to it. What feeds a Sentinel by its connectors is not seen. */
export function usedBy({ id }: Workspace, use: DestinationUse | undefined, context: CheckContext): Evidence | null {
  const sentinel = valueOf(context.estate.fact(id, 'sentinel-onboarding'))?.onboarded === true
  const approved = isApproved(id, context)
  if (use === undefined && !sentinel && !approved) return null
  return { subjects: use?.subjects ?? 0, ...(sentinel && { sentinel }), ...(approved && { approved }) }
}

export const notInUse = { verdict: 'not-applicable', reason: 'No log that was seen is sent to this workspace.' } as const
