import { afterEach, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import { generateTenant } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

interface JudgedTable {
  table: string
  totalDays: number
  asked: { total: number }
  exportedDays?: number | 'for ever'
}

it('what a workspace exports counts for its retention, by the lifecycle rules of the account', { timeout: 120_000 }, async () => {
  const t = (tenant = await startScannedTenant(generateTenant({ resources: 150, seed: 4 }), { limits: false }))
  const first = await t.scan()
  const gap = (await t.findings(first.scanId)).find(({ check, verdict }) => check === 'workspace-retention' && verdict === 'fail')
  const account = t.simulator.tenant.rows('resources').find(({ type }) => type.toLowerCase() === 'microsoft.storage/storageaccounts')
  if (gap === undefined || account === undefined) throw new Error('the generated tenant should have a workspace that keeps too short, and a storage account')
  const { tables } = gap.evidence as { tables: JudgedTable[] }
  const short = tables.filter(({ totalDays, asked }) => totalDays < asked.total).map(({ table }) => table)
  expect(short.length).toBeGreaterThan(0)
  const hub = t.simulator.tenant.rows('resources').find(({ type }) => type.toLowerCase() === 'microsoft.eventhub/namespaces')
  if (hub === undefined) throw new Error('the generated tenant should have an event hub namespace')
  const exports = { value: [
    { name: 'archive', properties: { enable: true, tableNames: short, destination: { resourceId: account.id, type: 'StorageAccount' } } },
    { name: 'hub', properties: { enable: true, tableNames: short, destination: { resourceId: hub.id, type: 'EventHub' } } },
  ] }
  t.simulator.tenant.setAnswer('data-exports', gap.resourceId, { status: 200, body: exports })
  t.simulator.tenant.setAnswer('lifecycle', account.id, { status: 404, body: { error: { code: 'ManagementPolicyNotFound', message: 'none' } } })

  const kept = async () => {
    const finding = (await t.findings((await t.scan()).scanId)).find(({ check, resourceId }) => check === gap.check && resourceId === gap.resourceId)
    const { tables: judged } = (finding?.evidence ?? { tables: [] }) as { tables: JudgedTable[] }
    return judged.filter(({ table }) => short.includes(table)).map(({ exportedDays }) => exportedDays)
  }
  expect(new Set(await kept())).toEqual(new Set(['for ever']))
  // A later scan knows of the exports before it asks: it takes no event hub for a storage account.
  await t.scan()
  expect(await t.database.fact.count({ where: { subject: toResourceKey(hub.id), source: 'storage-lifecycle' } })).toBe(0)
  expect(await t.database.fact.count({ where: { subject: toResourceKey(account.id), source: 'storage-lifecycle', status: 'ok' } })).toBe(1)
})
