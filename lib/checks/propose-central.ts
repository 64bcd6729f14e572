import { toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { DestinationUse } from '@/lib/domain/check'
import type { Collected } from '@/lib/domain/collected'
import type { CentralWorkspaces, Policy } from '@/lib/domain/policy'
import type { SentinelOnboarding } from '@/lib/domain/sentinel'

export interface CentralQuestion {
  policy: Policy
  /** Every workspace in sight. */
  workspaces: readonly { id: string }[]
  /** Workspaces that receive a subscription's activity log: id as written by key. */
  activityLogReceivers: ReadonlyMap<ResourceKey, string>
  sentinel: (key: ResourceKey) => Collected<SentinelOnboarding> | undefined
  /** Over the whole estate. */
  use: ReadonlyMap<ResourceKey, DestinationUse>
}

function sorted(ids: Iterable<[ResourceKey, string]>): string[] {
  return [...ids].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, id]) => id)
}

/** Workspaces that the policy names, as the central ones. */
export function approvedCentral(approved: readonly string[]): CentralWorkspaces {
  const ids = new Map(approved.map((id) => [toResourceKey(id), id]))
  return { ids: sorted(ids), basis: ids.size > 0 ? 'confirmed' : 'none' }
}

/**
 * The central workspaces: those of the policy, else a proposal: what receives an activity log or has Sentinel, failing
 * those the workspace that most subjects send to (the first by id among equals).
 */
export function proposeCentral({ policy, workspaces, activityLogReceivers, sentinel, use }: CentralQuestion): CentralWorkspaces {
  if (policy.approvedWorkspaces !== null) return approvedCentral(policy.approvedWorkspaces)
  const proposed = new Map(activityLogReceivers)
  for (const { id } of workspaces) {
    const read = sentinel(toResourceKey(id))
    if (read?.ok && read.value.onboarded) proposed.set(toResourceKey(id), id)
  }
  if (proposed.size > 0) return { ids: sorted(proposed), basis: 'activity-log-or-sentinel' }
  let most: { key: ResourceKey; id: string; subjects: number } | undefined
  for (const { id } of workspaces) {
    const key = toResourceKey(id)
    const subjects = use.get(key)?.subjects ?? 0
    if (subjects === 0) continue
    if (!most || subjects > most.subjects || (subjects === most.subjects && key < most.key)) most = { key, id, subjects }
  }
  return most ? { ids: [most.id], basis: 'most-used' } : { ids: [], basis: 'none' }
}
