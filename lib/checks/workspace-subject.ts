import type { CheckContext, DestinationUse, Subject } from '@/lib/domain/check'
import type { Workspace } from '@/lib/domain/estate'
import { isFailure } from '@/lib/domain/collected'
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

/** What shows whether a workspace is in use. */
export const usePermissions = ['Microsoft.OperationalInsights/workspaces/read', 'Microsoft.SecurityInsights/onboardingStates/read'] as const

/** Why a workspace is taken to be in use, or what to say where it is not or may not be. What feeds a Sentinel by its connectors is not seen. */
export function usedBy({ id }: Workspace, use: DestinationUse | undefined, context: CheckContext): { used: Evidence } | { judgement: Judgement } {
  const onboarding = context.estate.fact(id, 'sentinel-onboarding')
  const sentinel = valueOf(onboarding)?.onboarded === true
  const approved = isApproved(id, context)
  if (use !== undefined || sentinel || approved) return { used: { subjects: use?.subjects ?? 0, ...(sentinel && { sentinel }), ...(approved && { approved }) } }
  const nothingSent = 'No log that was seen is sent to this workspace'
  if (onboarding !== undefined && !onboarding.ok && isFailure(onboarding)) return { judgement: unreadJudgement(`${nothingSent}, and whether Sentinel is on it, which may feed it,`, onboarding, usePermissions[1]) }
  return { judgement: { verdict: 'not-applicable', reason: `${nothingSent}.` } }
}
