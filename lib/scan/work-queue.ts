type Task = () => Promise<void>

/**
 * Runs tasks in their order with a fixed number at once; tasks may be added while it runs. The first throw stops it and is rethrown by `idle`.
 */
export class WorkQueue {
  /** Behind `next`: what was begun, of which nothing is kept. */
  private readonly waiting: (Task | undefined)[] = []
  private next = 0
  private active = 0
  private error: unknown
  private failed = false
  private readonly idleWaiters: (() => void)[] = []
  private roomWaiters: { most: number; resolve: () => void }[] = []

  constructor(private readonly capacity: number) {}

  add(run: Task): void {
    if (this.failed) return
    this.waiting.push(run)
    this.pump()
  }

  /** Resolves when nothing waits and nothing runs; rejects with the first error of a task. */
  async idle(): Promise<void> {
    if (this.active > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve))
    if (this.failed) throw this.error
  }

  /** Resolves when at most so many tasks wait to be begun; rejects with the first error of a task. */
  async room(most: number): Promise<void> {
    if (this.waiting.length - this.next > most) await new Promise<void>((resolve) => this.roomWaiters.push({ most, resolve }))
    if (this.failed) throw this.error
  }

  private pump(): void {
    for (let task = this.waiting[this.next]; task !== undefined && this.active < this.capacity; task = this.waiting[this.next]) {
      this.pass()
      this.active += 1
      task().catch((error: unknown) => this.fail(error)).finally(() => this.settle())
    }
  }

  /** Reads from a moving index: shifting a long array for every task would cost its length each time. */
  private pass(): void {
    this.waiting[this.next] = undefined
    this.next += 1
    if (this.next > 1_000) {
      this.waiting.splice(0, this.next)
      this.next = 0
    }
  }

  private fail(error: unknown): void {
    if (this.failed) return
    this.failed = true
    this.error = error
    this.waiting.length = 0
    this.next = 0
  }

  private settle(): void {
    this.active -= 1
    this.pump()
    const left = this.waiting.length - this.next
    for (const { resolve } of this.roomWaiters.filter(({ most }) => left <= most)) resolve()
    this.roomWaiters = this.roomWaiters.filter(({ most }) => left > most)
    if (this.active === 0) for (const resolve of this.idleWaiters.splice(0)) resolve()
  }
}
