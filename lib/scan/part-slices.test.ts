import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import { checks, judgeSubjects, logReach, LogReachSum } from '@/lib/checks'
import { judgedScans, loadResources, saveFacts, saveInventoryPage, type Database } from '@/lib/db'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { Resource } from '@/lib/domain/estate'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import type { Finding } from '@/lib/domain/finding'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import { generateTenant } from '@/lib/simulator'
import { loadDestinationInventory } from './destination-inventory'
import { prepareJudging } from './evaluate'
import { slicesOf } from './part-slices'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let t: ScannedTenant
let db: Database
let home: string
beforeAll(async () => {
  t = await startScannedTenant(generateTenant({ resources: 150, seed: 5 }))
  await t.scan()
  db = t.database
  home = t.simulator.tenant.subscriptions.at(-1)?.subscriptionId ?? ''
  await storeFamilies()
})
afterAll(() => t.close())

const readAt = '2026-08-01T00:00:00.000Z'
const group = (name: string) => `/subscriptions/${home}/resourceGroups/${name}/providers`

function resource(id: string, type: string, over: Partial<Resource> = {}): Resource {
  return {
    id, name: id.split('/').at(-1) ?? '', type, kind: null, location: 'westeurope', resourceGroup: id.split('/')[4] ?? '', subscriptionId: home,
    skuName: null, managedBy: null, tags: {}, properties: {}, derivedFrom: null, ...over,
  }
}

function fact<S extends FactSource>(id: string, source: S, value: FactValues[S]): Fact {
  return { subject: toResourceKey(id), source, subscriptionId: home, read: { ok: true, value }, readAt }
}

