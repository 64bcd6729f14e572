import { openParts, upsertPart } from '@/lib/db'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Subscription } from '@/lib/domain/estate'
import type { ScanSummary } from '@/lib/domain/scan'
import type { CollectedEstate } from './collect-estate'
import type { Discovered } from './discover'
import { partStatusOf } from './part-status'
import type { ScanEstateInput } from './scan-estate'

/** The parts of a scan in the database, one per subscription. */
export class Parts {
  private readonly lost: Map<string, ReadFailure>

  constructor(private readonly input: ScanEstateInput, private readonly found: Discovered) {
    this.lost = new Map(found.lost.map((l) => [l.subscription.subscriptionId, l.failure]))
  }

  private all(): Subscription[] {
    return [...this.found.scanned, ...this.found.lost.map((l) => l.subscription)]
  }

  async open(): Promise<void> {
    await openParts(this.input.db, this.input.claimed.seq, { scanned: this.found.scanned, lost: this.found.lost.map((l) => l.subscription) })
  }

  lose(subscriptionId: string, failure: ReadFailure): void {
    this.lost.set(subscriptionId, failure)
  }

  async close(collected: CollectedEstate): Promise<ScanSummary['subscriptions']> {
    const rows: ScanSummary['subscriptions'] = []
    for (const s of this.all()) {
      const lost = this.lost.get(s.subscriptionId)
      const end = lost === undefined ? partStatusOf(collected.failures.get(s.subscriptionId) ?? []) : { status: 'failed' as const, reason: lost.detail }
      await this.save(s, { ...end, resources: collected.resourcesOf.get(s.subscriptionId) ?? 0 })
      rows.push({ subscriptionId: s.subscriptionId, displayName: s.displayName, ...end })
    }
    return rows
  }

  private save(s: Subscription, part: { status: 'succeeded' | 'partial' | 'failed'; reason: string | null; resources: number }): Promise<void> {
    return upsertPart(this.input.db, this.input.claimed.seq, { subscriptionId: s.subscriptionId, displayName: s.displayName, ...part })
  }
}
