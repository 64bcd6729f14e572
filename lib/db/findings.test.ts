import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Finding } from '@/lib/domain/finding'
import type { Database } from './client'
import { findingsOf } from './finding-rows'
import { storeFindings } from './findings'
import { KnownJudgements, pruneJudgements } from './judgements'
import { beginScan, finding, newEstate, saveInventory, scanOnce, storePart, subscriptionA, subscriptionB, vault } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let estateId: number
let estates = 0
const kv = vault(subscriptionA, 'kv-One')

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  estateId = await newEstate(db, `findings-${++estates}`)
})

/** Scans once with these verdicts of one check on one vault. */
const scan = (...findings: ReturnType<typeof finding>[]) => scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [kv], findings }])

async function intervals() {
  const rows = await db.finding.findMany({
    where: { estateId }, orderBy: { fromSeq: 'asc' }, select: { verdict: true, fromSeq: true, toSeq: true, sinceSeq: true },
  })
  return rows.map((row) => [row.verdict, row.fromSeq, row.toSeq, row.sinceSeq])
}

describe('findings by intervals', () => {
  it('writes nothing while nothing changes', async () => {
    const first = await scan(finding(kv, 'fail'))
    await scan(finding(kv, 'fail'))
    await scan(finding({ ...kv, id: kv.id.toUpperCase() }, 'fail'))
    expect(await intervals()).toEqual([['fail', first.seq, null, first.seq]])
  })

  it('does not see a change in another order of keys', async () => {
    await scan(finding(kv, 'fail', { evidence: { a: 1, b: { c: 2, d: 3 } } }))
    await scan(finding(kv, 'fail', { evidence: { b: { d: 3, c: 2 }, a: 1 } }))
    expect(await intervals()).toHaveLength(1)
  })

  it('ends one interval and begins the next when the verdict changes', async () => {
    const [a, b, c] = [await scan(finding(kv, 'fail')), await scan(finding(kv, 'pass')), await scan(finding(kv, 'fail'))]
    expect(await intervals()).toEqual([['fail', a.seq, b.seq, a.seq], ['pass', b.seq, c.seq, b.seq], ['fail', c.seq, null, c.seq]])
  })

  it('keeps since when only reason or evidence change', async () => {
    const a = await scan(finding(kv, 'fail', { reason: 'Nowhere.' }))
    const b = await scan(finding(kv, 'fail', { reason: 'To a workspace that is gone.' }))
    expect(await intervals()).toEqual([['fail', a.seq, b.seq, a.seq], ['fail', b.seq, null, a.seq]])
    const { id } = await db.resource.findFirstOrThrow({ where: { estateId, name: 'kv-One' } })
    const [row] = await findingsOf(db, id)
    const began = await db.scan.findUniqueOrThrow({ where: { seq: a.seq } })
    expect(row?.since).toBe(began.startedAt?.toISOString())
  })

  it('ends what is no longer judged, and starts anew when it is judged again', async () => {
    const a = await scan(finding(kv, 'fail'), finding(kv, 'pass', { check: 'other' }))
    const b = await scan(finding(kv, 'pass', { check: 'other' }))
    const c = await scan(finding(kv, 'fail'), finding(kv, 'pass', { check: 'other' }))
    expect(await intervals()).toEqual(expect.arrayContaining([['fail', a.seq, b.seq, a.seq], ['fail', c.seq, null, c.seq], ['pass', a.seq, null, a.seq]]))
  })

  it('counts what happened', async () => {
    await scan(finding(kv, 'fail'), finding(kv, 'pass', { check: 'same' }), finding(kv, 'pass', { check: 'left' }))
    const { seq } = await beginScan(db, estateId)
    const findings = [finding(kv, 'pass'), finding(kv, 'pass', { check: 'same' }), finding(kv, 'unknown', { check: 'new' })]
    expect(await storeFindings(db, estateId, seq, subscriptionA, [findings])).toEqual({ opened: 1, closed: 1, changed: 1, unchanged: 1 })
  })

  it('ends what is no longer found of a resource of which nothing is found', async () => {
    const [one, two] = [vault(subscriptionA, 'one'), vault(subscriptionA, 'two')]
    const part = (...findings: ReturnType<typeof finding>[]) => [{ subscriptionId: subscriptionA, resources: [one, two], findings }]
    const a = await scanOnce(db, estateId, part(finding(one, 'fail'), finding(two, 'pass')))
    // As it is after an upgrade from when no hashes were kept.
    await db.resource.updateMany({ where: { estateId }, data: { findingsHash: null } })
    const b = await scanOnce(db, estateId, part(finding(two, 'pass')))
    expect(await intervals()).toEqual(expect.arrayContaining([['fail', a.seq, b.seq, a.seq], ['pass', a.seq, null, a.seq]]))
    expect(await db.resource.findMany({ where: { estateId, type: one.type }, orderBy: { key: 'asc' }, select: { findings: true, failHigh: true } })).toEqual([{ findings: 0, failHigh: 0 }, { findings: 1, failHigh: 0 }])
  })

  it('takes the findings of one resource from one slice alone', async () => {
    const { seq } = await beginScan(db, estateId)
    await saveInventory(db, estateId, seq, subscriptionA, [kv])
    const slices = [[finding(kv, 'fail')], [finding(kv, 'pass', { check: 'other' })]]
    await expect(storeFindings(db, estateId, seq, subscriptionA, slices)).rejects.toThrow('came in two slices')
  })

  it('finds a resource again that went and came back as it was', async () => {
    const a = await scan(finding(kv, 'fail'))
    const b = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [], findings: [] }])
    const c = await scan(finding(kv, 'fail'))
    expect(await intervals()).toEqual([['fail', a.seq, b.seq, a.seq], ['fail', c.seq, null, c.seq]])
  })

  it('leaves other subscriptions alone', async () => {
    const other = vault(subscriptionB, 'kv-B')
    const a = await scanOnce(db, estateId, [{ subscriptionId: subscriptionB, resources: [other], findings: [finding(other, 'fail')] }])
    await scan(finding(kv, 'pass'))
    expect(await intervals()).toContainEqual(['fail', a.seq, null, a.seq])
  })

  it('refuses a finding about something that is not stored, and stores nothing of its part', async () => {
    const { seq } = await beginScan(db, estateId)
    await saveInventory(db, estateId, seq, subscriptionA, [kv])
    const findings = [finding(kv, 'pass'), finding(vault(subscriptionA, 'nobody'), 'pass')]
    await expect(storeFindings(db, estateId, seq, subscriptionA, [findings])).rejects.toThrow('which is not stored')
    expect(await intervals()).toEqual([])
  })

  it('keeps reason and evidence once for all that share them, whichever parts store them at once', async () => {
    const parts = [subscriptionA, subscriptionB].map((subscriptionId) => {
      const resources = ['a', 'b', 'c'].map((name) => vault(subscriptionId, name))
      return { subscriptionId, resources, findings: resources.flatMap((one) => [finding(one, 'fail'), finding(one, 'pass', { check: 'other' }), finding(one, 'fail', { check: 'other-fail' })]) }
    })
    const { seq } = await beginScan(db, estateId)
    for (const { subscriptionId, resources } of parts) await saveInventory(db, estateId, seq, subscriptionId, resources)
    await Promise.all(parts.map(({ subscriptionId, findings }) => storeFindings(db, estateId, seq, subscriptionId, [findings])))
    expect(await db.finding.count({ where: { estateId } })).toBe(18)
    expect((await db.judgement.findMany({ where: { estateId } })).map(({ reason }) => reason).sort()).toEqual(['It is fail.', 'It is pass.'])
  })

  it('stores a judgement again that was pruned since', async () => {
    await scan(finding(kv, 'fail', { reason: 'Nowhere.' }))
    await scan()
    await db.finding.deleteMany({ where: { estateId } })
    await db.$transaction((tx) => pruneJudgements(tx, estateId))
    expect(await db.judgement.count({ where: { estateId } })).toBe(0)
    await scan(finding(kv, 'fail', { reason: 'Nowhere.' }))
    const { id } = await db.resource.findFirstOrThrow({ where: { estateId, name: 'kv-One' } })
    expect((await findingsOf(db, id)).map(({ reason }) => reason)).toEqual(['Nowhere.'])
  })

  it('stores a judgement again that was pruned since another part told of it', async () => {
    const known = new KnownJudgements()
    const { seq } = await beginScan(db, estateId)
    const other = vault(subscriptionB, 'kv-B')
    await saveInventory(db, estateId, seq, subscriptionA, [kv])
    await saveInventory(db, estateId, seq, subscriptionB, [other])
    await storeFindings(db, estateId, seq, subscriptionA, [[finding(kv, 'fail')]], known)
    await db.finding.deleteMany({ where: { estateId } })
    await db.$transaction((tx) => pruneJudgements(tx, estateId))
    await storeFindings(db, estateId, seq, subscriptionB, [[finding(other, 'fail')]], known)
    const { id } = await db.resource.findFirstOrThrow({ where: { estateId, name: 'kv-B' } })
    expect((await findingsOf(db, id)).map(({ reason }) => reason)).toEqual(['It is fail.'])
  })

  it('knows judgements over many parts without keeping all of them', async () => {
    const known = new KnownJudgements(3)
    const vaults = Array.from({ length: 5 }, (_, nth) => vault(subscriptionA, `kv-${nth}`))
    const { seq } = await beginScan(db, estateId)
    await saveInventory(db, estateId, seq, subscriptionA, vaults)
    const slices = [0, 1].flatMap(() => vaults).map((one, nth) => finding(one, 'fail', { check: nth < 5 ? 'first' : 'second', reason: `Reason ${nth % 5}.` }))
    const bySlice = vaults.map((one) => slices.filter(({ resourceId }) => resourceId === one.id))
    await storeFindings(db, estateId, seq, subscriptionA, bySlice, known)
    const stored = await db.finding.findMany({ where: { estateId } })
    expect(stored).toHaveLength(10)
    expect(await db.judgement.count({ where: { estateId } })).toBe(5)
  })

  it('keeps quotes, backslashes and braces of what a finding says', async () => {
    const [reason, permission, check] = [String.raw`He said "{a,b}", \\ and 'NULL', null \" end`, String.raw`Microsoft."odd"\read,{}`, String.raw`odd "check" \ , {}`]
    const named = vault(subscriptionA, String.raw`kv "{x}" \ '`)
    const unknown: Finding = { ...finding(named, 'unknown'), judgement: { verdict: 'unknown', reasonCode: 'permission-denied', reason, permission } }
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [named], findings: [unknown, finding(named, 'fail', { check })] }])
    const { id } = await db.resource.findFirstOrThrow({ where: { estateId, name: named.name } })
    expect((await findingsOf(db, id)).map((row) => [row.check, row.reason, row.permission])).toEqual([[check, 'It is fail.', null], ['resource-audit-logs', reason, permission]])
  })

  it('keeps what jsonb would refuse out of it', async () => {
    await scan(finding(kv, 'fail', { reason: 'nul \0 and half \ud83d', evidence: { 'k\0': 'v\0\ud800', deep: [{ a: '\\u0000' }] } }))
    const row = await db.judgement.findFirstOrThrow({ where: { estateId } })
    expect(row.evidence).toEqual({ k: 'v\ufffd', deep: [{ a: '\\u0000' }] })
  })
})

