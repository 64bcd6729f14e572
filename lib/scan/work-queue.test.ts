import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { WorkQueue } from './work-queue'

/** A task that ends when told to. */
function gate() {
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, wait: () => opened }
}

/** Adds a task that uses something large, which it returns. */
function addHolding(queue: WorkQueue): object {
  const large = { seen: ['a key'] }
  queue.add(async () => void large.seen.length)
  return large
}

setFlagsFromString('--expose-gc')
const collectGarbage: unknown = runInNewContext('gc')

describe('WorkQueue', () => {
  it('keeps nothing of a task that has run', async () => {
    const queue = new WorkQueue(3)
    const last = gate()
    const held = new WeakRef(addHolding(queue))
    queue.add(() => last.wait())
    await setImmediate()
    if (typeof collectGarbage === 'function') collectGarbage()
    expect(held.deref()).toBeUndefined()
    last.open()
    await queue.idle()
  })

  it('runs at most the given number at once and all of them in the end', async () => {
    const queue = new WorkQueue(3)
    let active = 0
    let most = 0
    let done = 0
    for (let i = 0; i < 2_500; i += 1) {
      queue.add(async () => {
        active += 1
        most = Math.max(most, active)
        await Promise.resolve()
        active -= 1
        done += 1
      })
    }
    await queue.idle()
    expect({ most, done }).toEqual({ most: 3, done: 2_500 })
  })

  it('tells when few enough wait, though one never ends, and of an error', async () => {
    const queue = new WorkQueue(2)
    const [hanging, failing] = [gate(), gate()]
    let done = 0
    queue.add(hanging.wait)
    for (let i = 0; i < 100; i += 1) queue.add(async () => void (done += 1))
    await queue.room(10)
    expect(done).toBeGreaterThanOrEqual(89)
    await queue.room(0)
    queue.add(async () => {
      await failing.wait()
      throw new Error('no answer')
    })
    queue.add(async () => undefined)
    const room = queue.room(0)
    failing.open()
    await expect(room).rejects.toThrow('no answer')
    hanging.open()
    await expect(queue.room(0)).rejects.toThrow('no answer')
  })

  it('takes tasks that tasks add', async () => {
    const queue = new WorkQueue(1)
    const seen: string[] = []
    queue.add(async () => {
      seen.push('first')
      queue.add(async () => void seen.push('added'))
    })
    await queue.idle()
    expect(seen).toEqual(['first', 'added'])
  })

  it('is idle at once when nothing was added', async () => {
    await expect(new WorkQueue(2).idle()).resolves.toBeUndefined()
  })

  it('rethrows the first error and starts nothing after it', async () => {
    const queue = new WorkQueue(2)
    const held = gate()
    let started = 0
    queue.add(() => held.wait())
    queue.add(async () => {
      throw new Error('broken')
    })
    for (let i = 0; i < 10; i += 1) queue.add(async () => void (started += 1))
    await Promise.resolve()
    held.open()
    await expect(queue.idle()).rejects.toThrow('broken')
    expect(started).toBe(0)
  })
})
