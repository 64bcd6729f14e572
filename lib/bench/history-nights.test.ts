import { afterAll, expect, it } from 'vitest'
import type { Database } from '@/lib/db'
import { unpack } from '@/lib/db/part-counts'
import { finding, newEstate, scanOnce, subscriptionA, subscriptionB, vault, type Part } from '@/lib/db/testing/sample-estate'
import { saveManagementGroups } from '@/lib/db/subscriptions'
import { createTestDatabase } from '@/lib/db/testing'
import { keepTemplates, writeNight } from './history-nights'

const tests = [await createTestDatabase(), await createTestDatabase()]
afterAll(async () => {
  for (const test of tests) await test.drop()
})

const vaults = (subscriptionId: string) => Array.from({ length: 400 }, (_, index) => vault(subscriptionId, `kv-${index}`))
const parts: Part[] = [subscriptionA, subscriptionB].map((subscriptionId) => ({
  subscriptionId, resources: vaults(subscriptionId),
  findings: vaults(subscriptionId).flatMap((resource, index) => [
    index % 3 === 0 ? finding(resource, 'fail', { evidence: { settings: [{ name: 'none' }] } }) : finding(resource, 'pass'),
    finding(resource, index % 5 === 0 ? 'fail' : 'pass', { check: 'resource-log-retention', keyPoint: 'log-retention', severity: 'low' }),
    finding(resource, 'unknown', { check: 'other' }),
  ]),
}))

async function firstScan(db: Database): Promise<{ estateId: number; seq: number }> {
  const estateId = await newEstate(db)
  await scanOnce(db, estateId, parts, new Date('2026-01-01T02:00:00Z'))
  await saveManagementGroups(db, estateId, [{ subscriptionId: subscriptionA, groups: ['Platform', 'root'] }])
  const { seq } = await scanOnce(db, estateId, parts, new Date('2026-01-01T03:00:00Z'))
  return { estateId, seq }
}

/** All that two scans of the same must agree in. */
async function storedBy(db: Database): Promise<unknown[]> {
  return [
    await db.finding.findMany({ orderBy: [{ resourceRef: 'asc' }, { check: 'asc' }, { fromSeq: 'asc' }] }),
    await db.transition.findMany({ orderBy: [{ seq: 'asc' }, { resourceRef: 'asc' }, { check: 'asc' }] }),
    await db.rollup.findMany({ orderBy: [{ scanSeq: 'asc' }, { dimension: 'asc' }, { key: 'asc' }, { keyPoint: 'asc' }, { severity: 'asc' }] }),
    (await db.partCounts.findMany({ orderBy: [{ scanSeq: 'asc' }, { subscriptionId: 'asc' }] }))
      .map(({ counts, ...part }) => ({ ...part, counts: unpack(counts).toSorted((a, b) => `${a.keyPoint} ${a.severity}`.localeCompare(`${b.keyPoint} ${b.severity}`)) })),
    await db.gapTurnover.findMany({ orderBy: [{ scanSeq: 'asc' }, { subscriptionId: 'asc' }, { keyPoint: 'asc' }] }),
    await db.scanPart.findMany({ orderBy: [{ scanSeq: 'asc' }, { subscriptionId: 'asc' }] }),
  ]
}

it('writes a night as the product stores a scan that finds the same', async () => {
  const [byHand, byProduct] = tests.map((test) => test.database)
  if (byHand === undefined || byProduct === undefined) throw new Error('no databases')
  const { estateId, seq } = await firstScan(byHand)
  await keepTemplates(byHand, estateId)
  const at = new Date('2026-01-02T02:00:00Z')
  const night = await writeNight(byHand, estateId, { seq }, at)
  expect(night.turned).toBeGreaterThan(3)

  const other = await firstScan(byProduct)
  const now = await byHand.finding.findMany({ where: { toSeq: null } })
  const judgements = new Map((await byHand.judgement.findMany()).map((row) => [row.id, row]))
  const names = new Map((await byHand.resource.findMany({ select: { id: true, resourceId: true } })).map((row) => [row.id, row.resourceId]))
  const turned = new Map(now.filter((row) => row.fromSeq === night.seq).map((row) => [`${names.get(row.resourceRef)} ${row.check}`, row]))
  await scanOnce(byProduct, other.estateId, parts.map((part) => ({
    ...part,
    findings: part.findings.map((each) => {
      const row = turned.get(`${each.resourceId} ${each.check}`)
      const judgement = judgements.get(row?.judgementRef ?? 0)
      if (row === undefined || judgement === undefined || (row.verdict !== 'pass' && row.verdict !== 'fail')) return each
      return { ...each, judgement: { verdict: row.verdict, reason: judgement.reason, evidence: judgement.evidence as Record<string, unknown> } }
    }),
  })), at)
  expect(await storedBy(byHand)).toEqual(await storedBy(byProduct))
}, 120_000)
