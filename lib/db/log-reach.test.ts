import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LogReachRow } from '@/lib/domain/log-reach'
import { Prisma } from './generated/client'
import type { Database } from './client'
import { listLogReach, saveLogReach } from './log-reach'
import { newEstate, subscriptionA, subscriptionB } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let estateId: number

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  estateId = await newEstate(db)
})
afterAll(() => test.drop())

const vaults = (category: string, reach: number, subjects: number): LogReachRow => ({ source: 'microsoft.keyvault/vaults', category, reach, subjects })
/** Which transaction wrote each row of a subscription. */
const written = async () => new Map((await db.$queryRaw<{ category: string; xmin: string }[]>(Prisma.sql`
  select category, xmin::text from log_reach where estate_id = ${estateId} and subscription_id = ${subscriptionA}`)).map(({ category, xmin }) => [category, xmin]))

it('replaces what is known of a part, writing only what is otherwise', async () => {
  const other = [vaults('AuditEvent', 1, 7)]
  await saveLogReach(db, estateId, subscriptionB, other)
  await saveLogReach(db, estateId, subscriptionA, [vaults('', 1, 3), vaults('AuditEvent', 1, 2), vaults('Gone', -1, 1)])
  const before = await written()
  await saveLogReach(db, estateId, subscriptionA.toUpperCase(), [vaults('', 1, 3), vaults('AuditEvent', 1, 4), vaults('New', 0, 1)])
  expect(await listLogReach(db, { estateId, subscriptions: 'all' }, subscriptionA)).toEqual([vaults('', 1, 3), vaults('AuditEvent', 1, 4), vaults('New', 0, 1)])
  expect(await listLogReach(db, { estateId, subscriptions: 'all' }, subscriptionB)).toEqual(other)
  const after = await written()
  expect(after.get('')).toBe(before.get(''))
  expect(after.get('AuditEvent')).not.toBe(before.get('AuditEvent'))
  await saveLogReach(db, estateId, subscriptionA, [])
  expect(await listLogReach(db, { estateId, subscriptions: 'all' }, subscriptionA)).toEqual([])
})
