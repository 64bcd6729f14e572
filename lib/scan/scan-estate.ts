import type { Azure } from '@/lib/azure'
import {
  knownManagementGroups, knownSubscriptions, listDeletedSubscriptions, markManagementGroupsDeleted, markSubscriptionDeleted, saveJudging, saveManagementGroups, saveScopes,
  saveSubscriptions, type ClaimedScan, type Database,
} from '@/lib/db'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { LogCatalog } from '@/lib/domain/log-catalog'
import type { CentralWorkspaces, Policy } from '@/lib/domain/policy'
import type { MissedCounts, ScanSummary } from '@/lib/domain/scan'
import { collectEstate } from './collect-estate'
import { loadDestinationInventory } from './destination-inventory'
import { discover, refuseEmpty } from './discover'
import { evaluate } from './evaluate'
import type { OpenPartBoard } from './part-board'
import { Parts } from './parts'
import type { ProgressCounter } from './progress'
import { Tally } from './tally'

export interface ScanEstateInput {
  db: Database
  azure: Azure
  estate: { estateId: number; tenantId: string; cloud: string }
  claimed: ClaimedScan
  policy: Policy
  catalog: LogCatalog
  progress: ProgressCounter
  signal: AbortSignal
  /** Stores what this process has done so far. */
  saveOwn: () => Promise<void>
  openBoard: OpenPartBoard
}

export type ScanOutcome =
  | { status: 'cancelled' }
  | { status: 'failed'; error: string }
  | {
      status: 'succeeded' | 'partial' | 'failed'
      subscriptions: ScanSummary['subscriptions']
      resources: number
      central: CentralWorkspaces
      tally: Tally
      /** Absent: nothing was looked for. */
      missed?: MissedCounts
    }

/** Discovers, collects and evaluates; returns what the summary says. Throws when the scan as a whole is impossible. */
export async function scanEstate(input: ScanEstateInput): Promise<ScanOutcome> {
  const { db, azure, estate, claimed, progress, signal } = input
  const found = await discover(azure, claimed.scope, {
    subscriptions: await knownSubscriptions(db, estate.estateId),
    deletedSubscriptions: await listDeletedSubscriptions(db, { estateId: estate.estateId, subscriptions: 'all' }),
    managementGroups: await knownManagementGroups(db, estate.estateId),
  })
  await saveSubscriptions(db, estate.estateId, claimed.seq, found.visible)
  await saveScopes(db, estate.estateId, claimed.seq, {
    tenantId: estate.tenantId,
    subscriptions: [...found.scanned, ...found.lost.map((l) => l.subscription)],
    managementGroups: found.managementGroups.ok ? found.managementGroups.value : [],
  })
  await saveManagementGroups(db, estate.estateId, found.managementGroupChains)
  for (const subscription of found.deleted) await markSubscriptionDeleted(db, estate.estateId, claimed.seq, subscription.subscriptionId)
  await markManagementGroupsDeleted(db, estate.estateId, claimed.seq, found.deletedManagementGroups)
  refuseEmpty(claimed.scope, found)
  const parts = new Parts(input, found)
  // They would be opened again under whoever leads the scan by now.
  signal.throwIfAborted()
  await parts.open()

  progress.stage = 'collect'
  const collected = await collectEstate(input, found)
  for (const [subscriptionId, failure] of collected.unreadable) parts.lose(subscriptionId, failure)

  progress.stage = 'evaluate'
  const tally = new Tally()
  const toJudge = [
    ...found.scanned.map((subscription) => ({ subscription, lost: collected.unreadable.get(subscription.subscriptionId) })),
    ...found.lost.map(({ subscription, failure }) => ({ subscription, lost: failure })),
  ]
  const basis: JudgingBasis = {
    scannedAt: claimed.startedAt,
    subscriptions: toJudge,
    surveyed: found.visible.filter((s) => !collected.unreadable.has(s.subscriptionId)),
    tenantWide: found.tenantWide,
  }
  await saveJudging(db, claimed.seq, basis)
  const central = await evaluate({
    ...basis,
    db, estateId: estate.estateId, seq: claimed.seq, readSeq: claimed.seq, tenantId: estate.tenantId, cloud: estate.cloud, policy: input.policy, catalog: input.catalog,
    visibleSubscriptions: new Set(basis.surveyed.map((s) => s.subscriptionId)),
    destinationInventory: await loadDestinationInventory(db, estate.estateId),
    survey: collected.survey,
    onFindings: (findings) => tally.add(findings),
    onSubscriptionDone: () => (progress.subscriptionsDone += 1),
    signal,
  })

  const subscriptions = await parts.close(collected)
  const unreadTenant = collected.tenantFailures.length > 0
  const read = subscriptions.filter((s) => s.status !== 'failed').length
  const whole = subscriptions.every((s) => s.status === 'succeeded') && !unreadTenant
  return { status: read === 0 ? 'failed' : whole ? 'succeeded' : 'partial', subscriptions, resources: collected.resources, central, tally, missed: collected.missed }
}
