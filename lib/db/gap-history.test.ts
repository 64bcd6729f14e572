import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { gapTurnover } from './gap-history'
import { getResource } from './resource-detail'
import { beginScan, finding, newEstate, scanOnce, storePart, subscriptionA, subscriptionB, vault } from './sample-estate'
import { failStaleScans } from './scans'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())

const hour = 3_600_000
const start = Date.UTC(2026, 0, 1)

/** One scan a day, on each an A and a B of these verdicts. */
async function nights(name: string, days: [Verdict, Verdict][]): Promise<Viewer> {
  const estateId = await newEstate(db, name)
  const [a, b] = [vault(subscriptionA, 'a'), vault(subscriptionB, 'b')]
  for (const [index, [inA, inB]] of days.entries()) {
    await scanOnce(db, estateId, [
      { subscriptionId: subscriptionA, resources: [a], findings: [finding(a, inA)] },
      { subscriptionId: subscriptionB, resources: [b], findings: [finding(b, inB, { keyPoint: 'log-retention' })] },
    ], new Date(start + index * 24 * hour))
  }
  return { estateId, subscriptions: 'all' }
}

it('tells of each check how often its gap came back', async () => {
  const viewer = await nights('came back', [['fail', 'pass'], ['pass', 'pass'], ['fail', 'pass'], ['fail', 'unknown']])
  const { history } = await getResource(db, viewer, vault(subscriptionA, 'a').id)
  const at = (day: number) => new Date(start + day * 24 * hour).toISOString()
  expect(history).toEqual({
    'resource-audit-logs': {
      openSince: at(2), timesReopened: 1,
      runs: [{ verdict: 'fail', from: at(0), to: at(1) }, { verdict: 'pass', from: at(1), to: at(2) }, { verdict: 'fail', from: at(2), to: null }],
    },
  })
})

it('counts what a scan saw close that died afterwards, once', async () => {
  const viewer = await nights('died', [['fail', 'pass']])
  const { seq } = await beginScan(db, viewer.estateId)
  const part = { subscriptionId: subscriptionA, resources: [vault(subscriptionA, 'a')], findings: [finding(vault(subscriptionA, 'a'), 'pass')] }
  await storePart(db, viewer.estateId, seq, part)
  await storePart(db, viewer.estateId, seq, part)
  expect(await failStaleScans(db, viewer.estateId, -1_000)).toBe(1)
  const turned = (rows: Awaited<ReturnType<typeof gapTurnover>>) => rows.map(({ opened, closed }) => [opened, closed])
  expect(turned(await gapTurnover(db, viewer, new Date(start)))).toEqual([[0, 1]])
  await scanOnce(db, viewer.estateId, [part])
  expect(turned(await gapTurnover(db, viewer, new Date(start)))).toEqual([[0, 1]])
})

it('counts what opened and closed, and how long it was open', async () => {
  const viewer = await nights('turnover', [['fail', 'fail'], ['fail', 'unknown'], ['pass', 'pass'], ['fail', 'fail'], ['fail', 'fail'], ['fail', 'not-applicable']])
  const rows = (since: number, eyes = viewer) => gapTurnover(db, eyes, new Date(start + since * 24 * hour))
  const sorted = (await rows(0)).sort((x, y) => x.keyPoint.localeCompare(y.keyPoint))
  expect(sorted).toEqual([
    { keyPoint: 'audit-logging', subscriptionId: subscriptionA, opened: 1, closed: 1, openSeconds: 2 * 24 * 3600 },
    { keyPoint: 'log-retention', subscriptionId: subscriptionB, opened: 1, closed: 1, openSeconds: 2 * 24 * 3600 },
  ])
  expect(await rows(4)).toEqual([{ keyPoint: 'log-retention', subscriptionId: subscriptionB, opened: 0, closed: 1, openSeconds: 2 * 24 * 3600 }])
  expect(await rows(0, { ...viewer, subscriptions: [subscriptionA] })).toHaveLength(1)
  expect(await rows(100)).toEqual([])
})
