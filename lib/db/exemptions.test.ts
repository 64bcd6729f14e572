import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Decider } from '@/lib/domain/exemption'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { countExempted } from './exempt-counts'
import { exemptionPageRows, listExemptions } from './exemption-list'
import { approveExemption, endExemption, exemptionsInForce, expiringExemptions, loadExemptions, requestExemption } from './exemptions'
import { finding, newEstate, scanOnce, subscriptionA, subscriptionB, vault } from './testing/sample-estate'
import { saveManagementGroups } from './subscriptions'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let viewer: Viewer
let estates = 0

const a = vault(subscriptionA, 'kv-a')
const longer = vault(subscriptionA, 'kv-a2')
const b = vault(subscriptionB, 'kv-b')
const [ada, bob, eve] = ['ada', 'bob', 'eve'].map((name) => ({ objectId: `id-of-${name}`, username: `${name}@contoso.com` })) as [Decider, Decider, Decider]
const now = new Date('2026-06-01T12:00:00Z')
const july = '2026-07-01T00:00:00.000Z'

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  viewer = { estateId: await newEstate(db, `exemptions-${++estates}`), subscriptions: 'all' }
})

const ask = (scope: string, check: string | null = null, eyes = viewer) =>
  requestExemption(db, eyes, { scope, check, reason: 'Known and accepted.', expiresAt: july }, ada, now)

