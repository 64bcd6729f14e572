import { describe, expect, it } from 'vitest'
import type { BucketSize, Lease, SharedBuckets } from '../../domain/shared-buckets'
import { FakeClock } from '../testing/fake-clock'
import { LaneClosedError } from './request-lane'
import { SharedLane } from './shared-lane'

/** One bucket in memory, as the database keeps it. */
class OneBucket implements SharedBuckets {
  leases: number[] = []
  alone = false
  #fullAt: number
  #listeners: ((bucket: string, ms: number) => void)[] = []

  constructor(private readonly clock: FakeClock) {
    this.#fullAt = clock.now()
  }

  async lease(_bucket: string, { burst, perSecond }: BucketSize, count: number, unused: number): Promise<Lease> {
    this.leases.push(count)
    const now = this.clock.now()
    const from = Math.max(now, this.#fullAt - (unused * 1000) / perSecond)
    this.#fullAt = from + (count * 1000) / perSecond
    return { firstInMs: from + 1000 / perSecond - (burst * 1000) / perSecond - now, spacingMs: 1000 / perSecond, alone: this.alone }
  }

  async pause(bucket: string, { burst, perSecond }: BucketSize, ms: number): Promise<void> {
    this.#fullAt = Math.max(this.#fullAt, this.clock.now() + ms + (burst * 1000) / perSecond)
    for (const listener of this.#listeners) listener(bucket, ms)
  }

  async leave(_bucket: string, { burst, perSecond }: BucketSize, tokens: number): Promise<void> {
    this.#fullAt = Math.max(this.#fullAt, this.clock.now() + ((burst - tokens) * 1000) / perSecond)
  }

  onPause(listener: (bucket: string, ms: number) => void): void {
    this.#listeners.push(listener)
  }
}

function lanes(burst: number, perSecond: number, count: number) {
  const clock = new FakeClock()
  const bucket = new OneBucket(clock)
  const all = Array.from({ length: count }, () => new SharedLane('bucket', { burst, perSecond }, bucket, clock))
  bucket.onPause((_, ms) => all.forEach((lane) => lane.heard(ms)))
  return { clock, bucket, lanes: all }
}

/** Seconds from the start at which each of `count` requests may go. */
async function times(lane: SharedLane | undefined, clock: FakeClock, count: number): Promise<number[]> {
  const start = clock.now()
  return await Promise.all(Array.from({ length: count }, async () => {
    await lane?.acquire()
    return (clock.now() - start) / 1000
  }))
}

describe('SharedLane', () => {
  it('lets a burst go at once and the rest at the rate, like a lane that is alone', async () => {
    const { clock, lanes: [lane] } = lanes(5, 2, 1)
    expect(await times(lane, clock, 9)).toEqual([0, 0, 0, 0, 0, 0.5, 1, 1.5, 2])
  })

  it('keeps several within one limit', async () => {
    const { clock, lanes: all } = lanes(240, 25, 4)
    const at = (await Promise.all(all.map((lane) => times(lane, clock, 250)))).flat().toSorted((a, b) => a - b)
    for (const [index, seconds] of at.entries()) expect(index + 1).toBeLessThanOrEqual(241 + seconds * 25)
    // What a lane had left of its last lease is what the others waited for.
    expect(at.at(-1)).toBeLessThan((1000 - 240) / 25 + 1)
  })

  it('asks seldom while it is alone', async () => {
    const { clock, bucket, lanes: [lane] } = lanes(240, 25, 1)
    bucket.alone = true
    const at = await times(lane, clock, 2000)
    expect(at.at(-1)).toBeCloseTo((2000 - 240) / 25, 0)
    expect(bucket.leases.length).toBeLessThan(2000 / 40)
    expect(bucket.leases.slice(0, 4)).toEqual([8, 16, 32, 48])
  })

  it('gives back what it did not use before the bucket is full without it', async () => {
    const { clock, lanes: [lane, other] } = lanes(10, 1, 2)
    await lane?.acquire()
    await clock.sleep(60_000)
    const at = await times(lane, clock, 5)
    const others = await times(other, clock, 7)
    expect(at).toEqual([0, 0, 0, 0, 0])
    expect(others.filter((seconds) => seconds === 0)).toHaveLength(5)
  })

  it('stops all when one is told to', async () => {
    const { clock, lanes: [lane, other] } = lanes(10, 4, 2)
    await other?.acquire()
    lane?.throttled(7000)
    expect(other?.pausedMs()).toBe(7000)
    const [first] = await times(other, clock, 1)
    expect(first).toBeCloseTo(7.25, 2)
  })

  it('pauses longer each time when Azure does not say how long', () => {
    const { lanes: [lane] } = lanes(10, 4, 1)
    lane?.throttled(null)
    expect(lane?.pausedMs()).toBe(2000)
    lane?.throttled(null)
    expect(lane?.pausedMs()).toBe(2000)
  })

  it('believes Azure when less is left than thought, and only then', async () => {
    const { clock, lanes: [lane] } = lanes(10, 1, 1)
    await lane?.acquire()
    lane?.remaining(3749)
    lane?.remaining(2)
    expect(await times(lane, clock, 4)).toEqual([0, 0, 1, 2])
  })

  it('frees everyone who waits when the signal aborts', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const lane = new SharedLane('bucket', { burst: 1, perSecond: 0.001 }, new OneBucket(clock), clock, controller.signal)
    await lane.acquire()
    const waiting = [lane.acquire(), lane.acquire()]
    controller.abort(new Error('enough'))
    const ends = await Promise.allSettled(waiting)
    expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected'])
  })

  it('turns everyone who waits away when it hears of a rest that is longer than anyone should wait', async () => {
    const clock = new FakeClock()
    const bucket = new OneBucket(clock)
    const lane = new SharedLane('bucket', { burst: 1, perSecond: 1 }, bucket, clock, undefined, 600_000)
    await lane.acquire()
    const waiting = [lane.acquire(), lane.acquire()]
    lane.heard(3_600_000)
    const ends = await Promise.allSettled(waiting)
    expect(ends.map((end) => end.status === 'rejected' && end.reason instanceof LaneClosedError)).toEqual([true, true])
  })

  it('takes a first token that is far away for a rest that began before', async () => {
    const clock = new FakeClock()
    const bucket = new OneBucket(clock)
    await bucket.pause('bucket', { burst: 10, perSecond: 25 }, 3_600_000)
    const lane = new SharedLane('bucket', { burst: 10, perSecond: 25 }, bucket, clock, undefined, 600_000)
    await expect(lane.acquire()).rejects.toBeInstanceOf(LaneClosedError)
    expect(lane.pausedMs()).toBeGreaterThan(3_000_000)
  })
})
