/** Runs tasks with a fixed number at once; tasks may be added while it runs. The first throw stops it and is rethrown by `idle`. */
export class WorkQueue {
  private readonly waiting: (() => Promise<void>)[] = []
  private next = 0
  private active = 0
  private error: unknown
  private failed = false
  private readonly idleWaiters: (() => void)[] = []

  constructor(private readonly concurrency: number) {}

  add(task: () => Promise<void>): void {
    if (this.failed) return
    this.waiting.push(task)
    this.pump()
  }

  /** Resolves when nothing waits and nothing runs; rejects with the first error of a task. */
  async idle(): Promise<void> {
    if (this.active > 0) await new Promise<void>((resolve) => this.idleWaiters.push(resolve))
    if (this.failed) throw this.error
  }

  private pump(): void {
    while (!this.failed && this.active < this.concurrency && this.next < this.waiting.length) {
      const task = this.take()
      if (task === undefined) continue
      this.active += 1
      task().catch((error: unknown) => this.fail(error)).finally(() => this.settle())
    }
  }

  /** Reads from a moving index: shifting a long array for every task would cost its length each time. */
  private take(): (() => Promise<void>) | undefined {
    const task = this.waiting[this.next]
    this.next += 1
    if (this.next > 1_000) {
      this.waiting.splice(0, this.next)
      this.next = 0
    }
    return task
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
    if (this.active === 0) for (const resolve of this.idleWaiters.splice(0)) resolve()
  }
}
