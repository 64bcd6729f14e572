import { describe, expect, it } from 'vitest'
import { Slots } from './slots'

describe('Slots', () => {
  it('keeps to the cap and serves who waits', async () => {
    const slots = new Slots(2)
    await slots.acquire()
    await slots.acquire()
    let third = false
    const waiting = slots.acquire().then(() => { third = true })
    await Promise.resolve()
    expect(third).toBe(false)
    slots.release('good')
    await waiting
    expect(third).toBe(true)
  })

  it('narrows under overload, never below four, and widens again with good answers', async () => {
    const slots = new Slots(64)
    for (let request = 0; request < 100; request += 1) {
      await slots.acquire()
      slots.release('overloaded')
    }
    expect(slots.limit).toBe(4)
    for (let request = 0; request < 5000; request += 1) {
      await slots.acquire()
      slots.release('good')
    }
    expect(slots.limit).toBe(64)
  })

  it('widens beyond the first cap while others wait, up to the last, and not for those who do not wait', async () => {
    const slots = new Slots(8, 20)
    for (let request = 0; request < 1000; request += 1) {
      await slots.acquire()
      slots.release('good')
    }
    expect(slots.limit).toBe(8)
    let inFlight = 0
    let most = 0
    await Promise.all(Array.from({ length: 1000 }, async () => {
      await slots.acquire()
      most = Math.max(most, (inFlight += 1))
      await new Promise(setImmediate)
      inFlight -= 1
      slots.release('good')
    }))
    expect(most).toBe(20)
    expect(slots.limit).toBe(20)
  })
})
