import type { Strikes } from './strikes'

/** Requests that share one limit of Azure: served in order, and stopped as a whole when told to. */
export interface RequestLane {
  readonly strikes: Pick<Strikes, 'refusedMs' | 'refusals' | 'answers'>
  /** Resolves when one request may be sent; rejects when the signal aborts. */
  acquire(): Promise<void>
  /**
   * One that might be sent is answered, or will not be. Until then Azure may not have charged it, whose bucket is full as long as nothing has arrived: ours must not
   * fill up beyond what is under way, however long that waits for a connection or on the line.
   */
  settled(): void
  /** Milliseconds that the lane still rests; 0 when it moves. */
  pausedMs(): number
  /** Azure throttled a request: rest (growing pauses when it did not say how long), then go on more slowly. */
  throttled(waitMs: number | null): void
  /** Stop until then: the quota is used up, nothing was refused. */
  rest(ms: number): void
  /** Azure says how much is left: believe it when it is less than ours. */
  remaining(count: number): void
  succeeded(): void
}

/** Thrown for a request whose lane or action must rest longer than anyone should wait. */
export class LaneClosedError extends Error {
  constructor(readonly restMs: number) {
    super(`Azure asks to wait ${Math.ceil(restMs / 1000)} seconds.`)
    this.name = 'LaneClosedError'
  }
}
