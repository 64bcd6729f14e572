import { describe, expect, it, vi } from 'vitest'
import { FakeClock } from '../testing/fake-clock'
import { systemClock } from './clock'
import { Lane } from './lane'
import { LaneClosedError } from './request-lane'

/** Seconds from the start at which each of `count` requests may go. */
async function times(lane: Lane, clock: FakeClock, count: number): Promise<number[]> {
  const start = clock.now()
  return await Promise.all(Array.from({ length: count }, async () => {
    await lane.acquire()
    return (clock.now() - start) / 1000
  }))
}

describe('Lane', () => {
  it('lets a burst go at once and the rest at the rate, in order', async () => {
    const clock = new FakeClock()
    const at = await times(new Lane({ burst: 5, perSecond: 2 }, clock), clock, 9)
    expect(at).toEqual([0, 0, 0, 0, 0, 0.5, 1, 1.5, 2])
  })

  it('takes as long as the bucket of a subscription says', async () => {
    const clock = new FakeClock()
    const at = await times(new Lane({ burst: 250, perSecond: 25 }, clock), clock, 500)
    expect(at.at(-1)).toBeCloseTo(10, 0)
  })

  it('stops as a whole until the pause is over, then goes on more slowly', async () => {
    const clock = new FakeClock()
    const lane = new Lane({ burst: 10, perSecond: 4 }, clock)
    lane.throttled(7000)
    const at = await times(lane, clock, 2)
    expect(at[0]).toBeCloseTo(7 + 1 / 3, 2)
    expect(at[1]).toBeCloseTo(7 + 2 / 3, 2)
  })

  it('counts the refusals of one pause once', async () => {
    const clock = new FakeClock()
    const lane = new Lane({ burst: 10, perSecond: 4 }, clock)
    for (let refusals = 0; refusals < 20; refusals += 1) lane.throttled(1000)
    const [first] = await times(lane, clock, 1)
    expect(first).toBeCloseTo(1 + 1 / 3, 2)
  })

  it('goes on when the machine sets its clock back', async () => {
    const lane = new Lane({ burst: 1, perSecond: 20 }, systemClock)
    await lane.acquire()
    const setBack = vi.spyOn(Date, 'now').mockReturnValue(Date.now() - 3_600_000)
    await Promise.all([lane.acquire(), lane.acquire()])
    setBack.mockRestore()
  })

  it('pauses longer each time when Azure does not say how long', () => {
    const clock = new FakeClock()
    const lane = new Lane({ burst: 10, perSecond: 4 }, clock)
    lane.throttled(null)
    expect(lane.pausedMs()).toBe(2000)
    lane.throttled(null)
    expect(lane.pausedMs()).toBe(2000)
    lane.succeeded()
  })

  it('pauses longer each time where Azure asks for the same again and again', async () => {
    const clock = new FakeClock()
    const lane = new Lane({ burst: 10, perSecond: 4 }, clock, undefined, 10_000)
    const rests: number[] = []
    for (let round = 0; round < 6; round += 1) {
      lane.throttled(1000)
      rests.push(lane.pausedMs())
      await clock.sleep(lane.pausedMs())
    }
    expect(rests).toEqual([1000, 2000, 4000, 8000, 10_000, 10_000])
    lane.succeeded()
    lane.throttled(1000)
    expect(lane.pausedMs()).toBe(1000)
  })

  it('believes Azure when less is left than thought, and only then', async () => {
    const clock = new FakeClock()
    const lane = new Lane({ burst: 10, perSecond: 1 }, clock)
    lane.remaining(3749)
    lane.remaining(2)
    expect(await times(lane, clock, 4)).toEqual([0, 0, 1, 2])
  })

  it('rests until the quota comes back without slowing down', async () => {
    const clock = new FakeClock()
    const lane = new Lane({ burst: 10, perSecond: 2 }, clock)
    lane.rest(5000)
    expect(await times(lane, clock, 2)).toEqual([5.5, 6])
  })

  it('frees everyone who waits when the signal aborts', async () => {
    const clock = new FakeClock()
    const controller = new AbortController()
    const lane = new Lane({ burst: 1, perSecond: 0.001 }, clock, controller.signal)
    await lane.acquire()
    const waiting = [lane.acquire(), lane.acquire()]
    controller.abort(new Error('enough'))
    const ends = await Promise.allSettled(waiting)
    expect(ends.map((end) => end.status)).toEqual(['rejected', 'rejected'])
  })

  it('turns everyone who waits away when it must rest for longer than anyone should wait', async () => {
    const clock = new FakeClock()
    const lane = new Lane({ burst: 1, perSecond: 25 }, clock, undefined, 600_000)
    const waiting = Array.from({ length: 4 }, () => lane.acquire())
    lane.throttled(3_600_000)
    const ends = await Promise.allSettled(waiting)
    expect(ends.map((end) => end.status === 'rejected' && end.reason instanceof LaneClosedError)).toEqual([false, true, true, true])
    expect(clock.now()).toBeLessThan(1_000_000 + 600_000)
  })
})
