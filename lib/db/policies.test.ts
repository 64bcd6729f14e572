import { afterAll, beforeAll, expect, it } from 'vitest'
import { defaultPolicy } from '@/lib/domain/policy'
import type { Viewer } from '@/lib/domain/viewer'
import { currentPolicy, savePolicy } from './policies'
import { newEstate } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let viewer: Viewer

beforeAll(async () => {
  test = await createTestDatabase()
  viewer = { estateId: await newEstate(test.database), subscriptions: 'all' }
})
afterAll(() => test.drop())

it('keeps every version of the policy, and lets only one of two hasty people save', async () => {
  expect(await currentPolicy(test.database, viewer.estateId)).toBeNull()
  const policy = { ...defaultPolicy, retentionDays: { total: 400, interactive: 30, byKeyPoint: { 'log-retention': 730 } } }
  const saves = await Promise.allSettled([1, 2, 3].map((n) => savePolicy(test.database, viewer, policy, `person ${n}`)))
  expect(saves.filter((save) => save.status === 'fulfilled')).toHaveLength(1)
  expect(saves.find((save) => save.status === 'rejected')?.reason).toMatchObject({ code: 'conflict' })
  const current = await currentPolicy(test.database, viewer.estateId)
  expect(current?.policy).toEqual({ ...policy, version: 1 })
  expect(await savePolicy(test.database, viewer, { ...policy, version: 1, disabledChecks: ['x'] }, 'Ada')).toMatchObject({ version: 2 })
  expect(await currentPolicy(test.database, viewer.estateId)).toMatchObject({ createdBy: 'Ada', policy: { version: 2, disabledChecks: ['x'] } })
})

it('reads a policy that was saved before there were optional checks', async () => {
  const policy = await savePolicy(test.database, viewer, { ...defaultPolicy, version: 2, enabledChecks: ['x'] }, 'Ada')
  await test.database.$executeRaw`update policy set content = content - 'enabledChecks' where estate_id = ${viewer.estateId} and version = ${policy.version}`
  expect((await currentPolicy(test.database, viewer.estateId))?.policy).toEqual({ ...policy, enabledChecks: [] })
})
