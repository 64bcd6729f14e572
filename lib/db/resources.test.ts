import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Database } from './client'
import { childIds, destinationPages, loadResources, resourcesOfTypes, saveInventoryPage } from './resources'
import { beginScan, finding, newEstate, saveInventory, scanOnce, subscriptionA, subscriptionB, vault } from './testing/sample-estate'
import { knownSubscriptions, markSubscriptionDeleted } from './subscriptions'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let estateId: number
let estates = 0
const one = vault(subscriptionA, 'kv-One')
const two = vault(subscriptionA, 'kv-two')

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  estateId = await newEstate(db, `resources-${++estates}`)
})

const part = (...resources: typeof one[]) => [{ subscriptionId: subscriptionA, resources, findings: resources.map((r) => finding(r, 'fail')) }]

const findingsAbout = (resourceRef: number) => db.finding.findMany({ where: { resourceRef }, orderBy: { fromSeq: 'asc' } })

describe('an inventory', () => {
  it('gives back what was stored, as Azure wrote it', async () => {
    const odd = vault(subscriptionA, 'kv-Ünïcode', { tags: { 'a"b': "O'Neil\\", '': 'x' }, properties: { nested: { list: [1, null, 'z'] } }, kind: 'K' })
    await scanOnce(db, estateId, part(one, odd))
    expect(await loadResources(db, estateId, subscriptionA.toUpperCase())).toEqual([one, odd])
  })

  it('writes only what changed', async () => {
    const { seq } = await scanOnce(db, estateId, part(one, two))
    expect(await saveInventory(db, estateId, seq, subscriptionA, [one, { ...two, tags: {} }])).toEqual({ written: 1, gone: 0 })
    expect(await saveInventory(db, estateId, seq, subscriptionA, [one, { ...two, tags: {} }])).toEqual({ written: 0, gone: 0 })
  })

  it('takes two spellings of an id for one resource, and shows the last', async () => {
    const { seq } = await scanOnce(db, estateId, part(one))
    const shouted = { ...one, id: one.id.toUpperCase() }
    await saveInventory(db, estateId, seq, subscriptionA, [one, shouted])
    expect((await loadResources(db, estateId, subscriptionA)).map((r) => r.id)).toEqual([shouted.id])
  })

  it('marks what a complete inventory does not list as gone, and ends its findings', async () => {
    await scanOnce(db, estateId, part(one, two))
    const { seq } = await scanOnce(db, estateId, part(one))
    const gone = await db.resource.findFirstOrThrow({ where: { estateId, name: 'kv-two' } })
    expect(gone).toMatchObject({ goneSeq: seq, failHigh: 0, rank: 0, mask: 0n })
    expect((await findingsAbout(gone.id)).map((f) => f.toSeq)).toEqual([seq])
    expect((await loadResources(db, estateId, subscriptionA)).map((r) => r.name)).toEqual(['kv-One'])
  })

  it('keeps what an incomplete inventory does not list', async () => {
    const { seq } = await scanOnce(db, estateId, part(one, two))
    expect(await saveInventoryPage(db, estateId, seq, [one])).toEqual({ written: [] })
    expect(await loadResources(db, estateId, subscriptionA)).toHaveLength(2)
  })

  it('lets a gone resource come back with a history', async () => {
    const first = await scanOnce(db, estateId, part(one, two))
    const second = await scanOnce(db, estateId, part(one))
    const third = await scanOnce(db, estateId, part(one, two))
    const back = await db.resource.findFirstOrThrow({ where: { estateId, name: 'kv-two' } })
    expect(back).toMatchObject({ goneSeq: null, failHigh: 1, firstSeenSeq: first.seq })
    expect((await findingsAbout(back.id)).map((f) => [f.fromSeq, f.toSeq, f.sinceSeq])).toEqual([[first.seq, second.seq, first.seq], [third.seq, null, third.seq]])
  })

  it('never takes the row of the subscription itself for a resource', async () => {
    const { seq } = await scanOnce(db, estateId, part(one))
    await saveInventory(db, estateId, seq, subscriptionA, [])
    expect(await loadResources(db, estateId, subscriptionA)).toEqual([])
    expect(await db.resource.findFirst({ where: { estateId, key: `/subscriptions/${subscriptionA}` } })).toMatchObject({ goneSeq: null, name: 'Alpha' })
  })
})

describe('parts of an inventory', () => {
  const server = (name: string) => vault(subscriptionA, name, { id: `/subscriptions/${subscriptionA}/resourceGroups/r/providers/Microsoft.Sql/servers/${name}`, type: 'microsoft.sql/servers' })
  const database = (parent: string, name: string) => vault(subscriptionA, name, { id: `${server(parent).id}/databases/${name}`, type: 'microsoft.sql/servers/databases' })

  it('are listed by type, without the gone', async () => {
    await scanOnce(db, estateId, part(one, server('sql'), server('old')))
    await scanOnce(db, estateId, part(one, server('sql')))
    const pages: string[][] = []
    for await (const page of resourcesOfTypes(db, estateId, subscriptionA.toUpperCase(), ['microsoft.sql/servers'])) pages.push(page.map((r) => r.name))
    expect(pages).toEqual([['sql']])
  })

  it('are listed by parent, in any casing and not by a name that begins alike', async () => {
    await scanOnce(db, estateId, part(server('sql_1'), server('sqlx1'), database('sql_1', 'orders'), database('sqlx1', 'other')))
    expect(await childIds(db, estateId, server('sql_1').id.toUpperCase(), 'microsoft.sql/servers/databases')).toEqual([database('sql_1', 'orders').id])
  })
})

describe('destinationPages', () => {
  const ofType = (type: string, name: string, subscriptionId = subscriptionB, properties = {}) => vault(subscriptionId, name, {
    id: `/subscriptions/${subscriptionId}/resourceGroups/r/providers/${type}/${name}`, type: type.toLowerCase(), properties: { of: name, ...properties },
  })

  it('list what logs can go to, over all subscriptions, each once and with the properties of workspaces and of firewalls alone', async () => {
    const firewall = { networkAcls: { defaultAction: 'Deny', bypass: 'None' }, publicNetworkAccess: 'Enabled' }
    const accounts = Array.from({ length: 5 }, (_, n) => ofType('Microsoft.Storage/storageAccounts', `st${n}`, subscriptionA, n === 2 ? firewall : {}))
    await scanOnce(db, estateId, [
      { subscriptionId: subscriptionA, resources: [one, ...accounts], findings: [] },
      { subscriptionId: subscriptionB, resources: [ofType('Microsoft.OperationalInsights/workspaces', 'law')], findings: [] },
    ])
    for (const perPage of [1, 2, 6, 100]) {
      const pages = await Array.fromAsync(destinationPages(db, estateId, perPage))
      expect(pages.every((page) => page.length <= perPage)).toBe(true)
      expect(pages.flat().map(({ name, properties }) => [name, properties])).toEqual([...accounts.map(({ name }) => [name, name === 'st2' ? firewall : {}]), ['law', { of: 'law' }]])
    }
  })
})

describe('a deleted subscription', () => {
  it('is known no more, and its resources are gone', async () => {
    await scanOnce(db, estateId, part(one))
    const { seq } = await beginScan(db, estateId)
    await markSubscriptionDeleted(db, estateId, seq, subscriptionA)
    expect((await knownSubscriptions(db, estateId)).map((s) => s.subscriptionId)).toEqual([subscriptionB])
    expect(await loadResources(db, estateId, subscriptionA)).toEqual([])
    expect(await db.finding.count({ where: { estateId, toSeq: null } })).toBe(0)
  })
})
