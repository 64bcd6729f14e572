import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Policy } from '@/lib/domain/policy'
import type { PolicyExemption } from '@/lib/domain/policy-exemption'
import type { Viewer } from '@/lib/domain/viewer'
import type { Database } from './client'
import { listExemptions, type ExemptionPart } from './exemption-list'
import { approveExemption, endExemption, exemptionsInForce, takeBackRejection } from './exemptions'
import { markManagementGroupsDeleted } from './management-groups'
import { getPolicyExemptions, savePolicyExemptions, type PolicyExemptionsRead } from './policy-exemptions'
import { newEstate, scanOnce, subscriptionA, subscriptionB } from './testing/sample-estate'
import { saveScopes } from './resources'
import { markSubscriptionDeleted, saveManagementGroups, saveSubscriptions } from './subscriptions'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database
let viewer: Viewer
let estates = 0
const bob = { objectId: 'id-of-bob', username: 'bob@contoso.com' }
const scope = `/subscriptions/${subscriptionA}`
const now = new Date('2026-06-01T12:00:00Z')
const later = (days: number) => new Date(now.getTime() + days * 86_400_000)

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())
beforeEach(async () => {
  viewer = { estateId: await newEstate(db, `imported-${++estates}`), subscriptions: 'all' }
})

const source = (over: Partial<PolicyExemption> = {}): PolicyExemption => ({
  id: `${scope}/providers/Microsoft.Authorization/policyExemptions/X`, name: 'X', scope, category: 'waived', description: null, expiresAt: later(100).toISOString(), requestedBy: null,
  approvedBy: 'ciso@contoso.com', definitions: [], assignment: 'Benchmark', selective: false, ...over,
})
const checks = ['one', 'two']

interface Reading extends Partial<Pick<PolicyExemptionsRead, 'unclear' | 'problem' | 'unmapped'>> {
  sources?: PolicyExemption[]
  types?: string[]
  approver?: Policy['exemptionApprover']
  at?: Date
}

const read = ({ sources = [source()], types = [], unclear = [], unmapped = [], problem = null, approver = 'any-admin', at = now }: Reading = {}) =>
  savePolicyExemptions(db, viewer.estateId, {
    imported: sources.flatMap((one) => checks.map((check) => ({ source: one, check, resourceTypes: types }))), unmapped, unclear,
    subscriptions: new Set(problem === null ? [subscriptionA] : []), problem,
  }, approver, at)
const groups = async (part: ExemptionPart, at = now) => (await listExemptions(db, viewer, part, 1, at)).groups
const counts = async (at = now) => [(await groups('requested', at)).length, (await groups('in-force', at)).length, (await groups('past', at)).length]

