import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { defaultPolicy } from '@/lib/domain/policy'
import { policyAt } from '@/lib/domain/policy-scope'
import type { Database } from './client'
import { policyPlaces } from './policy-places'
import { getResource } from './resource-detail'
import { saveScopes } from './resources'
import { beginScan, newEstate } from './testing/sample-estate'
import { createTestDatabase, type TestDatabase } from './testing'

let test: TestDatabase
let db: Database

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
})
afterAll(() => test.drop())

const idOf = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`
const group = (name: string, parent: string | null) => ({ id: idOf(name), name, displayName: name, parentId: parent === null ? null : idOf(parent) })

describe('where a management group lies', () => {
  it('is in itself and in the groups above it, as an override of one of those asks', async () => {
    const estateId = await newEstate(db)
    const { seq } = await beginScan(db, estateId)
    await saveScopes(db, estateId, seq, { tenantId: 't', subscriptions: [], managementGroups: [group('Root', null), group('Zones', 'ROOT'), group('Prod', 'zones')] })
    const policy = { ...defaultPolicy, overrides: [{ scope: { kind: 'management-group', name: 'zones' } as const, rules: { retentionDays: { total: 30 } } }] }
    const viewer = { estateId, subscriptions: 'all' } as const
    const placeOf = await policyPlaces(db, viewer, policy)
    const days = (name: string): number => policyAt(policy, placeOf({ resourceId: idOf(name), subscriptionId: null })).retentionDays.total
    expect([days('prod'), days('Zones'), days('Root')]).toEqual([30, 30, 365])
    expect((await getResource(db, viewer, idOf('PROD'))).managementGroups.map((name) => name.toLowerCase())).toEqual(['prod', 'zones', 'root'])
  })
})