/** Servers whose names begin alike, so that one stands between another and its databases, and a machine far from the scale set that it is an instance of. */
async function storeFamilies(): Promise<void> {
  const resources: Resource[] = []
  const facts: Fact[] = []
  const auditing = (enabled: boolean) => ({
    state: enabled ? 'Enabled' as const : 'Disabled' as const, isAzureMonitorTargetEnabled: enabled, isDevopsAuditEnabled: false, retentionDays: 0,
    auditActionsAndGroups: ['BATCH_COMPLETED_GROUP'], storageEndpoint: null, storageSubscriptionId: null, predicateExpression: null,
  })
  for (const [at, name] of ['a', 'a-1', 'a-1-2', 'A.b', 'a0'].entries()) {
    const server = `${group('rg-sql')}/Microsoft.Sql/servers/${name}`
    resources.push(resource(server, 'microsoft.sql/servers', { kind: 'v12.0', tags: { env: name } }))
    facts.push(fact(server, 'sql-auditing', auditing(at % 2 === 0)), fact(server, 'diagnostic-settings', []))
    for (const database of ['master', 'orders', 'people']) {
      const id = `${server}/databases/${database}`
      resources.push(resource(id, 'microsoft.sql/servers/databases', { name: `${name}/${database}` }))
      facts.push(fact(id, 'diagnostic-settings', []))
      if (database === 'orders') facts.push(fact(id, 'sql-auditing', auditing(at === 1)))
    }
  }
  const set = `${group('zz-sets')}/Microsoft.Compute/virtualMachineScaleSets/web`
  const profile = { storageProfile: { osDisk: { osType: 'Linux' } }, extensionProfile: { extensions: [{ name: 'ama', properties: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent', provisioningState: 'Succeeded' } }] } }
  resources.push(resource(set, 'microsoft.compute/virtualmachinescalesets', { properties: { orchestrationMode: 'Flexible', virtualMachineProfile: profile } }))
  const machine = `${group('aa-machines')}/Microsoft.Compute/virtualMachines/web-1`
  resources.push(resource(machine, 'microsoft.compute/virtualmachines', { properties: { virtualMachineScaleSet: { id: set.toUpperCase() }, storageProfile: { osDisk: { osType: 'Linux' } } } }))
  for (const id of [set, machine]) facts.push(fact(id, 'rule-associations', []))
  const { seq } = await db.scan.findFirstOrThrow({ orderBy: { seq: 'desc' } })
  await saveInventoryPage(db, t.viewer.estateId, seq, resources)
  await saveFacts(db, t.viewer.estateId, seq, facts)
}

async function judgedIn(resourcesPerSlice: number, policy: Policy) {
  const { estateId } = t.viewer
  const [scan] = await judgedScans(db, estateId)
  if (scan === undefined) throw new Error('the tenant should be scanned')
  const { central, contextsOf } = await prepareJudging({
    db, estateId, tenantId: t.simulator.tenant.tenantId, cloud: 'AzureCloud', policy, catalog: loadCatalog(), readSeq: scan.seq, ...scan.basis, resourcesPerSlice,
    visibleSubscriptions: new Set(scan.basis.surveyed.map((s) => s.subscriptionId)), destinationInventory: await loadDestinationInventory(db, estateId), signal: new AbortController().signal,
  })
  const findings: Finding[] = []
  const use = new Map<string, unknown>()
  const reach: unknown[] = []
  let slices = 0
  for (const { subscription, lost } of scan.basis.subscriptions) {
    const sum = new LogReachSum()
    for await (const context of contextsOf(subscription, lost)) {
      slices += 1
      expect(context.estate.resources.length).toBeLessThanOrEqual(resourcesPerSlice)
      findings.push(...judgeSubjects(context))
      logReach(context, sum)
      for (const { id } of context.estate.resources) if (context.estate.destinations.exists(id)) use.set(toResourceKey(id), context.estate.destinations.use(id))
    }
    reach.push(...sum.all.map((row) => JSON.stringify({ subscription: subscription.subscriptionId, ...row })).sort())
  }
  return { slices, judged: { central, findings, use: [...use].sort(([a], [b]) => (a < b ? -1 : 1)), reach } }
}

describe('judging some resources at a time', { timeout: 300_000 }, () => {
  const everything: Policy = { ...defaultPolicy, enabledChecks: checks.filter(({ optional }) => optional === true).map(({ id }) => id) }
  const byTag: Policy = { ...everything, overrides: [{ scope: { kind: 'tag', name: 'env', value: 'a-1' }, rules: { disabledChecks: ['resource-audit-logs'] } }] }

  it.each([['every check', everything], ['a policy for a tag that parents carry', byTag]])('comes to what judging all at once comes to, by %s', async (_, policy) => {
    const whole = await judgedIn(100_000, policy)
    expect(whole.judged.findings.filter(({ resourceId }) => resourceId.includes('/servers/a-1-2/')).length).toBeGreaterThan(2)
    expect(whole.judged.use.some(([, one]) => one !== undefined)).toBe(true)
    for (const perSlice of [1, 2, 5]) {
      const sliced = await judgedIn(perSlice, policy)
      expect(sliced.slices).toBeGreaterThan(whole.slices)
      expect(sliced.judged).toEqual(whole.judged)
    }
  })
})

describe('slices of a subscription', () => {
  const sliced = (perSlice: number) => Array.fromAsync(slicesOf({ db, estateId: t.viewer.estateId, subscriptionId: home, perSlice }))

  it('hold each resource once, in order, with its facts and its family', async () => {
    const all = await loadResources(db, t.viewer.estateId, home)
    for (const perSlice of [1, 3, all.length - 1, all.length, all.length + 1]) {
      const slices = await sliced(perSlice)
      expect(slices.flatMap(({ resources }) => resources.map(({ id }) => id))).toEqual(all.map(({ id }) => id))
      expect(slices.filter(({ last }) => last)).toHaveLength(1)
      expect(slices.at(-1)?.last).toBe(true)
      for (const { resources, beside, facts, whole } of slices) {
        const inHand = new Set([...resources, ...beside].map(({ id }) => toResourceKey(id)))
        expect(inHand.size).toBe(resources.length + beside.length)
        expect(whole).toBe(perSlice >= all.length + (slices.length > 1 ? 1 : 0))
        for (const { id } of resources.filter(({ type }) => type.startsWith('microsoft.sql/servers'))) {
          const server = id.split('/databases/')[0] ?? ''
          const family = all.filter((one) => one.id === server || one.id.startsWith(`${server}/`))
          expect(family.filter((one) => !inHand.has(toResourceKey(one.id)))).toEqual([])
          expect(facts.some(({ subject, source }) => subject === toResourceKey(server) && source === 'sql-auditing')).toBe(true)
        }
        expect(facts.some(({ subject }) => subject === toResourceKey(`/subscriptions/${home}`))).toBe(true)
        expect(new Set(facts.map(({ subject, source }) => `${source} ${subject}`)).size).toBe(facts.length)
      }
    }
  })

  it('tell of a subscription without resources, once', async () => {
    const slices = await Array.fromAsync(slicesOf({ db, estateId: t.viewer.estateId, subscriptionId: '00000000-0000-4000-8000-00000000dead', perSlice: 3 }))
    expect(slices).toEqual([{ resources: [], beside: [], facts: [], whole: true, last: true }])
  })
})
