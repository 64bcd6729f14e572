import { afterEach, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import { generateTenant } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

it('asks the account that a SQL audit writes to for its lifecycle rules, though no setting names it', { timeout: 120_000 }, async () => {
  const simulated = generateTenant({ resources: 150, seed: 4 })
  const t = (tenant = await startScannedTenant(simulated, { limits: false }))
  const ofType = (type: string) => simulated.rows('resources').find((row) => row.type.toLowerCase() === type && (row.kind ?? '') !== 'v12.0,analytics')
  const server = ofType('microsoft.sql/servers')
  const host = ofType('microsoft.storage/storageaccounts')
  if (server === undefined || host === undefined) throw new Error('the generated tenant should have a SQL server and a storage account')
  const account = { ...host, id: host.id.replace(/[^/]+$/, 'staudits'), name: 'staudits' }
  simulated.addResource(account)
  simulated.setAnswer('sql-auditing', server.id, { status: 200, body: { properties: { state: 'Enabled', retentionDays: 0, auditActionsAndGroups: [], storageEndpoint: 'https://StAudits.blob.core.windows.net/' } } })
  const rule = { name: 'cost', enabled: true, type: 'Lifecycle', definition: { actions: { baseBlob: { delete: { daysAfterCreationGreaterThan: 30 } } }, filters: { blobTypes: ['blockBlob', 'appendBlob'] } } }
  simulated.setAnswer('lifecycle', account.id, { status: 200, body: { properties: { policy: { rules: [rule] } } } })
  const judged = async () => (await t.findings((await t.scan()).scanId)).find(({ check, resourceId }) => check === 'sql-audit-retention' && toResourceKey(resourceId) === toResourceKey(server.id))

  expect(await judged()).toMatchObject({ verdict: 'fail', reason: "The lifecycle rule 'cost' of staudits deletes the audit after 30 days, less than 90." })
  simulated.setAnswer('lifecycle', account.id, { status: 404, body: { error: { code: 'ManagementPolicyNotFound', message: 'none' } } })
  expect(await judged()).toMatchObject({ verdict: 'pass', reason: 'The audit in storage is kept for ever.' })
  simulated.refuse(account.id, { kinds: ['lifecycle'] })
  expect(await judged()).toMatchObject({ verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Storage/storageAccounts/managementPolicies/read' })
})
