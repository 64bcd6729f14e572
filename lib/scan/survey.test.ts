import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import { knownSubscriptions, loadFactsBySource, saveFacts } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import { generateTenant } from '@/lib/simulator'
import { loadDestinationInventory } from './destination-inventory'
import { loadSharedFacts, type StoredInput } from './stored-context'
import { Survey } from './survey'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let t: ScannedTenant
beforeAll(async () => {
  t = await startScannedTenant(generateTenant({ resources: 300, seed: 5 }))
  await t.scan()
}, 120_000)
afterAll(() => t.close())

async function stored(): Promise<{ input: StoredInput; parts: Awaited<ReturnType<typeof knownSubscriptions>> }> {
  const parts = await knownSubscriptions(t.database, t.viewer.estateId)
  return {
    parts,
    input: {
      db: t.database, estateId: t.viewer.estateId, tenantId: t.simulator.tenant.tenantId, cloud: 'AzureCloud', policy: defaultPolicy, catalog: loadCatalog(), readSeq: 1, scannedAt: new Date(0).toISOString(),
      visibleSubscriptions: new Set(parts.map((s) => s.subscriptionId)), destinationInventory: await loadDestinationInventory(t.database, t.viewer.estateId),
    },
  }
}

const { signal } = new AbortController()

async function aheadOf({ input, parts }: Awaited<ReturnType<typeof stored>>): Promise<Survey> {
  const survey = new Survey()
  await survey.add(input, await loadSharedFacts(input), parts, () => true)
  return survey
}

describe('a survey of parts ahead', { timeout: 120_000 }, () => {
  it('comes to what a survey of all in the end comes to', async () => {
    const all = await stored()
    const survey = await aheadOf(all)
    const shared = await loadSharedFacts(all.input)
    const plain = await new Survey().whole(all.input, shared, [...all.parts, null], signal)
    expect(plain.use.size).toBeGreaterThan(3)
    expect(await survey.whole(all.input, shared, [...all.parts, null], signal)).toEqual(plain)
  })

  it('holds where a fact of others is otherwise in the end', async () => {
    const all = await stored()
    const survey = await aheadOf(all)
    const before = await survey.whole(all.input, await loadSharedFacts(all.input), all.parts, signal)
    // What a workspace keeps decides which containers hold the only copy.
    const { seq } = await t.database.scan.findFirstOrThrow({ orderBy: { seq: 'desc' } })
    const tables = await loadFactsBySource(t.database, t.viewer.estateId, 'workspace-tables')
    await saveFacts(t.database, t.viewer.estateId, seq, tables.map((fact) => ({ ...fact, read: { ok: true, value: [] } })))
    const shared = await loadSharedFacts(all.input)
    const plain = await new Survey().whole(all.input, shared, all.parts, signal)
    expect(plain).not.toEqual(before)
    expect(await survey.whole(all.input, shared, all.parts, signal)).toEqual(plain)
  })

  it('does not look at a part again of which all is as it was, and stops when it shall', async () => {
    const all = await stored()
    const survey = await aheadOf(all)
    const before = await survey.whole(all.input, await loadSharedFacts(all.input), all.parts, signal)
    const none = new Survey()
    await none.add(all.input, await loadSharedFacts(all.input), all.parts, () => false)
    expect(all.parts.some(({ subscriptionId }) => none.has(subscriptionId))).toBe(false)
    await t.database.fact.deleteMany({ where: { source: 'diagnostic-settings' } })
    const shared = await loadSharedFacts(all.input)
    expect(await survey.whole(all.input, shared, all.parts, signal)).toEqual(before)
    expect(await none.whole(all.input, shared, all.parts, signal)).not.toEqual(before)
  })
})
