const leastSlots = 4

/** How many requests may be in flight: fewer when Azure or the network is overloaded, more again with each good answer. */
export class Slots {
  #limit: number
  #inFlight = 0
  #queue: (() => void)[] = []

  constructor(private readonly most: number) {
    this.#limit = most
  }

  get limit(): number {
    return Math.floor(this.#limit)
  }

  async acquire(): Promise<void> {
    if (this.#inFlight < this.limit) {
      this.#inFlight += 1
      return
    }
    await new Promise<void>((resolve) => this.#queue.push(resolve))
  }

  /** Gives a slot back, with how the request went. */
  release(outcome: 'good' | 'overloaded' | 'unused'): void {
    if (outcome === 'overloaded') this.#limit = Math.max(Math.min(leastSlots, this.most), this.#limit * 0.9)
    if (outcome === 'good') this.#limit = Math.min(this.most, this.#limit + 1 / this.#limit)
    this.#inFlight -= 1
    while (this.#inFlight < this.limit) {
      const next = this.#queue.shift()
      if (next === undefined) return
      this.#inFlight += 1
      next()
    }
  }
}
