import { sameResource, toResourceKey } from '@/lib/domain/arm-id'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import type { ResourceRow } from '@/lib/domain/views'
import type { WorkspaceCandidate } from './policy-form'

const proposalWords: Record<CentralWorkspaces['basis'], string | null> = {
  confirmed: null,
  'activity-log-or-sentinel': 'Proposed: receives an activity log, or is onboarded to Sentinel',
  'most-used': 'Proposed: most resources send there',
  none: null,
}

/** Workspaces to choose from: those of the last scan, the proposed ones and the approved ones; proposals first. */
export function workspaceCandidates(found: readonly ResourceRow[], central: CentralWorkspaces | null, approved: readonly string[] | null): WorkspaceCandidate[] {
  const proposed = central?.ids ?? []
  const rows = new Map(found.map((row) => [toResourceKey(row.resourceId), row]))
  const ids = new Map([...found.map((row) => row.resourceId), ...proposed, ...(approved ?? [])].map((id) => [toResourceKey(id), id]))
  const candidates = [...ids].map(([key, id]) => {
    const row = rows.get(key)
    const isProposed = proposed.some((other) => sameResource(other, id))
    return {
      id,
      name: row?.name ?? id,
      where: row === undefined ? 'not found by the last scan' : [row.subscriptionName, row.resourceGroup, row.location].filter(Boolean).join(' · '),
      approved: approved === null ? isProposed : approved.some((other) => sameResource(other, id)),
      proposal: isProposed && central !== null ? proposalWords[central.basis] : null,
    }
  })
  return candidates.toSorted((a, b) => Number(b.approved) - Number(a.approved) || a.name.localeCompare(b.name, 'en'))
}
