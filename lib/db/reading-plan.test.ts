import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import { circuitOpenCode, type ReadFailure } from '@/lib/domain/collected'
import type { Fact } from '@/lib/domain/fact'
import type { Database } from './client'
import { saveFacts } from './facts'
import { openParts, partTried, savePartTried } from './scan-parts'
import { auditedStorage, failedReads, forgetBelow, forgetBelowRefused, forgetFailedReads, forgetOneBelow, forgetNotAsked, forgetReads, forgetRefusedBeside, referencedDestinations, unreadResources } from './reading-plan'
import { newEstate, scanOnce, subscriptionA, vault } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let estateId: number
let estates = 0
let seq: number
const vaults = ['kv-a', 'kv-b', 'kv-c'].map((name) => vault(subscriptionA, name))

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  estateId = await newEstate(db, `plan-${++estates}`)
  seq = (await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: vaults, findings: [] }])).seq
})

const refused: ReadFailure = { ok: false, reason: 'permission-denied', detail: 'No.', status: 403, code: 'AuthorizationFailed', action: 'Microsoft.Insights/diagnosticSettings/read' }

const read = (index: number, value: Fact['read'] = { ok: true, value: [] }): Fact =>
  ({ subject: toResourceKey(vaults[index]?.id ?? ''), source: 'diagnostic-settings', subscriptionId: subscriptionA, read: value, readAt: '2026-01-01T00:00:00Z' })

async function unread(since = seq, types?: string[]): Promise<string[]> {
  const names: string[] = []
  for await (const page of unreadResources(db, { estateId, subscriptionId: subscriptionA.toUpperCase(), source: 'diagnostic-settings', since, types })) {
    names.push(...page.map(({ id }) => nameOf(id)))
  }
  return names
}