describe('a part that is stored again by the same scan', () => {
  const part = (...findings: ReturnType<typeof finding>[]) => ({ subscriptionId: subscriptionA, resources: [kv], findings })

  it('changes nothing', async () => {
    await scan(finding(kv, 'fail'))
    const { seq } = await beginScan(db, estateId)
    await storePart(db, estateId, seq, part(finding(kv, 'pass')))
    const before = await intervals()
    const rollups = await db.rollup.findMany({ where: { scanSeq: seq } })
    expect(await storePart(db, estateId, seq, part(finding(kv, 'pass')))).toEqual({ opened: 0, closed: 0, changed: 0, unchanged: 1 })
    expect(await intervals()).toEqual(before)
    expect(await db.rollup.findMany({ where: { scanSeq: seq } })).toEqual(rollups)
  })

  it('replaces what the first attempt found', async () => {
    const a = await scan(finding(kv, 'fail'))
    const { seq } = await beginScan(db, estateId)
    await storePart(db, estateId, seq, part(finding(kv, 'pass')))
    await storePart(db, estateId, seq, part(finding(kv, 'unknown')))
    expect(await intervals()).toEqual([['fail', a.seq, seq, a.seq], ['unknown', seq, null, seq]])
  })

  it('takes back what the first attempt ended', async () => {
    const a = await scan(finding(kv, 'fail'))
    const { seq } = await beginScan(db, estateId)
    await storePart(db, estateId, seq, part(finding(kv, 'pass')))
    await storePart(db, estateId, seq, part(finding(kv, 'fail')))
    expect(await intervals()).toEqual([['fail', a.seq, null, a.seq]])
    await storePart(db, estateId, seq, part())
    await storePart(db, estateId, seq, part(finding(kv, 'fail')))
    expect(await intervals()).toEqual([['fail', a.seq, null, a.seq]])
  })

  it('goes on after an attempt that stopped between two slices', async () => {
    const [one, two] = [vault(subscriptionA, 'one'), vault(subscriptionA, 'two')]
    const a = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [one, two], findings: [finding(one, 'pass'), finding(two, 'pass')] }])
    const { seq } = await beginScan(db, estateId)
    await saveInventory(db, estateId, seq, subscriptionA, [one, two])
    async function* stopping() {
      yield [finding(one, 'fail')]
      throw new Error('the worker died')
    }
    await expect(storeFindings(db, estateId, seq, subscriptionA, stopping())).rejects.toThrow('the worker died')
    expect(await db.rollup.count({ where: { scanSeq: seq } })).toBe(0)
    expect(await storeFindings(db, estateId, seq, subscriptionA, [[finding(one, 'fail')], [finding(two, 'fail')]])).toEqual({ opened: 0, closed: 0, changed: 1, unchanged: 1 })
    expect(await intervals()).toEqual([['pass', a.seq, seq, a.seq], ['pass', a.seq, seq, a.seq], ['fail', seq, null, seq], ['fail', seq, null, seq]])
    expect(await db.transition.count({ where: { estateId, seq } })).toBe(2)
    expect(await db.rollup.findMany({ where: { scanSeq: seq }, select: { fail: true, pass: true } })).toEqual([{ fail: 2, pass: 0 }])
  })

  it('may be stored by two workers at once', async () => {
    const { seq } = await beginScan(db, estateId)
    await saveInventory(db, estateId, seq, subscriptionA, [kv])
    await Promise.all([1, 2, 3, 4].map(() => storeFindings(db, estateId, seq, subscriptionA, [[finding(kv, 'fail')]])))
    expect(await intervals()).toEqual([['fail', seq, null, seq]])
  })
})

