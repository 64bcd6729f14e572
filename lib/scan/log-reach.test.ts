import { afterEach, expect, it } from 'vitest'
import { listLogReach } from '@/lib/db'
import { countReach } from '@/lib/domain/log-reach'
import { generateTenant } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

it('a scan stores where each log source arrives, agrees with its findings, and replaces it when it is judged anew', async () => {
  const t = (tenant = await startScannedTenant(generateTenant({ resources: 120, seed: 4 })))
  const first = await t.scan()
  const rows = await listLogReach(t.database, t.viewer)
  const vaults = rows.filter((row) => row.source === 'microsoft.keyvault/vaults' && row.category === '')
  const findings = (await t.findings(first.scanId)).filter((row) => row.check === 'resource-logs-centralized' && row.resourceType === 'microsoft.keyvault/vaults')
  const verdicts = (verdict: string) => findings.filter((row) => row.verdict === verdict).length
  expect(countReach(vaults)).toMatchObject({ subjects: findings.length, central: verdicts('pass') })
  const whole = rows.filter((row) => row.category === '')
  expect(whole.find((row) => row.source === 'microsoft.aadiam/tenants')).toBeDefined()
  const bySubscription = await Promise.all([...first.subscriptions.map((s) => s.subscriptionId), ''].map((id) => listLogReach(t.database, t.viewer, id)))
  const sum = (list: typeof rows) => list.filter((row) => row.category === '').reduce((total, row) => total + row.subjects, 0)
  expect(bySubscription.map(sum).reduce((a, b) => a + b, 0)).toBe(sum(rows))
  await t.scan()
  expect(await listLogReach(t.database, t.viewer)).toEqual(rows)
  const [one] = first.subscriptions
  expect(await listLogReach(t.database, { ...t.viewer, subscriptions: [one?.subscriptionId ?? ''] })).toEqual(await listLogReach(t.database, t.viewer, one?.subscriptionId))
})