describe('an exemption', () => {
  it('is asked for, approved and ended, and kept', async () => {
    const { id } = await ask(`${a.id.toUpperCase()}/`)
    const mark = async () => (await loadExemptions(db, viewer, now)).markOf({ resourceId: a.id, resourceType: a.type, check: 'any' })
    expect(await mark()).toBeNull()
    await approveExemption(db, viewer, id, bob, now)
    expect(await mark()).toEqual({ id, category: 'waived', reason: 'Known and accepted.', requestedBy: ada.username, approvedBy: bob.username, expiresAt: july, source: null })
    await expect(approveExemption(db, viewer, id, bob, now)).rejects.toMatchObject({ code: 'conflict' })
    await endExemption(db, viewer, id, eve, 'any', now)
    expect(await mark()).toBeNull()
    await expect(endExemption(db, viewer, id, eve, 'any', now)).rejects.toMatchObject({ code: 'conflict' })
    expect((await listExemptions(db, viewer, 'past', 1, now)).groups).toMatchObject([{ scope: a.id.toLowerCase(), approvedBy: bob.username, endedBy: 'eve@contoso.com' }])
  })

  it('is approved by another person where that is wanted', async () => {
    const { id } = await ask(a.id)
    await expect(approveExemption(db, viewer, id, { ...ada, username: 'renamed@contoso.com' }, now, true)).rejects.toMatchObject({ code: 'forbidden', remedy: 'Ask another Admin.' })
    await approveExemption(db, viewer, id, bob, now, true)
  })

  it('is approved by another person where that was wanted when it was asked for, whatever is wanted now', async () => {
    const { id } = await requestExemption(db, viewer, { scope: a.id, check: null, reason: 'x', expiresAt: july }, ada, now, true)
    await expect(approveExemption(db, viewer, id, ada, now, false)).rejects.toMatchObject({ code: 'forbidden' })
    await approveExemption(db, viewer, id, { objectId: 'id-of-another', username: ada.username }, now, true)
  })

  it('from before object ids were kept is known by the user name', async () => {
    const { id } = await ask(a.id)
    await db.exemption.update({ where: { id }, data: { requestedById: null } })
    await expect(approveExemption(db, viewer, id, { ...ada, username: 'ADA@contoso.com' }, now, true)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('is withdrawn by whoever asked for it while nobody has approved it, and ended by no other who may end only that', async () => {
    const own = await ask(a.id)
    await expect(endExemption(db, viewer, own.id, bob, 'own-requests', now)).rejects.toMatchObject({ code: 'forbidden' })
    await endExemption(db, viewer, own.id, ada, 'own-requests', now)
    const approved = await ask(a.id)
    await approveExemption(db, viewer, approved.id, bob, now)
    await expect(endExemption(db, viewer, approved.id, ada, 'own-requests', now)).rejects.toMatchObject({ code: 'forbidden', remedy: 'Ask an Admin.' })
    expect(await exemptionsInForce(db, viewer, now)).toMatchObject([{ id: approved.id }])
  })

  it.each(['own-requests', 'any'] as const)('that is approved while it is withdrawn stays in force (%s)', async (right) => {
    const { id } = await ask(a.id)
    const isWaiting = async () => (await db.$queryRaw<unknown[]>`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length
    const ended = await db.$transaction(async (tx) => {
      await tx.exemption.update({ where: { id }, data: { approvedBy: bob.username, approvedAt: now } })
      const ending = endExemption(db, viewer, id, ada, right, now).then(() => 'ended', (error: unknown) => error)
      await expect.poll(isWaiting).toBe(1)
      return { ending }
    }, { timeout: 120_000 })
    expect(await ended.ending).toMatchObject({ code: 'conflict' })
    expect(await exemptionsInForce(db, viewer, now)).toMatchObject([{ id }])
  })

  it('is found in pages, and one from before the last page by the last', async () => {
    for (let number = 0; number < exemptionPageRows + 2; number += 1) await ask(`${a.id}/keys/${number}`)
    const [first, second, beyond] = [await listExemptions(db, viewer, 'requested', 1, now), await listExemptions(db, viewer, 'requested', 2, now), await listExemptions(db, viewer, 'requested', 9, now)]
    expect([first.groups.length, first.total, second.groups.length, beyond.page]).toEqual([exemptionPageRows, exemptionPageRows + 2, 2, 2])
    expect(beyond.groups).toEqual(second.groups)
    expect(new Set([...first.groups, ...second.groups].map(({ id }) => id)).size).toBe(exemptionPageRows + 2)
    expect(await listExemptions(db, viewer, 'in-force', 1, now)).toEqual({ groups: [], total: 0, page: 1 })
  })

  it('marks a resource when only those are loaded that may hold for it', async () => {
    const scopes = [a.id, longer.id, `/subscriptions/${subscriptionA}`, `/subscriptions/${subscriptionB}`, '/']
    for (const scope of scopes) await approveExemption(db, viewer, (await ask(scope, scope)).id, bob, now)
    const held = async (resourceId: string) => {
      const exemptions = await loadExemptions(db, viewer, now, resourceId)
      return scopes.filter((check) => exemptions.markOf({ resourceId, resourceType: a.type, check }) !== null)
    }
    expect(await held(a.id.toUpperCase())).toEqual([a.id, `/subscriptions/${subscriptionA}`, '/'])
    expect(await held(b.id)).toEqual([`/subscriptions/${subscriptionB}`, '/'])
  })

  it('that ends soon is told, soonest first', async () => {
    for (const [scope, expiresAt] of [[a.id, '2026-06-20T00:00:00Z'], [b.id, '2026-06-10T00:00:00Z'], [longer.id, july]] as const) {
      const { id } = await requestExemption(db, viewer, { scope, check: null, reason: 'x', expiresAt }, ada, now)
      await approveExemption(db, viewer, id, bob, now)
    }
    await ask(a.id, 'not approved')
    const names = async (days: number) => (await expiringExemptions(db, viewer, days, now)).map((row) => row.scope.slice(-4))
    expect(await names(8)).toEqual([])
    expect(await names(9)).toEqual(['kv-b'])
    expect(await names(30)).toEqual(['kv-b', 'kv-a', 'v-a2'])
    expect(await names(400)).toHaveLength(3)
  })

  it('cannot be approved once its time is over', async () => {
    const { id } = await ask(a.id)
    await expect(approveExemption(db, viewer, id, bob, new Date(july))).rejects.toMatchObject({ code: 'conflict' })
  })

  it.each([
    ['has passed', '2026-05-31T00:00:00Z'], ['is now', now.toISOString()], ['is years away', '2029-01-01T00:00:00Z'], ['is none', 'soon'],
  ])('whose date %s is refused', async (_, expiresAt) => {
    await expect(requestExemption(db, viewer, { scope: a.id, check: null, reason: 'x', expiresAt }, ada, now)).rejects.toMatchObject({ code: 'invalid' })
  })

  it('of everything from everything is refused', async () => {
    await expect(ask('/')).rejects.toMatchObject({ code: 'invalid' })
    await ask('/', 'resource-audit-logs')
  })

  it('of others is out of sight of a narrowed viewer', async () => {
    const narrow: Viewer = { ...viewer, subscriptions: [subscriptionA] }
    const ofB = await ask(b.id)
    await ask('', 'resource-audit-logs')
    await ask(`/subscriptions/${subscriptionA}`, null, narrow)
    expect((await listExemptions(db, narrow, 'requested', 1, now)).groups.map((row) => row.scope).sort()).toEqual(['', `/subscriptions/${subscriptionA}`])
    await expect(ask(b.id, null, narrow)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(ask('', 'c', narrow)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(approveExemption(db, narrow, ofB.id, bob, now)).rejects.toMatchObject({ code: 'not-found' })
    const elsewhere: Viewer = { estateId: await newEstate(db, 'exemptions-elsewhere'), subscriptions: 'all' }
    await expect(endExemption(db, elsewhere, ofB.id, bob, 'any', now)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('an exemption by tag', () => {
  const tagged = vault(subscriptionA, 'tagged', { tags: { Owner: 'Team A' } })
  const key = vault(subscriptionA, 'tagged', { id: `${tagged.id}/keys/k`, tags: {} })
  const scan = (resources = [a, tagged, key]) => scanOnce(db, viewer.estateId, [
    { subscriptionId: subscriptionA, resources, findings: resources.map((resource) => finding(resource, 'fail')) },
    { subscriptionId: subscriptionB, resources: [b], findings: [finding(b, 'fail')] },
  ])
  const ids = async (...resources: typeof a[]) => {
    const exemptions = await loadExemptions(db, viewer, now)
    return resources.map((resource) => exemptions.markOf({ resourceId: resource.id, resourceType: resource.type, check: 'resource-audit-logs' }) !== null)
  }
  // Places are found by the database's own clock.
  const later = new Date(Date.now() + 30 * 86_400_000).toISOString()
  const askByTag = async (scope: string, name: string, value: string) => {
    const { id } = await requestExemption(db, viewer, { scope, tag: { name, value }, check: null, category: 'mitigated', reason: 'x', expiresAt: later }, ada)
    await approveExemption(db, viewer, id, bob)
  }

  it('holds for resources with the tag, whatever its casing, and what lies below them', async () => {
    await scan()
    await askByTag('', 'OWNER', 'team a')
    expect(await ids(a, tagged, key, b)).toEqual([false, true, true, false])
    expect(await countExempted(db, viewer, now)).toEqual({ 'audit-logging': 2 })
    expect(await countExempted(db, { ...viewer, subscriptions: [subscriptionB] }, now)).toEqual({})
  })

  it('holds for any value where none is named, within its scope alone, and follows the tags of the last scan', async () => {
    await scan()
    await askByTag(`/subscriptions/${subscriptionA}`, 'owner', '')
    await askByTag(`/subscriptions/${subscriptionB}`, 'owner', '')
    expect(await ids(tagged)).toEqual([true])
    await scan([{ ...a, tags: { owner: 'x' } }, { ...tagged, tags: {} }, key])
    expect(await ids(a, tagged, key)).toEqual([true, false, false])
  })
})

it('of a management group holds for the subscriptions below it', async () => {
  await scanOnce(db, viewer.estateId, [
    { subscriptionId: subscriptionA, resources: [a], findings: [finding(a, 'fail')] }, { subscriptionId: subscriptionB, resources: [b], findings: [finding(b, 'fail')] },
  ])
  await saveManagementGroups(db, viewer.estateId, [{ subscriptionId: subscriptionA, groups: ['Platform', 'Root'] }, { subscriptionId: subscriptionB, groups: ['Root'] }])
  const ofGroup = async (name: string, check: string | null) => {
    const { id } = await ask(`/providers/Microsoft.Management/managementGroups/${name}`, check)
    await approveExemption(db, viewer, id, bob, now)
  }
  await ofGroup('platform', null)
  const exemptions = await loadExemptions(db, viewer, now)
  expect([a, b].map((resource) => exemptions.markOf({ resourceId: resource.id, resourceType: resource.type, check: 'any' }) !== null)).toEqual([true, false])
  expect(await countExempted(db, viewer, now)).toEqual({ 'audit-logging': 1 })
  await ofGroup('ROOT', 'resource-audit-logs')
  expect(await countExempted(db, viewer, now)).toEqual({ 'audit-logging': 2 })
})

it('counts gaps that are exempt once, and no other finding', async () => {
  await scanOnce(db, viewer.estateId, [
    { subscriptionId: subscriptionA, resources: [a, longer], findings: [
      finding(a, 'fail'), finding(a, 'fail', { check: 'kept', keyPoint: 'log-retention' }), finding(a, 'pass', { check: 'fine' }), finding(longer, 'fail'),
    ] },
    { subscriptionId: subscriptionB, resources: [b], findings: [finding(b, 'fail'), finding(b, 'unknown', { check: 'kept', keyPoint: 'log-retention' })] },
  ])
  const counts = (eyes = viewer) => countExempted(db, eyes, now)
  const { id } = await ask(a.id)
  expect(await counts()).toEqual({})
  await approveExemption(db, viewer, id, bob, now)
  expect(await counts()).toEqual({ 'audit-logging': 1, 'log-retention': 1 })
  await approveExemption(db, viewer, (await ask('', 'resource-audit-logs')).id, bob, now)
  expect(await counts()).toEqual({ 'audit-logging': 3, 'log-retention': 1 })
  expect(await counts({ ...viewer, subscriptions: [subscriptionB] })).toEqual({ 'audit-logging': 1 })
  await approveExemption(db, viewer, (await ask(`/subscriptions/${subscriptionB}`)).id, bob, now)
  expect(await counts()).toEqual({ 'audit-logging': 3, 'log-retention': 1 })
  expect(await countExempted(db, viewer, new Date(july))).toEqual({})
})
