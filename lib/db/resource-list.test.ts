import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ResourceQuery } from '@/lib/domain/views'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { listResources, resourceFacets } from './resource-list'
import { finding, newEstate, scanOnce, subscriptionA, subscriptionB, vault } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let all: Viewer

const names = ['alpha', 'Bravo', '100%', '1000', 'a_b', 'axb', 'back\\slash', "o'neil; drop table resource", 'Ünï', 'zulu']
const many = names.map((name, index) => vault(subscriptionA, name, { location: index % 2 ? 'westeurope' : 'northeurope' }))
const account = vault(subscriptionB, 'StoreB', {
  id: `/subscriptions/${subscriptionB}/resourceGroups/rg/providers/Microsoft.Storage/storageAccounts/StoreB`, type: 'microsoft.storage/storageaccounts',
})
const blob = vault(subscriptionB, 'default', { id: `${account.id}/blobServices/default`, type: 'microsoft.storage/storageaccounts/blobservices' })

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  const estateId = await newEstate(db)
  all = { estateId, subscriptions: 'all' }
  const [alpha, bravo, ...rest] = many
  if (!alpha || !bravo) throw new Error('no sample')
  await scanOnce(db, estateId, [
    { subscriptionId: subscriptionA, resources: many, findings: [
      finding(alpha, 'fail', { severity: 'critical' }), finding(alpha, 'pass', { check: 'kept', keyPoint: 'log-retention' }),
      finding(bravo, 'unknown'), ...rest.map((r) => finding(r, 'pass')),
    ] },
    { subscriptionId: subscriptionB, resources: [account, blob], findings: [finding(account, 'fail', { severity: 'low' }), finding(blob, 'not-applicable')] },
  ])
})
afterAll(() => test.drop())

const list = (over: Partial<ResourceQuery> = {}, viewer = all) =>
  listResources(db, viewer, { sort: 'name', descending: false, page: 1, pageSize: 100, types: [many[0]?.type ?? '', account.type, blob.type], ...over })
const found = async (over: Partial<ResourceQuery> = {}, viewer = all) => (await list(over, viewer)).rows.map((row) => row.name)

describe('searching', () => {
  it.each([
    ['ALPHA', ['alpha']],
    ['100%', ['100%']],
    ['a_b', ['a_b']],
    ['k\\s', ['back\\slash']],
    ["'; drop table", []],
    ["o'neil; drop", ["o'neil; drop table resource"]],
    ['ünï', ['Ünï']],
    ['%', ['100%']],
    ['nul\0', []],
    ['   ', [...names, 'StoreB', 'default']],
  ])('%j finds just that', async (search, expected) => {
    expect((await found({ search })).sort()).toEqual([...expected].sort())
  })

  it('takes a pasted id in any casing, and shows what lies below it', async () => {
    expect(await found({ search: `  ${account.id.toUpperCase()}/ ` })).toEqual(['default', 'StoreB'])
    expect(await found({ search: blob.id.slice(1) })).toEqual(['default'])
    expect(await found({ search: 'Microsoft.Storage/storageAccounts/storeb' })).toEqual(['default', 'StoreB'])
  })

  it('finds a display name with a slash', async () => {
    await db.resource.updateMany({ where: { name: 'zulu' }, data: { name: 'Dev/Test' } })
    expect(await found({ search: 'dev/t' })).toEqual(['Dev/Test'])
    await db.resource.updateMany({ where: { name: 'Dev/Test' }, data: { name: 'zulu' } })
  })
})

