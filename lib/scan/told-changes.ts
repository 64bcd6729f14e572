import type { ActivityEvent, Azure } from '@/lib/azure'
import { databaseTime, type Database, type LastRead, type SavedFacts } from '@/lib/db'
import { sqlServerOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { Collected } from '@/lib/domain/collected'
import type { Fact, FactSource } from '@/lib/domain/fact'
import { changeOf, changesEvidence, grantedScopeOf, leftScopeOf, revokedScopeOf, type Change } from './changes'

/** How long an event may take to show in the activity log. */
const overlapMs = 3_600_000
/** Azure tells the time to the second that has begun. */
const secondMs = 1_000

/** What a subscription's activity log tells of the time since its last scan. */
export class ToldChanges {
  readonly changes: Change[]
  /** Where something was deleted, or moved away. */
  readonly left: ResourceKey[]
  readonly granted: ResourceKey[]
  readonly revoked: ResourceKey[]
  private readonly told: ReadonlySet<string>

  constructor(events: readonly ActivityEvent[]) {
    this.changes = events.flatMap((event) => changeOf(event) ?? [])
    this.left = events.flatMap((event) => leftScopeOf(event) ?? [])
    this.granted = events.flatMap((event) => grantedScopeOf(event) ?? [])
    this.revoked = events.flatMap((event) => revokedScopeOf(event) ?? [])
    this.told = new Set(this.changes.map(({ source, subject }) => `${source} ${subject}`))
  }

  /** True where an event tells that a source of a subject may have changed; the audit of a SQL database with its server's. */
  tells({ subject, source }: { subject: string; source: FactSource }): boolean {
    const key = toResourceKey(subject)
    return this.told.has(`${source} ${key}`) || this.told.has(`${source} ${sqlServerOf(key) ?? ''}`) || this.left.some((scope) => key === scope || key.startsWith(`${scope}/`))
  }
}

/**
 * Asks a subscription's activity log what was written since its last scan began. The log goes by Azure's clock; the database's may be hours before it or behind, and what one
 * of them leaves out the other has.
 */
export async function readToldChanges(db: Database, azure: Azure, subscriptionId: string, { startedAt, azureStartedAt }: Pick<LastRead, 'startedAt' | 'azureStartedAt'>): Promise<Collected<ToldChanges>> {
  // Any answer tells the time; a worker that helps with a scan begins with this.
  if (azure.time() === null) await azure.getSubscription(subscriptionId)
  const from = Math.min(startedAt.getTime(), azureStartedAt.getTime()) - overlapMs
  const to = Math.max(Date.parse(await databaseTime(db)), (azure.time()?.getTime() ?? 0) + secondMs)
  const read = await azure.readActivityLog(subscriptionId, new Date(from).toISOString(), new Date(to).toISOString(), changesEvidence)
  return read.ok ? { ok: true, value: new ToldChanges(read.value) } : read
}

/** What of some facts, as they were stored, is read otherwise than the last scan carried it over; what the inventory or a log told of before had been taken back, and is not among it. */
export function changedSince(last: { seq: number }, facts: readonly Fact[], { changed }: SavedFacts): { subject: string; source: FactSource }[] {
  const answered = new Set(facts.filter(({ read }) => read.ok).map(({ source, subject }) => `${source} ${subject}`))
  return changed.filter(({ readSeq, source, subject }) => readSeq > 0 && readSeq < last.seq && answered.has(`${source} ${subject}`))
}