describe('what is still to be read', () => {
  it('is what this scan has not read', async () => {
    await saveFacts(db, estateId, seq, [read(0)])
    const next = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: vaults, findings: [] }])
    await saveFacts(db, estateId, next.seq, [read(1)])
    expect(await unread(next.seq)).toEqual(['kv-a', 'kv-c'])
    expect(await unread(1)).toEqual(['kv-c'])
  })

  it('holds again what a circuit breaker left out, when the scan goes on, and the audit of a server with that of its database', async () => {
    const leftOut: ReadFailure = { ok: false, reason: 'api-error', detail: 'No.', status: null, code: circuitOpenCode, action: null }
    const server = `/subscriptions/${subscriptionA}/resourcegroups/rg/providers/microsoft.sql/servers/s`
    const audit = (id: string, value: Fact['read']): Fact => ({ ...read(0, value), subject: toResourceKey(id), source: 'sql-auditing' })
    await saveFacts(db, estateId, seq, [read(0), read(1, leftOut), read(2, refused), audit(server, refused), audit(`${server}/databases/d`, leftOut), audit(`${server}/databases/e`, refused)])
    expect(await unread()).toEqual([])
    await forgetNotAsked(db, estateId, seq)
    expect(await unread()).toEqual(['kv-b'])
    const forgotten = await db.fact.findMany({ where: { estateId, source: 'sql-auditing', readSeq: 0 }, select: { subject: true }, orderBy: { subject: 'asc' } })
    expect(forgotten.map(({ subject }) => subject)).toEqual([server, `${server}/databases/d`])
  })

  it('holds neither what is gone, nor other types, nor the subscription itself', async () => {
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: vaults.slice(0, 1), findings: [] }])
    expect(await unread()).toEqual(['kv-a'])
    expect(await unread(seq, ['microsoft.sql/servers'])).toEqual([])
  })

  it('holds again what was forgotten, and every read that failed', async () => {
    await saveFacts(db, estateId, seq, [read(0), read(1), read(2, refused)])
    expect(await unread(1)).toEqual([])
    await forgetReads(db, estateId, seq + 1, [{ subject: toResourceKey(vaults[0]?.id ?? ''), source: 'diagnostic-settings' }])
    expect(await unread(1)).toEqual(['kv-a'])
    await forgetFailedReads(db, estateId, seq + 1, subscriptionA)
    expect(await unread(1)).toEqual(['kv-a', 'kv-c'])
  })

  it('holds one of those that a resource group refused alike, then the rest of the group when that one is read', async () => {
    const elsewhere = vault(subscriptionA, 'kv-z')
    elsewhere.id = elsewhere.id.replace('RG-Main', 'rg-other')
    const all = [...vaults, elsewhere]
    const next = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: all, findings: [] }])
    const denied = all.map(({ id }): Fact => ({ ...read(0, refused), subject: toResourceKey(id) }))
    await saveFacts(db, estateId, next.seq, denied)
    const tried = await forgetFailedReads(db, estateId, next.seq + 1, subscriptionA)
    expect(await unread(1)).toEqual(['kv-a', 'kv-z'])
    expect(tried.map(({ subject }) => nameOf(subject)).sort()).toEqual(['kv-a', 'kv-z'])
    // Still refused here, no answer there: nothing says that the others can be read.
    await saveFacts(db, estateId, next.seq + 1, [read(0, refused), { ...read(0, { ...refused, reason: 'api-error' }), subject: toResourceKey(elsewhere.id) }])
    expect(await forgetRefusedBeside(db, estateId, next.seq + 1, subscriptionA, tried)).toBe(0)
    // The next scan tries another.
    expect((await forgetFailedReads(db, estateId, next.seq + 2, subscriptionA)).map(({ subject }) => nameOf(subject))).toEqual(['kv-b'])
    await saveFacts(db, estateId, next.seq + 2, [read(1)])
    expect(await forgetRefusedBeside(db, estateId, next.seq + 2, subscriptionA, [{ subject: toResourceKey(vaults[1]?.id ?? ''), source: 'diagnostic-settings' }])).toBe(2)
    expect(await unread(1)).toEqual(['kv-a', 'kv-c', 'kv-z'])
  })

  it('tries nothing more of a group once an attempt at the scan has chosen, but for what access was granted to', async () => {
    await saveFacts(db, estateId, seq, vaults.map((_, index) => read(index, refused)))
    await openParts(db, seq, { scanned: [{ subscriptionId: subscriptionA, displayName: 'alpha', state: 'Enabled', tenantId: 't' }], lost: [] })
    expect(await partTried(db, seq, subscriptionA)).toBeNull()
    const tried = await forgetFailedReads(db, estateId, seq + 1, subscriptionA)
    await savePartTried(db, seq, subscriptionA, tried)
    expect(await partTried(db, seq, subscriptionA)).toEqual(tried)
    expect(await forgetFailedReads(db, estateId, seq + 1, subscriptionA, { chosen: true })).toEqual([])
    const granted = [toResourceKey(vaults[2]?.id ?? '')]
    expect((await forgetFailedReads(db, estateId, seq + 1, subscriptionA, { chosen: true, granted })).map(({ subject }) => nameOf(subject))).toEqual(['kv-c'])
    await savePartTried(db, seq, subscriptionA, [])
    expect(await partTried(db, seq, subscriptionA)).toEqual([])
  })

  it('tries none that is gone, but the next of its group', async () => {
    await saveFacts(db, estateId, seq, vaults.map((_, index) => read(index, refused)))
    const next = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: vaults.slice(1), findings: [] }])
    expect((await forgetFailedReads(db, estateId, next.seq + 1, subscriptionA)).map(({ subject }) => nameOf(subject))).toEqual(['kv-b'])
  })

  it('tries one of a type with logs first: another may turn out not to be read at all', async () => {
    const disk = vault(subscriptionA, 'a-disk', { type: 'microsoft.compute/disks' })
    const next = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [disk, ...vaults], findings: [] }])
    await saveFacts(db, estateId, next.seq, [{ ...read(0, refused), subject: toResourceKey(disk.id) }, read(1, refused)])
    const tried = await forgetFailedReads(db, estateId, next.seq + 1, subscriptionA, { logging: ['microsoft.keyvault/vaults'] })
    expect(tried.map(({ subject }) => nameOf(subject))).toEqual(['kv-b'])
  })

  it('holds all that was refused where access was granted since', async () => {
    await saveFacts(db, estateId, seq, vaults.map((_, index) => read(index, refused)))
    await forgetFailedReads(db, estateId, seq + 1, subscriptionA, { granted: [toResourceKey(vaults[2]?.id ?? '')] })
    expect(await unread(1)).toEqual(['kv-a', 'kv-c'])
    await saveFacts(db, estateId, seq + 1, [read(0, refused), read(2, refused)])
    await forgetFailedReads(db, estateId, seq + 2, subscriptionA, { granted: [toResourceKey(`/subscriptions/${subscriptionA}`)] })
    expect(await unread(1)).toEqual(['kv-a', 'kv-b', 'kv-c'])
  })

  it('comes in pages, each resource once', async () => {
    const many = Array.from({ length: 450 }, (_, i) => vault(subscriptionA, `many-${i}`))
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: many, findings: [] }])
    const names = await unread()
    expect(names).toHaveLength(450)
    expect(new Set(names).size).toBe(450)
  })
})

