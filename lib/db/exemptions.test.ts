import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { approveExemption, countExempted, endExemption, listExemptions, loadExemptions, requestExemption } from './exemptions'
import { finding, newEstate, scanOnce, subscriptionA, subscriptionB, vault } from './sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let viewer: Viewer
let estates = 0

const a = vault(subscriptionA, 'kv-a')
const longer = vault(subscriptionA, 'kv-a2')
const b = vault(subscriptionB, 'kv-b')
const now = new Date('2026-06-01T12:00:00Z')
const july = '2026-07-01T00:00:00.000Z'

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  viewer = { estateId: await newEstate(db, `exemptions-${++estates}`), subscriptions: 'all' }
})

const ask = (scope: string, check: string | null = null, eyes = viewer) =>
  requestExemption(db, eyes, { scope, check, reason: 'Known and accepted.', expiresAt: july }, 'ada', now)

describe('an exemption', () => {
  it('is asked for, approved and ended, and kept', async () => {
    const { id } = await ask(`${a.id.toUpperCase()}/`)
    const mark = async () => (await loadExemptions(db, viewer, now)).markOf(a.id, 'any')
    expect(await mark()).toBeNull()
    await approveExemption(db, viewer, id, 'bob', now)
    expect(await mark()).toEqual({ id, reason: 'Known and accepted.', requestedBy: 'ada', approvedBy: 'bob', expiresAt: july })
    await expect(approveExemption(db, viewer, id, 'bob', now)).rejects.toMatchObject({ code: 'conflict' })
    await endExemption(db, viewer, id, 'eve', now)
    expect(await mark()).toBeNull()
    await expect(endExemption(db, viewer, id, 'eve', now)).rejects.toMatchObject({ code: 'conflict' })
    expect(await listExemptions(db, viewer)).toMatchObject([{ scope: a.id.toLowerCase(), approvedBy: 'bob', endedBy: 'eve' }])
  })

  it('cannot be approved once its time is over', async () => {
    const { id } = await ask(a.id)
    await expect(approveExemption(db, viewer, id, 'bob', new Date(july))).rejects.toMatchObject({ code: 'conflict' })
  })

  it.each([
    ['has passed', '2026-05-31T00:00:00Z'], ['is now', now.toISOString()], ['is years away', '2029-01-01T00:00:00Z'], ['is none', 'soon'],
  ])('whose date %s is refused', async (_, expiresAt) => {
    await expect(requestExemption(db, viewer, { scope: a.id, check: null, reason: 'x', expiresAt }, 'ada', now)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('of everything from everything is refused', async () => {
    await expect(ask('/')).rejects.toMatchObject({ code: 'invalid' })
    await ask('/', 'resource-audit-logs')
  })

  it('of others is out of sight of a narrowed viewer', async () => {
    const narrow: Viewer = { ...viewer, subscriptions: [subscriptionA] }
    const ofB = await ask(b.id)
    await ask('', 'resource-audit-logs')
    await ask(`/subscriptions/${subscriptionA}`, null, narrow)
    expect((await listExemptions(db, narrow)).map((row) => row.scope).sort()).toEqual(['', `/subscriptions/${subscriptionA}`])
    await expect(ask(b.id, null, narrow)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(ask('', 'c', narrow)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(approveExemption(db, narrow, ofB.id, 'bob', now)).rejects.toMatchObject({ code: 'not-found' })
    const elsewhere: Viewer = { estateId: await newEstate(db, 'exemptions-elsewhere'), subscriptions: 'all' }
    await expect(endExemption(db, elsewhere, ofB.id, 'bob', now)).rejects.toMatchObject({ code: 'not-found' })
  })
})

it('counts gaps that are exempt once, and no other finding', async () => {
  await scanOnce(db, viewer.estateId, [
    { subscriptionId: subscriptionA, resources: [a, longer], findings: [
      finding(a, 'fail'), finding(a, 'fail', { check: 'kept', keyPoint: 'log-retention' }), finding(a, 'pass', { check: 'fine' }), finding(longer, 'fail'),
    ] },
    { subscriptionId: subscriptionB, resources: [b], findings: [finding(b, 'fail'), finding(b, 'unknown', { check: 'kept', keyPoint: 'log-retention' })] },
  ])
  const counts = (eyes = viewer) => countExempted(db, eyes, now)
  const { id } = await ask(a.id)
  expect(await counts()).toEqual({})
  await approveExemption(db, viewer, id, 'bob', now)
  expect(await counts()).toEqual({ 'audit-logging': 1, 'log-retention': 1 })
  await approveExemption(db, viewer, (await ask('', 'resource-audit-logs')).id, 'bob', now)
  expect(await counts()).toEqual({ 'audit-logging': 3, 'log-retention': 1 })
  expect(await counts({ ...viewer, subscriptions: [subscriptionB] })).toEqual({ 'audit-logging': 1 })
  await approveExemption(db, viewer, (await ask(`/subscriptions/${subscriptionB}`)).id, 'bob', now)
  expect(await counts()).toEqual({ 'audit-logging': 3, 'log-retention': 1 })
  expect(await countExempted(db, viewer, new Date(july))).toEqual({})
})
