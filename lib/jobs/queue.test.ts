import { afterEach, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { openQueue, sendPart, type PartJob } from './queue'

let test: TestDatabase | null = null
afterEach(async () => {
  await test?.drop()
  test = null
})

it('a job that was given to another is neither ended nor kept alive by whoever had it before', { timeout: 60_000 }, async () => {
  test = await createTestDatabase()
  const queue = await openQueue(test.url, { tenantId: 'contoso', isDemo: true }, 'sender')
  const { boss, parts } = queue
  const take = async () => {
    const [job] = await boss.fetch<PartJob>(parts, { ignoreStartAfter: true })
    if (job === undefined) throw new Error('no job waits')
    return job
  }
  const state = async () => (await boss.findJobs(parts)).map((job) => job.state)
  await sendPart(queue, { scanId: 'scan', subscriptionId: 'subscription' })
  const first = await take()
  await boss.fail(parts, [first.id])
  const second = await take()
  expect(second.id).toBe(first.id)
  await boss.complete(parts, first)
  await boss.fail(parts, first)
  expect(await state()).toEqual(['active'])
  expect(await boss.touch(parts, first)).toMatchObject({ affected: 0 })
  await boss.complete(parts, second)
  expect(await state()).toEqual(['completed'])
  await boss.stop()
})
