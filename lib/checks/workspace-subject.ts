import type { CheckContext, DestinationUse, Subject } from '@/lib/domain/check'
import type { Workspace } from '@/lib/domain/estate'

/** A Log Analytics workspace and what is sent to it; undefined for every other subject. */
export function workspaceSubject(subject: Subject, context: CheckContext): { workspace: Workspace; use: DestinationUse | undefined } | undefined {
  if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.operationalinsights/workspaces') return undefined
  const { destinations } = context.estate
  const workspace = destinations.workspace(subject.id)
  return workspace && { workspace, use: destinations.use(subject.id) }
}

export const notInUse = { verdict: 'not-applicable', reason: 'No log that was seen is sent to this workspace.' } as const
