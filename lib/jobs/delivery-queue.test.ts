import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { giveBack, openDeliveryQueue, sendDelivery } from './delivery-queue'

let test: TestDatabase
beforeAll(async () => {
  test = await createTestDatabase()
})
afterAll(() => test.drop())

it('leaves a message to a later attempt ever longer, and never for less because its receiver asks for less', async () => {
  const queue = await openDeliveryQueue(test.url, { tenantId: 'delayed', isDemo: false }, 'sender')
  const id = randomUUID()
  await sendDelivery(queue, { id, channelId: randomUUID() })
  /** Takes the message, gives it back until then, and says for how many seconds it is left. */
  const attempt = async (waitMs: number): Promise<number> => {
    await test.database.$executeRaw`update pgboss.job set start_after = now() where id = ${id}::uuid`
    expect(await queue.boss.fetch(queue.name)).toMatchObject([{ id }])
    const now = Date.now()
    await giveBack(queue, id, new Date(now + waitMs))
    const [job] = await queue.boss.findJobs(queue.name, { id })
    expect(job).toMatchObject({ state: 'retry', data: { deliveryId: id } })
    return ((job?.startAfter.getTime() ?? 0) - now) / 1_000
  }
  expect(await attempt(600_000)).toBe(600)
  const waits: number[] = []
  for (let attempts = 2; attempts <= 10; attempts += 1) waits.push(await attempt(120_000))
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(120)
  // The last three wait for the longest time, within the clocks' difference.
  expect(Math.min(...waits.slice(-3))).toBeGreaterThan(3_500)
  expect(await attempt(6 * 3_600_000)).toBe(21_600)
  await queue.boss.stop({ graceful: false })
})
