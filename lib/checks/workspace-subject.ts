import type { CheckContext, DestinationUse, Subject } from '@/lib/domain/check'
import type { Workspace } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { unreadJudgement } from './unread'

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

export const notInUse = { verdict: 'not-applicable', reason: 'No log that was seen is sent to this workspace.' } as const
