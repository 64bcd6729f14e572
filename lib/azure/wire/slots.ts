const leastSlots = 4

/**
 * How many requests may be in flight: fewer when Azure or the network is overloaded, more again with each good answer, and more than at first while others wait for
 * room: far from Azure an answer takes longer, and the same rate needs more of them at once.
 */
export class Slots {
  #limit: number
  #inFlight = 0
  #queue: (() => void)[] = []

  /** @param most as many as `first` unless told otherwise. */
  constructor(private readonly first: number, private readonly most = first) {
    this.#limit = first
  }

  get limit(): number {
    return Math.floor(this.#limit)
  }

  get inFlight(): number {
    return this.#inFlight
  }

  /** True while one more request would have to wait. */
  get full(): boolean {
    return this.#inFlight >= this.limit
  }

  /** True while requests wait though no more can be let through at once. */
  get crowded(): boolean {
    return this.#queue.length > 0 && this.limit >= this.most
  }

  /** Resolves when one more may be in flight; true when it had to wait though no more can be let through at once. */
  async acquire(): Promise<boolean> {
    if (this.#inFlight < this.limit) {
      this.#inFlight += 1
      return false
    }
    await new Promise<void>((resolve) => this.#queue.push(resolve))
    return this.limit >= this.most
  }

  /** Gives a slot back, with how the request went. */
  release(outcome: 'good' | 'overloaded' | 'unused'): void {
    if (outcome === 'overloaded') this.#limit = Math.max(Math.min(leastSlots, this.first), this.#limit * 0.9)
    if (outcome === 'good' && (this.#limit < this.first || this.#queue.length > 0)) this.#limit = Math.min(this.most, this.#limit + 1 / this.#limit)
    this.#inFlight -= 1
    while (this.#inFlight < this.limit) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#inFlight += 1
      next()
    }
  }
}
