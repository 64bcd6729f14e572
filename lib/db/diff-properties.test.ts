import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ChangeKind } from '@/lib/domain/diff'
import { tenantSubject } from '@/lib/domain/fact'
import type { Finding } from '@/lib/domain/finding'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { countChanges } from './comparisons'
import { listChanges, streamChanges, type ChangeFilters } from './diff'
import { storeFindings } from './findings'
import { beginScan, finding, newEstate, saveInventory, storePart, subscriptionA, subscriptionB, vault } from './testing/sample-estate'
import { openDiff } from './scan-pairs'
import { finishScan } from './scan-ends'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())

const checks = ['resource-audit-logs', 'resource-log-retention'] as const
const keyPointOf: Record<(typeof checks)[number], KeyPoint> = { 'resource-audit-logs': 'audit-logging', 'resource-log-retention': 'log-retention' }
const names = ['a-One', 'B', 'c']
const tenant = vault('', 'tenant', { id: tenantSubject('tenant'), type: 'microsoft.aadiam/tenants' })
/** Subscriptions (empty: the tenant's own part) with what can be found there, and one resource of which always the same is found. */
const parts = ['', subscriptionA, subscriptionB].map((key) => ({ key, resources: key === '' ? [tenant] : names.map((name) => vault(key, name)), steady: key === '' ? tenant : vault(key, 'steady') }))

/** What a scan finds of one check of one resource; null: it is not judged. */
type Found = { verdict: Verdict; reason: string } | null
/** By part: null where the scan does not look, else by resource: null where it is gone, else by check. */
type Night = ((Found[] | null)[] | null)[]

const found: fc.Arbitrary<Found> = fc.option(fc.record({ verdict: fc.constantFrom<Verdict>('pass', 'fail', 'unknown', 'not-applicable'), reason: fc.constantFrom('One.', 'Two.') }), { freq: 6 })
const night: fc.Arbitrary<Night> = fc.tuple(...parts.map(({ key, resources }) => {
  const judged = fc.array(found, { minLength: checks.length, maxLength: checks.length })
  return fc.option(fc.array(key === '' ? judged : fc.option(judged, { freq: 4 }), { minLength: resources.length, maxLength: resources.length }), { freq: 5 })
}))

async function store(estateId: number, one: Night): Promise<string> {
  const scan = await beginScan(db, estateId)
  for (const [index, { key, resources, steady }] of parts.entries()) {
    const inPart = one[index]
    if (!inPart) continue
    const changing = resources.flatMap((resource, at) => checks.flatMap((check, nth): Finding[] => {
      const what = inPart[at]?.[nth]
      return what ? [finding(resource, what.verdict, { check, keyPoint: keyPointOf[check], reason: what.reason })] : []
    }))
    const findings = [...changing, finding(steady, 'pass', { check: 'steady' })].map((one) => (key === '' ? { ...one, subscriptionId: null } : one))
    const present = [...resources.filter((_, at) => inPart[at] !== null), steady]
    if (key === '') await storeFindings(db, estateId, scan.seq, null, [findings])
    else {
      await saveInventory(db, estateId, scan.seq, key, present)
      await storePart(db, estateId, scan.seq, { subscriptionId: key, resources: present, findings })
    }
  }
  await finishScan(db, scan.seq, { status: 'succeeded', summary: null, central: null, resources: 1, score: 50, coverage: 100, error: null })
  return scan.scanId
}

interface Told {
  part: string
  id: string
  check: string
  kind: ChangeKind
  keyPoint: KeyPoint
}

function kindOf(before: Found, after: Found): ChangeKind | null {
  if (before === null) return after === null ? null : 'appeared'
  if (after === null) return 'vanished'
  if (before.verdict === after.verdict) return before.reason === after.reason ? null : 'reason-changed'
  if (after.verdict === 'unknown') return 'lost-sight'
  if (before.verdict === 'unknown') return 'gained-sight'
  if (after.verdict === 'fail') return 'new-gap'
  return before.verdict === 'fail' ? 'closed-gap' : 'reason-changed'
}