describe('what was deleted', () => {
  it('is taken back with all below it, and nothing beside it', async () => {
    const group = `/subscriptions/${subscriptionA}/resourcegroups/rg`
    const at = (subject: string): Fact => ({ ...read(0), subject: toResourceKey(subject) })
    const gone = [group, `${group}/providers/p/vaults/kv`, `${group}/providers/p/sites/web`, `${group}/providers/p/sites/web/slots/s`]
    const kept = [`${group}-x/providers/p/vaults/kv`, `${group}0`, `${group}.x/providers/p/vaults/kv`]
    await saveFacts(db, estateId, seq, [...gone, ...kept].map(at))
    await forgetBelow(db, estateId, seq + 1, [toResourceKey(group)])
    const forgotten = await db.fact.findMany({ where: { estateId, readSeq: 0 }, select: { subject: true } })
    expect(forgotten.map(({ subject }) => subject).sort()).toEqual(gone.toSorted())
  })

  it('is found by its key among the facts of a large estate', async () => {
    await db.$executeRaw`
      insert into fact (estate_id, subject, source, subscription_id, status, content, hash, read_at, changed_at, read_seq)
      select ${estateId}, format('/subscriptions/%s/resourcegroups/rg-%s/providers/microsoft.keyvault/vaults/kv-%s', ${subscriptionA}::text, n / 100, n), 'diagnostic-settings', ${subscriptionA},
        'ok', '[]', 'h', now(), now(), ${seq} from generate_series(1, 50000) n`
    await db.$executeRaw`analyze fact`
    const group = `/subscriptions/${subscriptionA}/resourcegroups/rg-7`
    const deleted = Array.from({ length: 1_000 }, (_, i) => `/subscriptions/${subscriptionA}/resourcegroups/rg-${i}/providers/microsoft.authorization/locks/l`)
    const read = await db.$transaction(async (tx) => {
      await forgetBelow(tx, estateId, seq + 1, [group, ...deleted].map(toResourceKey))
      await forgetOneBelow(tx, estateId, seq + 1, deleted.map(toResourceKey), ['diagnostic-settings', 'sql-auditing'])
      // Of this transaction alone.
      const [row] = await tx.$queryRaw<{ scanned: bigint; fetched: bigint }[]>`select seq_tup_read as scanned, idx_tup_fetch as fetched from pg_stat_xact_user_tables where relname = 'fact'`
      return row
    })
    expect(await db.fact.count({ where: { estateId, readSeq: 0 } })).toBe(100)
    expect(read?.scanned).toBe(0n)
    expect(Number(read?.fetched)).toBeLessThan(1_000)
  })
})

