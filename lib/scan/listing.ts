import { setTimeout as pause } from 'node:timers/promises'
import type { InventoryState } from '@/lib/db'

const lookEveryMs = 500

/** Which subscriptions are listed by now: known at once where they are listed, looked up where another process lists them. */
export class Listing {
  private readonly states = new Map<string, InventoryState>()
  private looking: Promise<void> | null = null
  private listed = Promise.withResolvers<void>()

  /** @param look absent: this process lists them itself. */
  constructor(private readonly look?: () => Promise<ReadonlyMap<string, { inventory: InventoryState }>>) {}

  note(subscriptionId: string, state: InventoryState): void {
    this.states.set(subscriptionId.toLowerCase(), state)
    this.listed.resolve()
    this.listed = Promise.withResolvers()
  }

  async stateOf(subscriptionId: string): Promise<InventoryState> {
    const id = subscriptionId.toLowerCase()
    const known = this.states.get(id) ?? 'open'
    if (known !== 'open' || this.look === undefined) return known
    // One question for all who wait.
    this.looking ??= this.look()
      .then((states) => { for (const [listed, { inventory }] of states) this.states.set(listed, inventory) })
      .finally(() => (this.looking = null))
    await this.looking
    return this.states.get(id) ?? 'open'
  }

  /** Resolves when a subscription was listed, or after a while in which more may have been stored. */
  async wait(signal: AbortSignal): Promise<void> {
    await Promise.race([this.listed.promise, pause(lookEveryMs, undefined, { signal })])
  }
}