/** What became between two nights of everything that both looked at, in the order in which changes are listed. */
function expected(from: Night, to: Night): Told[] {
  return parts.flatMap(({ key, resources }, index): Told[] => {
    const [before, after] = [from[index], to[index]]
    if (!before || !after) return []
    return resources.flatMap(({ id }, at) => checks.flatMap((check, nth) => {
      const kind = kindOf(before[at]?.[nth] ?? null, after[at]?.[nth] ?? null)
      return kind === null ? [] : [{ part: key, id, check, kind, keyPoint: keyPointOf[check] }]
    }))
  })
}

interface Wanted {
  kinds: ChangeKind[]
  keyPoints: KeyPoint[]
  subscriptions: string[]
}

const everything: Wanted = { kinds: [], keyPoints: [], subscriptions: [] }
const filters: fc.Arbitrary<Wanted> = fc.record({
  kinds: fc.subarray<ChangeKind>(['new-gap', 'closed-gap', 'reason-changed', 'appeared', 'vanished', 'lost-sight', 'gained-sight']),
  keyPoints: fc.subarray<KeyPoint>(['audit-logging', 'log-retention']),
  subscriptions: fc.subarray([subscriptionA, subscriptionB.toUpperCase()]),
})

async function pagesOf(viewer: Viewer, pair: Awaited<ReturnType<typeof openDiff>>, wanted: ChangeFilters, pageSize: number) {
  const rows = []
  for (let page = 1; ; page += 1) {
    const more = await listChanges(db, viewer, pair, wanted, { page, pageSize })
    rows.push(...more)
    if (more.length < pageSize) return rows
  }
}

const toTold = (rows: Awaited<ReturnType<typeof listChanges>>): Told[] =>
  rows.map((row) => ({ part: row.subscriptionId ?? '', id: row.resourceId, check: row.check, kind: row.kind, keyPoint: row.keyPoint }))

describe('whatever scans found', () => {
  let estates = 0

  it('pages through changes meet each once and in order, under any filter', { timeout: 600_000 }, async () => {
    await fc.assert(fc.asyncProperty(fc.array(night, { minLength: 4, maxLength: 4 }), filters, fc.integer({ min: 1, max: 4 }), async (nights, wanted, pageSize) => {
      const viewer: Viewer = { estateId: await newEstate(db, `property-${++estates}`), subscriptions: 'all' }
      const scans: string[] = []
      for (const one of nights) scans.push(await store(viewer.estateId, one))
      for (const [from, to] of [[0, 3], [0, 1], [1, 2], [3, 1]] as const) {
        const pair = await openDiff(db, viewer, scans[from] ?? '', scans[to] ?? '')
        const all = expected(nights[from] ?? [], nights[to] ?? [])
        for (const [under, size] of [[wanted, pageSize], [everything, 2]] as const) {
          const matching = all.filter((one) => (under.kinds.length === 0 || under.kinds.includes(one.kind)) && (under.keyPoints.length === 0 || under.keyPoints.includes(one.keyPoint))
            && (under.subscriptions.length === 0 || under.subscriptions.some((id) => id.toLowerCase() === one.part)))
          expect(toTold(await pagesOf(viewer, pair, under, size))).toEqual(matching)
          const streamed = []
          for await (const rows of streamChanges(db, viewer, pair, under)) streamed.push(...rows)
          expect(toTold(streamed)).toEqual(matching)
        }
        expect((await countChanges(db, viewer, pair)).reduce((sum, row) => sum + row.count, 0)).toBe(all.length)
        const narrow: Viewer = { ...viewer, subscriptions: [subscriptionB] }
        expect(toTold(await pagesOf(narrow, pair, {}, 50))).toEqual(all.filter(({ part }) => part === subscriptionB))
      }
    }), { numRuns: 6 })
  })
})