describe('an exemption of Azure Policy', () => {
  it('is approved by Azure Policy, whatever its metadata says, and is one with all its checks', async () => {
    await read()
    expect(await groups('in-force')).toMatchObject([{
      requestedBy: 'Azure Policy', approvedBy: 'Azure Policy', source: { name: 'X', claimed: { requestedBy: null, approvedBy: 'ciso@contoso.com' } },
      from: [{ check: 'one', resourceTypes: [] }, { check: 'two', resourceTypes: [] }],
    }])
  })

  it('waits for an Admin where another person is wanted, and what an Admin approved stays so', async () => {
    await read({ approver: 'another-person' })
    expect(await counts()).toEqual([1, 0, 0])
    const [waiting] = await groups('requested')
    await approveExemption(db, viewer, waiting?.id ?? '', bob, now, true)
    await read({ approver: 'another-person' })
    expect((await exemptionsInForce(db, viewer, now)).map(({ check, approvedBy }) => [check, approvedBy]).sort()).toEqual(checks.map((check) => [check, bob.username]))
  })

  it('waits again when it becomes longer or wider there after it was approved', async () => {
    const approve = async () => {
      for (const { id } of await groups('requested')) await approveExemption(db, viewer, id, bob, now, true)
    }
    const again = (reading: Reading) => read({ ...reading, approver: 'another-person' })
    await again({ types: ['a/b'] })
    await approve()
    await again({ types: ['a/b'], sources: [source({ expiresAt: later(50).toISOString() })] })
    expect(await counts()).toEqual([0, 1, 0])
    await again({ types: ['a/b'], sources: [source({ expiresAt: later(60).toISOString() })] })
    expect(await counts()).toEqual([1, 0, 0])
    await approve()
    await again({ types: [], sources: [source({ expiresAt: later(60).toISOString() })] })
    expect(await counts()).toEqual([1, 0, 0])
  })

  it('that came into force by itself waits for an Admin once another person is wanted', async () => {
    await read()
    await read({ approver: 'another-person' })
    expect(await counts()).toEqual([1, 0, 0])
    await read()
    expect(await counts()).toEqual([0, 1, 0])
  })

  it.each([['has no end', null], ['ends in ten years', later(3_650).toISOString()]])('that %s ends with the longest term, and no later reading draws that out', async (_, expiresAt) => {
    await read({ sources: [source({ expiresAt })] })
    await read({ sources: [source({ expiresAt })], at: later(400) })
    expect((await groups('in-force')).map((row) => row.expiresAt)).toEqual([later(730).toISOString()])
    await read({ sources: [source({ expiresAt })], at: later(731) })
    expect(await counts(later(731))).toEqual([0, 0, 1])
  })

  it('that an Admin ended stays so, and one that was gone there comes back as a new one', async () => {
    await read()
    await read({ sources: [] })
    expect(await groups('past')).toMatchObject([{ endedBy: 'Azure Policy' }])
    await read({ sources: [source({ expiresAt: null })], at: later(10) })
    expect(await groups('in-force', later(10))).toMatchObject([{ requestedAt: later(10).toISOString(), expiresAt: later(740).toISOString() }])
    const [one] = await groups('in-force', later(10))
    await endExemption(db, viewer, one?.id ?? '', bob, 'any', later(11))
    await read({ at: later(12) })
    await read({ sources: [], at: later(13) })
    await read({ at: later(14) })
    expect(await counts(later(14))).toEqual([0, 0, 1])
    expect(await groups('past', later(14))).toMatchObject([{ endedBy: bob.username, from: [{ check: 'one' }, { check: 'two' }] }])
  })

  it.each([['any-admin', [0, 1, 0]], ['another-person', [1, 0, 0]]] as const)('that an Admin refused is taken over again once an Admin takes that back, if it stands there: %s', async (approver, after) => {
    await read({ approver })
    const [one] = await groups(approver === 'any-admin' ? 'in-force' : 'requested')
    const id = one?.id ?? ''
    await expect(takeBackRejection(db, viewer, id, bob, now)).rejects.toMatchObject({ code: 'conflict' })
    await endExemption(db, viewer, id, bob, 'any', later(1))
    expect(await groups('past')).toMatchObject([{ isRejected: true }])
    const cleo = { objectId: 'id-of-cleo', username: 'cleo@contoso.com' }
    await takeBackRejection(db, viewer, id, cleo, later(2))
    await expect(takeBackRejection(db, viewer, id, cleo, later(2))).rejects.toMatchObject({ code: 'conflict' })
    expect(await groups('past')).toMatchObject([{ isRejected: false }])
    await read({ approver, sources: [], at: later(3) })
    expect(await counts(later(3))).toEqual([0, 0, 1])
    await read({ approver, at: later(4) })
    expect(await counts(later(4))).toEqual(after)
    const [again] = await groups(approver === 'any-admin' ? 'in-force' : 'requested', later(4))
    expect(again?.events.map(({ action, by, at }) => `${action} by ${by} ${at.slice(0, 10)}`)).toEqual([
      'imported by Azure Policy 2026-06-01', `${approver === 'any-admin' ? 'ended' : 'refused'} by bob@contoso.com 2026-06-02`, 'taken-back by cleo@contoso.com 2026-06-03',
      'imported by Azure Policy 2026-06-05',
    ])
  })

  it('tells its history once for all its checks', async () => {
    await read({ approver: 'another-person' })
    await approveExemption(db, viewer, (await groups('requested'))[0]?.id ?? '', bob, later(1), true)
    await read({ approver: 'another-person', sources: [source({ expiresAt: later(120).toISOString() })], at: later(2) })
    await read({ approver: 'another-person', sources: [source({ expiresAt: later(120).toISOString() })], at: later(3) })
    await read({ approver: 'another-person', sources: [], at: later(4) })
    expect((await groups('past', later(4))).map(({ events }) => events.map(({ action }) => action))).toEqual([['imported', 'approved', 'reopened', 'gone']])
  })

  it('that an Admin ended stays so for checks, too, that it stood for only later', async () => {
    await read()
    const [one] = await groups('in-force')
    await endExemption(db, viewer, one?.id ?? '', bob, 'any', now)
    await savePolicyExemptions(db, viewer.estateId, {
      imported: [{ source: source(), check: 'three', resourceTypes: [] }], unmapped: [], unclear: [], subscriptions: new Set([subscriptionA]), problem: null,
    }, 'any-admin', now)
    expect(await counts()).toEqual([0, 0, 1])
  })

  it('holds on while it stands there and nobody can say what it is from', async () => {
    await read()
    const unclear = [source({ definitions: null, expiresAt: later(50).toISOString() })]
    const unmapped = [{ sourceId: unclear[0]?.id ?? '', sourceName: 'X', scope, category: 'waived' as const, expiresAt: null, what: 'Benchmark', why: 'Its assignment cannot be read.' }]
    await read({ sources: [], unclear, unmapped, problem: 'Throttled.' })
    expect(await groups('in-force')).toMatchObject([{ expiresAt: later(50).toISOString(), from: [{ check: 'one' }, { check: 'two' }] }])
    expect(await getPolicyExemptions(db, viewer)).toMatchObject({ problem: 'Throttled.', unmapped: [], unmappedTotal: 0 })
  })

  describe('of a management group', () => {
    const group = '/providers/Microsoft.Management/managementGroups/Platform'
    const ofGroup = source({ id: `${group}/providers/Microsoft.Authorization/policyExemptions/G`, scope: group })
    const unmapped = [{ sourceId: `${ofGroup.id}-other`, sourceName: 'Other', scope: group, category: 'waived' as const, expiresAt: null, what: 'Benchmark', why: 'No check asks what this policy asks.' }]
    const seen = async (above: Record<string, string[]>) => {
      const subscriptions = Object.keys(above).map((subscriptionId) => ({ subscriptionId, displayName: subscriptionId, state: 'Enabled', tenantId: 't' }))
      await saveSubscriptions(db, viewer.estateId, 1, subscriptions)
      await saveManagementGroups(db, viewer.estateId, Object.entries(above).map(([subscriptionId, groups]) => ({ subscriptionId, groups })))
    }
    const afterReading = async (read: Partial<PolicyExemptionsRead>) => {
      await savePolicyExemptions(db, viewer.estateId, { imported: [], unmapped: [], unclear: [], subscriptions: new Set(), problem: null, ...read }, 'any-admin', now)
      return [...(await counts()), (await getPolicyExemptions(db, viewer)).unmappedTotal]
    }
    beforeEach(async () => {
      await seen({ [subscriptionA]: ['Platform', 'Root'], [subscriptionB]: ['Root'] })
      await afterReading({ imported: [{ source: ofGroup, check: 'one', resourceTypes: [] }], unmapped, subscriptions: new Set([subscriptionA, subscriptionB]) })
    })

    it('ends where a subscription below the group was read', async () => {
      expect(await afterReading({ subscriptions: new Set([subscriptionA]) })).toEqual([0, 0, 1, 0])
    })
    it.each<[string, Partial<PolicyExemptionsRead>]>([
      ['none below it, but others, were read', { subscriptions: new Set([subscriptionB]) }],
      ['no subscription was in sight at all', {}],
      ['something could not be read', { subscriptions: new Set([subscriptionA]), problem: 'Throttled.' }],
    ])('holds on where %s', async (_, reading) => {
      expect(await afterReading(reading)).toEqual([0, 1, 0, 1])
    })
    it('ends with the group itself', async () => {
      const { seq } = await scanOnce(db, viewer.estateId, [])
      const managementGroups = [{ id: group, name: 'Platform', displayName: 'Platform', parentId: null }]
      await saveScopes(db, viewer.estateId, seq, { tenantId: 'tenant', subscriptions: [], managementGroups })
      expect(await afterReading({ subscriptions: new Set([subscriptionB]) })).toEqual([0, 1, 0, 1])
      await markManagementGroupsDeleted(db, viewer.estateId, seq, managementGroups)
      expect(await afterReading({ subscriptions: new Set([subscriptionB]) })).toEqual([0, 0, 1, 0])
    })
  })

  it('ends with its subscription, once Azure said that that is deleted', async () => {
    await read()
    await saveSubscriptions(db, viewer.estateId, 1, [{ subscriptionId: subscriptionA, displayName: 'A', state: 'Enabled', tenantId: 't' }])
    await read({ sources: [], problem: 'Not in sight.' })
    expect(await counts()).toEqual([0, 1, 0])
    const { seq } = await scanOnce(db, viewer.estateId, [])
    await markSubscriptionDeleted(db, viewer.estateId, seq, subscriptionA)
    await read({ sources: [], problem: 'Not in sight.' })
    expect(await counts()).toEqual([0, 0, 1])
    expect((await groups('past')).map(({ events }) => events.at(-1)?.action)).toEqual(['gone'])
  })
})
