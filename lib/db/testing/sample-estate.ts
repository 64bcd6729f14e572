import type { Resource, Subscription } from '@/lib/domain/estate'
import type { Finding } from '@/lib/domain/finding'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Severity } from '@/lib/domain/verdict'
import type { Database } from '../client'
import { ensureEstate } from '../estates'
import { storeFindings } from '../findings'
import { closeInventory, saveInventoryPage, saveScopes } from '../resources'
import { toResourceKey } from '@/lib/domain/arm-id'
import { finishScan } from '../scan-ends'
import { claimScan, createScan, upsertPart } from '../scans'
import { saveSubscriptions } from '../subscriptions'

/** For tests: a small estate to scan again and again. */
export const subscriptionA = 'aaaaaaaa-0000-4000-8000-000000000001'
export const subscriptionB = 'bbbbbbbb-0000-4000-8000-000000000002'

export const subscriptions: Subscription[] = [
  { subscriptionId: subscriptionA, displayName: 'Alpha', state: 'Enabled', tenantId: 'tenant' },
  { subscriptionId: subscriptionB, displayName: 'beta', state: 'Enabled', tenantId: 'tenant' },
]

export function vault(subscriptionId: string, name: string, over: Partial<Resource> = {}): Resource {
  return {
    id: `/subscriptions/${subscriptionId}/resourceGroups/RG-Main/providers/Microsoft.KeyVault/vaults/${name}`, name, type: 'microsoft.keyvault/vaults',
    kind: null, location: 'westeurope', resourceGroup: 'RG-Main', subscriptionId, skuName: 'standard', managedBy: null, tags: { env: 'prod' },
    properties: { enabled: true }, derivedFrom: null, ...over,
  }
}

/** A subscription's complete inventory in one page. */
export async function saveInventory(db: Database, estateId: number, seq: number, subscriptionId: string, resources: readonly Resource[]): Promise<{ written: number; gone: number }> {
  const { written } = await saveInventoryPage(db, estateId, seq, resources)
  return { written: written.length, gone: await closeInventory(db, estateId, seq, subscriptionId, new Set(resources.map(({ id }) => toResourceKey(id)))) }
}

type Outcome = 'pass' | 'fail' | 'not-applicable' | 'unknown'

export function finding(
  resource: Resource, verdict: Outcome,
  over: { check?: string; keyPoint?: KeyPoint; severity?: Severity; reason?: string; evidence?: Record<string, unknown> } = {},
): Finding {
  const reason = over.reason ?? `It is ${verdict}.`
  const evidence = over.evidence ?? { settings: [] }
  return {
    subscriptionId: resource.subscriptionId, resourceId: resource.id, resourceType: resource.type, resourceName: resource.name, location: resource.location,
    keyPoint: over.keyPoint ?? 'audit-logging', check: over.check ?? 'resource-audit-logs', checkVersion: 1, severity: over.severity ?? 'high',
    judgement: verdict === 'unknown'
      ? { verdict, reasonCode: 'permission-denied', reason, permission: 'Microsoft.Insights/diagnosticSettings/read' }
      : { verdict, reason, evidence },
  }
}

export async function newEstate(db: Database, name = 'tenant'): Promise<number> {
  return (await ensureEstate(db, { tenantId: name, isDemo: false, cloud: 'AzureCloud', displayName: 'Contoso' })).estateId
}

/** One part of a scan: the resources as listed and what was found. */
export interface Part {
  subscriptionId: string
  resources: Resource[]
  findings: Finding[]
}

/** A whole scan, from queue to finish, as if it had begun at a time. */
export async function scanOnce(db: Database, estateId: number, parts: Part[], startedAt?: Date): Promise<{ scanId: string; seq: number }> {
  const scan = await beginScan(db, estateId)
  if (startedAt !== undefined) await db.scan.update({ where: { seq: scan.seq }, data: { startedAt } })
  for (const part of parts) await storePart(db, estateId, scan.seq, part)
  await finishScan(db, scan.seq, { status: 'succeeded', summary: null, central: null, resources: 1, score: 50, coverage: 100, error: null })
  return scan
}

export async function beginScan(db: Database, estateId: number): Promise<{ scanId: string; seq: number }> {
  const scan = await createScan(db, estateId, { scope: {}, mode: 'full', requestedBy: 'test' })
  await claimScan(db, scan.scanId)
  await saveSubscriptions(db, estateId, scan.seq, subscriptions)
  await saveScopes(db, estateId, scan.seq, { tenantId: 'tenant', subscriptions, managementGroups: [] })
  return scan
}

export async function storePart(db: Database, estateId: number, seq: number, part: Part) {
  await saveInventory(db, estateId, seq, part.subscriptionId, part.resources)
  const stored = await storeFindings(db, estateId, seq, part.subscriptionId, [part.findings])
  const displayName = subscriptions.find((s) => s.subscriptionId === part.subscriptionId)?.displayName ?? ''
  await upsertPart(db, seq, { subscriptionId: part.subscriptionId, displayName, status: 'succeeded', reason: null, resources: part.resources.length })
  return stored
}
