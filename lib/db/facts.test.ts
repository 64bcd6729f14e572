import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import { categoriesSubjectOf } from '@/lib/domain/categories-subject'
import type { Fact } from '@/lib/domain/fact'
import type { Database } from './client'
import { loadFacts, loadFactsBySource, loadFactsOf, saveFacts } from './facts'
import { newEstate, subscriptionA, subscriptionB } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let estateId: number

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  estateId = await newEstate(db)
})
afterAll(() => test.drop())

const at = (minute: number) => `2026-01-01T00:${String(minute).padStart(2, '0')}:00.000Z`
const settings = (name: string, read: Fact['read'], readAt = at(0)): Fact =>
  ({ subject: toResourceKey(`/subscriptions/${subscriptionA}/x/${name}`), source: 'diagnostic-settings', subscriptionId: subscriptionA, read, readAt })
const none = { ok: true as const, value: [] }

describe('facts', () => {
  it('come back as they were read, refusals and absences too', async () => {
    const facts: Fact[] = [
      settings('a', none),
      settings('b', { ok: false, reason: 'permission-denied', detail: 'No.', status: 403, code: 'AuthorizationFailed', action: 'x/read' }),
      settings('c', { ok: false, reason: 'gone', detail: 'Gone.', status: 404, code: 'ResourceNotFound', action: null }),
      settings('d', { ok: true, value: [{
        id: '/s', name: 's', workspaceId: '/w', storageAccountId: null, eventHubAuthorizationRuleId: null, eventHubName: null, marketplacePartnerId: null,
        logAnalyticsDestinationType: null, logs: [{ category: 'AuditEvent', categoryGroup: null, enabled: true }], metricsEnabled: 1,
      }] }),
    ]
    await saveFacts(db, estateId, 1, facts)
    expect((await loadFacts(db, estateId, subscriptionA)).sort((x, y) => (x.subject < y.subject ? -1 : 1))).toEqual(facts)
  })

  it('of no subscription are loaded apart, and by source', async () => {
    const fact: Fact = {
      subject: categoriesSubjectOf({ type: 'microsoft.keyvault/vaults', location: 'WestEurope', kind: null }), source: 'log-categories', subscriptionId: null, readAt: at(0),
      read: { ok: true, value: { resourceType: 'microsoft.keyvault/vaults', location: 'westeurope', kind: null, askedOf: '/x', categories: [{ name: 'AuditEvent', groups: ['audit'] }] } },
    }
    await saveFacts(db, estateId, 1, [fact])
    expect(await loadFacts(db, estateId, null)).toEqual([fact])
    expect(await loadFactsBySource(db, estateId, 'log-categories')).toEqual([fact])
  })

  it('by source come with what each subject has, however many have it alike, and of some scans alone', async () => {
    const lifecycle = (n: number, days: number): Fact => ({
      ...settings(`st${n}`, none), source: 'storage-lifecycle', subscriptionId: n % 2 === 0 ? subscriptionA : null,
      read: { ok: true, value: [{ name: 'r', enabled: true, blobTypes: [], prefixMatch: [], deleteAfterModificationDays: days, deleteAfterCreationDays: null, deleteAfterLastAccessDays: null }] },
    })
    // More contents than are read at once, and each several times.
    const facts = Array.from({ length: 500 }, (_, n) => lifecycle(n, n % 120))
    await saveFacts(db, estateId, 1, facts.slice(0, 400))
    await saveFacts(db, estateId, 2, facts.slice(400))
    const bySubject = (list: readonly Fact[]) => list.toSorted((a, b) => (a.subject < b.subject ? -1 : 1))
    const all = await loadFactsBySource(db, estateId, 'storage-lifecycle')
    expect(bySubject(all)).toEqual(bySubject(facts))
    expect(new Set(all.map(({ read }) => read)).size).toBe(120)
    expect(bySubject(await loadFactsBySource(db, estateId, 'storage-lifecycle', 2))).toEqual(bySubject(facts.slice(400)))
  })

  it('of a range of subjects, and of some subjects, are those and no others', async () => {
    const facts = ['a', 'a-1', 'b', 'c'].map((name): Fact => ({ ...settings(name, none), subject: toResourceKey(`/subscriptions/${subscriptionB}/x/${name}`), subscriptionId: subscriptionB }))
    await saveFacts(db, estateId, 1, facts)
    const keys = facts.map(({ subject }) => subject)
    const within = async (after?: number, upTo?: number) => (await loadFacts(db, estateId, subscriptionB, { after: keys[after ?? -1], upTo: keys[upTo ?? -1] })).map(({ subject }) => keys.indexOf(subject))
    expect(await within()).toEqual([0, 1, 2, 3])
    expect(await within(0, 2)).toEqual([1, 2])
    expect(await within(2)).toEqual([3])
    expect(await within(undefined, 1)).toEqual([0, 1])
    expect(await within(3)).toEqual([])
    expect((await loadFactsOf(db, estateId, [keys[3], keys[1]].flatMap((key) => key ?? []))).map(({ subject }) => keys.indexOf(subject)).sort()).toEqual([1, 3])
    expect(await loadFactsOf(db, estateId, keys, { source: 'flow-logs' })).toEqual([])
  })

  it('that did not change only move their time of reading', async () => {
    await saveFacts(db, estateId, 1, [settings('same', none, at(1))])
    expect(await saveFacts(db, estateId, 2, [settings('same', none, at(2))])).toEqual({ changed: [], first: 0, unchanged: 1 })
    const subject = settings('same', none).subject
    const row = await db.fact.findFirstOrThrow({ where: { estateId, subject } })
    expect([row.readAt.toISOString(), row.changedAt.toISOString(), row.readSeq]).toEqual([at(2), at(1), 2])
  })

  it('that cannot be read any more are known as they were, until they are read again or gone', async () => {
    const refused: Fact['read'] = { ok: false, reason: 'permission-denied', detail: 'No.', status: 403, code: 'AuthorizationFailed', action: 'x/read' }
    const gone: Fact['read'] = { ok: false, reason: 'gone', detail: 'Gone.', status: 404, code: 'ResourceNotFound', action: null }
    const { subject } = settings('sight', none)
    const lastKnown = async () => (await loadFacts(db, estateId, subscriptionA, { lastKnown: true })).find((fact) => fact.subject === subject)?.read
    await saveFacts(db, estateId, 1, [settings('sight', refused)])
    expect(await lastKnown()).toEqual(refused)
    await saveFacts(db, estateId, 2, [settings('sight', none)])
    for (const seq of [3, 4]) await saveFacts(db, estateId, seq, [settings('sight', { ...refused, detail: `No (${seq}).` })])
    expect(await lastKnown()).toEqual(none)
    expect((await loadFacts(db, estateId, subscriptionA)).find((fact) => fact.subject === subject)?.read).toMatchObject({ ok: false, detail: 'No (4).' })
    await saveFacts(db, estateId, 5, [settings('sight', gone)])
    expect(await lastKnown()).toEqual(gone)
  })

  it('that an older version wrote in another shape count as never read', async () => {
    await saveFacts(db, estateId, 1, [settings('old', none)])
    const { subject } = settings('old', none)
    await db.fact.updateMany({ where: { estateId, subject }, data: { content: [{ shape: 'of old' }] } })
    expect((await loadFacts(db, estateId, subscriptionA)).some((fact) => fact.subject === subject)).toBe(false)
  })
})