describe('what goes with findings', () => {
  it('keeps each resource its standing', async () => {
    const lax = vault(subscriptionA, 'kv-lax')
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [kv, lax], findings: [
      finding(kv, 'pass'), finding(kv, 'not-applicable', { check: 'b', keyPoint: 'log-retention' }),
      finding(lax, 'fail', { severity: 'critical' }), finding(lax, 'fail', { check: 'b' }), finding(lax, 'unknown', { check: 'c' }),
    ] }])
    const rows = await db.resource.findMany({ where: { estateId, type: kv.type }, orderBy: { rank: 'desc' } })
    expect(rows.map((r) => [r.name, r.failCritical, r.failHigh, r.unknownCount, r.passCount])).toEqual([['kv-lax', 1, 1, 1, 0], ['kv-One', 0, 0, 0, 1]])
  })

  it('rolls up by subscription, check and type, and in all', async () => {
    const { seq } = await scan(finding(kv, 'fail'), finding(kv, 'pass', { check: 'other' }))
    const rows = await db.rollup.findMany({ where: { scanSeq: seq }, orderBy: [{ dimension: 'asc' }, { key: 'asc' }] })
    expect(rows.map((r) => [r.dimension, r.key, r.pass, r.fail])).toEqual([
      ['check', 'other', 1, 0], ['check', 'resource-audit-logs', 0, 1], ['subscription', subscriptionA, 1, 1], ['total', '', 1, 1],
      ['type', 'microsoft.keyvault/vaults', 1, 1],
    ])
  })
})