describe('what may be out of sight by now', () => {
  const all = vaults.map((_, index) => read(index))
  const group = toResourceKey(vaults[0]?.id.split('/').slice(0, 5).join('/') ?? '')
  const database = toResourceKey(`${group}/providers/Microsoft.Sql/servers/s/databases/d`)
  const names = (tries: { subject: string }[]) => tries.map(({ subject }) => nameOf(subject))

  it('is tried by the oldest good read below each scope, of what is there', async () => {
    await saveFacts(db, estateId, seq, all)
    const next = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: vaults.slice(1), findings: [] }])
    await saveFacts(db, estateId, next.seq, [read(1)])
    const scopes = [group, toResourceKey(vaults[1]?.id ?? ''), toResourceKey(`${group}-other`)]
    const tried = await forgetOneBelow(db, estateId, next.seq + 1, scopes, ['diagnostic-settings'])
    expect(names(tried).sort()).toEqual(['kv-b', 'kv-c'])
    expect(await unread(1)).toEqual(['kv-b', 'kv-c'])
  })

  it('is taken back where that one is refused, and nowhere else', async () => {
    const audit: Fact = { ...read(0), subject: database, source: 'sql-auditing', read: { ok: true, value: { state: 'Enabled', isAzureMonitorTargetEnabled: true, isDevopsAuditEnabled: false, retentionDays: 0, auditActionsAndGroups: [], storageEndpoint: null, storageSubscriptionId: null, predicateExpression: null } } }
    await saveFacts(db, estateId, seq, [...all, audit])
    const tried = await forgetOneBelow(db, estateId, seq + 1, [group], ['diagnostic-settings'])
    await saveFacts(db, estateId, seq + 1, [read(0)])
    expect(await forgetBelowRefused(db, estateId, seq + 1, subscriptionA, tried, ['diagnostic-settings', 'sql-auditing'])).toBe(0)
    await saveFacts(db, estateId, seq + 1, [read(0, refused)])
    expect(await forgetBelowRefused(db, estateId, seq + 1, subscriptionA, tried, ['diagnostic-settings', 'sql-auditing'])).toBe(3)
    expect(await unread(1)).toEqual(['kv-b', 'kv-c'])
  })
})

describe('failed reads', () => {
  it('are counted by reason and action, without those of resources that are gone', async () => {
    await saveFacts(db, estateId, seq, [read(0, refused), read(1, refused), read(2, { ok: false, reason: 'gone', detail: '', status: 404, code: null, action: null })])
    expect(await failedReads(db, estateId, seq, subscriptionA, ['diagnostic-settings'])).toEqual([{ reason: 'permission-denied', action: refused.action, notAsked: false, count: 2 }])
    await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: vaults.slice(1), findings: [] }])
    expect(await failedReads(db, estateId, seq, subscriptionA, ['diagnostic-settings'])).toMatchObject([{ count: 1 }])
    expect(await failedReads(db, estateId, seq + 1, subscriptionA, ['diagnostic-settings'])).toEqual([])
    // Not tried again by an incremental scan, they stand all the same.
    expect(await failedReads(db, estateId, 1, subscriptionA, ['diagnostic-settings'])).toMatchObject([{ count: 1 }])
  })
})

describe('referenced destinations', () => {
  it('are those that some stored setting names', async () => {
    const setting = { id: '/s', name: 's', eventHubAuthorizationRuleId: null, eventHubName: null, marketplacePartnerId: null, logAnalyticsDestinationType: null, logs: [], metricsEnabled: 0 }
    await saveFacts(db, estateId, seq, [
      read(0, { ok: true, value: [{ ...setting, workspaceId: '/w/One', storageAccountId: null }, { ...setting, workspaceId: null, storageAccountId: '/st', eventHubAuthorizationRuleId: '/hubs/rule' }] }),
      read(1, { ok: true, value: [{ ...setting, workspaceId: '/w/One', storageAccountId: null }] }),
      read(2, refused),
    ])
    expect(await referencedDestinations(db, estateId)).toEqual({ workspaces: ['/w/One'], storageAccounts: ['/st'], hubRules: ['/hubs/rule'] })
  })

  it('are those that some SQL audit which is on writes to', async () => {
    const audit = (subject: string, state: 'Enabled' | 'Disabled', storageEndpoint: string | null): Fact => ({
      subject: toResourceKey(subject), source: 'sql-auditing', subscriptionId: subscriptionA, readAt: new Date().toISOString(),
      read: { ok: true, value: { state, isAzureMonitorTargetEnabled: false, isDevopsAuditEnabled: false, retentionDays: 0, auditActionsAndGroups: [], storageEndpoint, storageSubscriptionId: null, predicateExpression: null } },
    })
    await saveFacts(db, estateId, seq, [
      audit('/sql/a', 'Enabled', 'https://one.blob.core.windows.net/'), audit('/sql/b', 'Enabled', 'https://one.blob.core.windows.net/'),
      audit('/sql/c', 'Disabled', 'https://two.blob.core.windows.net/'), audit('/sql/d', 'Enabled', null),
    ])
    expect(await auditedStorage(db, estateId)).toEqual(['https://one.blob.core.windows.net/'])
  })
})