describe('sorting and paging', () => {
  it('sorts names without regard to case', async () => {
    expect(await found({ types: [account.type, blob.type] })).toEqual(['default', 'StoreB'])
    expect(await found({ types: [account.type, blob.type], descending: true })).toEqual(['StoreB', 'default'])
  })

  it('puts the worst first', async () => {
    expect((await found({ sort: 'severity', descending: true })).slice(0, 3)).toEqual(['alpha', 'StoreB', 'Bravo'])
  })

  it('sorts by the name of the subscription', async () => {
    expect((await found({ sort: 'subscription', descending: true })).slice(0, 2)).toEqual(['default', 'StoreB'])
  })

  it.each(['severity', 'name', 'type', 'subscription', 'location'] as const)('shows each row once over the pages, by %s', async (sort) => {
    for (const descending of [true, false]) {
      const whole = (await list({ sort, descending })).rows.map((row) => row.resourceId)
      const paged: string[] = []
      for (let page = 1; page <= 6; page += 1) paged.push(...(await list({ sort, descending, page, pageSize: 2 })).rows.map((row) => row.resourceId))
      expect(paged).toEqual(whole)
      expect(new Set(whole).size).toBe(12)
    }
  })

  it('answers a page beyond the end with no rows and the true totals', async () => {
    expect(await list({ page: 99 })).toEqual({ rows: [], total: 12, findings: 13, withGaps: 2, withUnknown: 1 })
  })
})

describe('filtering', () => {
  it.each([
    [{ verdicts: ['fail'] }, ['alpha', 'StoreB'], 2],
    [{ verdicts: ['fail'], severities: ['critical'] }, ['alpha'], 1],
    [{ verdicts: ['pass'], keyPoints: ['log-retention'] }, ['alpha'], 1],
    [{ verdicts: ['fail'], keyPoints: ['log-retention'] }, [], 0],
    [{ verdicts: ['fail'], checks: ['kept'] }, [], 0],
    [{ checks: ['kept'] }, ['alpha'], 1],
    [{ reasonCodes: ['permission-denied'] }, ['Bravo'], 1],
    [{ reasonCodes: ['throttled'] }, [], 0],
    [{ verdicts: ['not-applicable'] }, ['default'], 1],
    [{ subscriptions: [subscriptionB.toUpperCase()] }, ['default', 'StoreB'], 2],
    [{ types: ['Microsoft.Storage/storageAccounts'] }, ['StoreB'], 1],
    [{ locations: ['northeurope'], verdicts: ['fail'] }, ['alpha'], 1],
  ] satisfies [Partial<ResourceQuery>, string[], number][])('%j', async (filter, expected, findings) => {
    const page = await list(filter)
    expect(page.rows.map((row) => row.name).sort()).toEqual([...expected].sort())
    expect([page.total, page.findings]).toEqual([expected.length, findings])
  })
})

describe('a row', () => {
  it('says where the resource stands', async () => {
    const [row] = (await list({ search: 'alpha' })).rows
    expect(row).toEqual({
      resourceId: many[0]?.id, name: 'alpha', type: 'microsoft.keyvault/vaults', subscriptionId: subscriptionA, subscriptionName: 'Alpha',
      location: 'northeurope', resourceGroup: 'RG-Main', fails: { critical: 1, high: 0, medium: 0, low: 0 }, unknown: 0, pass: 1,
      keyPoints: { 'audit-logging': 'fail', 'log-retention': 'pass' },
    })
  })
})

describe('a viewer of one subscription', () => {
  const narrow = (): Viewer => ({ ...all, subscriptions: [subscriptionB.toUpperCase()] })

  it('sees only its resources, whatever the filters ask for', async () => {
    expect(await found({}, narrow())).toEqual(['default', 'StoreB'])
    expect(await found({ subscriptions: [subscriptionA] }, narrow())).toEqual([])
    expect(await found({ search: many[0]?.id ?? '' }, narrow())).toEqual([])
    expect(await list({ types: [] }, narrow())).toMatchObject({ total: 3, findings: 2, withGaps: 1 })
  })

  it('is offered only its filters', async () => {
    const facets = await resourceFacets(db, narrow())
    expect(facets.subscriptions).toEqual([{ subscriptionId: subscriptionB, displayName: 'beta', count: 3 }])
    expect(facets.types.map((t) => t.type)).not.toContain('microsoft.keyvault/vaults')
    expect((await resourceFacets(db, all)).types[0]).toEqual({ type: 'microsoft.keyvault/vaults', count: 10 })
  })

  it('without any subscription sees nothing', async () => {
    expect(await list({}, { ...all, subscriptions: [] })).toEqual({ rows: [], total: 0, findings: 0, withGaps: 0, withUnknown: 0 })
  })
})
