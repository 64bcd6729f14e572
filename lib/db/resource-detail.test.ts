import { afterAll, beforeAll, expect, it } from 'vitest'
import { categoriesSubjectOf, categoriesSubjectsOf } from '@/lib/domain/categories-subject'
import type { Resource } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'
import type { Database } from './client'
import { saveFacts } from './facts'
import { getResource } from './resource-detail'
import { newEstate, scanOnce, subscriptionA, vault } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database

const kinded = (name: string, type: string, kind: string | null): Resource =>
  vault(subscriptionA, name, { id: `/subscriptions/${subscriptionA}/resourceGroups/RG-Main/providers/${type}/${name}`, type: type.toLowerCase(), kind, location: 'WestEurope' })
const list = (subject: Fact['subject'], askedOf: string): Fact => ({
  subject, source: 'log-categories', subscriptionId: null, readAt: '2026-01-01T00:00:00.000Z',
  read: { ok: true, value: { resourceType: 'x', location: 'westeurope', kind: null, askedOf, categories: [] } },
})

/** Where a release that told kinds apart otherwise stored it. */
const olderSubject = (resource: Resource) => categoriesSubjectsOf(resource)[1] ?? categoriesSubjectOf(resource)

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())

it('shows the list of log categories that each resource was judged by, whatever its kind', async () => {
  const estateId = await newEstate(db)
  const web = kinded('web', 'Microsoft.Web/sites', 'app,linux')
  const worker = kinded('worker', 'Microsoft.Web/sites', 'functionapp,linux')
  const database = kinded('db', 'Microsoft.Sql/servers/databases', 'v12.0,user')
  const cosmos = kinded('cosmos', 'Microsoft.DocumentDB/databaseAccounts', 'GlobalDocumentDB')
  const { seq } = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [web, worker, database, cosmos], findings: [] }])
  await saveFacts(db, estateId, seq, [...[web, worker, database, cosmos].map((one) => list(categoriesSubjectOf(one), one.name)), list(olderSubject(worker), 'older')])
  const shown = async ({ id }: Resource) => (await getResource(db, { estateId, subscriptions: 'all' }, id)).facts.map(({ content }) => content)
  for (const one of [web, worker, database, cosmos]) expect(await shown(one)).toMatchObject([{ askedOf: one.name }])
})

it('shows a list as a release stored it that told kinds apart otherwise, until one is stored as now', async () => {
  const estateId = await newEstate(db, 'older')
  const worker = kinded('worker', 'Microsoft.Web/sites', 'functionapp')
  const { seq } = await scanOnce(db, estateId, [{ subscriptionId: subscriptionA, resources: [worker], findings: [] }])
  await saveFacts(db, estateId, seq, [list(olderSubject(worker), 'older')])
  expect((await getResource(db, { estateId, subscriptions: 'all' }, worker.id)).facts).toMatchObject([{ source: 'log-categories', content: { askedOf: 'older' } }])
})
