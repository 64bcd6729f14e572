/** `measured`: as the two ways compare; the others are for tests and for switching batches off. */
export type BatchMode = 'measured' | 'always' | 'never'

/** Crowded single reads that are looked at before batches are tried, and the batches of the trial. */
const singlesSeen = 500
const batchesTried = 5
/** A batch must take less than half of the time of a connection that its reads would take alone. */
const worthIt = 0.5
const surprisesMost = 3

/**
 * Decides whether reads go in batches. ARM charges each read of a batch like a single one, so that a batch saves connections and their time and no quota: it is
 * tried only where reads wait for connections with all of them in use, and kept only where it takes far less of their time for each read.
 */
export class BatchSwitch {
  #state: 'single' | 'trial' | 'batch' | 'off'
  #singles = 0
  #singlesMs = 0
  #batches = 0
  #reads = 0
  #batchesMs = 0
  #surprises = 0

  constructor(private readonly mode: BatchMode) {
    this.#state = mode === 'never' ? 'off' : mode === 'always' ? 'batch' : 'single'
  }

  /** True where a read may go in a batch. `crowded`: it would wait for a connection. */
  takes(crowded: boolean): boolean {
    if (this.#state === 'off' || this.#state === 'single') return false
    return crowded || this.mode === 'always'
  }

  /** A single read that had waited for a connection took so long. */
  single(ms: number): void {
    if (this.#state !== 'single') return
    this.#singles += 1
    this.#singlesMs += ms
    if (this.#singles >= singlesSeen) this.#state = 'trial'
  }

  batch(ms: number, reads: number): void {
    if (this.#state !== 'trial') return
    this.#batches += 1
    this.#batchesMs += ms
    this.#reads += reads
    if (this.#batches < batchesTried) return
    this.#state = this.#batchesMs / this.#reads < (this.#singlesMs / this.#singles) * worthIt ? 'batch' : 'off'
  }

  /** An answer that does not add up, or none; a few of them end batches for good. */
  surprise(): void {
    this.#surprises += 1
    if (this.#surprises >= surprisesMost) this.#state = 'off'
  }
}
