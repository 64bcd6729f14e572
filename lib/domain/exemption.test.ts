import { describe, expect, it } from 'vitest'
import { Exemptions, exemptionState, scopeKey, type ExemptionRow } from './exemption'
import { managementGroupKey } from './management-group'

const now = new Date('2026-06-01T12:00:00Z')
const exemption = (over: Partial<ExemptionRow>): ExemptionRow => ({
  id: 'x', scope: '/subscriptions/s', tag: null, check: null, category: 'waived', resourceTypes: [], reason: 'Known.', source: null, requestedBy: 'ada', requestedById: 'id', anotherApproves: false, requestedAt: '2026-05-01T00:00:00Z', expiresAt: '2026-07-01T00:00:00Z',
  approvedBy: 'bob', approvedAt: '2026-05-02T00:00:00Z', endedBy: null, endedAt: null, isRejected: false, ...over,
})

describe('the state of an exemption', () => {
  it.each([
    ['in-force', {}],
    ['requested', { approvedBy: null, approvedAt: null }],
    ['expired', { expiresAt: '2026-06-01T12:00:00Z' }],
    ['expired', { expiresAt: '2026-05-31T00:00:00Z', approvedBy: null, approvedAt: null }],
    ['ended', { endedBy: 'bob', endedAt: '2026-05-20T00:00:00Z' }],
    ['ended', { endedBy: 'bob', endedAt: '2026-05-20T00:00:00Z', expiresAt: '2026-05-31T00:00:00Z' }],
  ] as const)('%s: %o', (state, over) => {
    expect(exemptionState(exemption(over), now)).toBe(state)
  })
})

describe('what marks a fail', () => {
  const vault = '/subscriptions/S/resourceGroups/RG/providers/Microsoft.KeyVault/vaults/KV'
  const mark = (rows: Partial<ExemptionRow>[], resource = vault, check = 'c') => new Exemptions(rows.map(exemption), now).markOf({ resourceId: resource, resourceType: 'microsoft.keyvault/vaults', check })?.id ?? null

  it.each<[string, Partial<ExemptionRow>, string | null]>([
    ['the resource itself, in any casing', { scope: vault.toUpperCase() }, 'x'],
    ['its resource group', { scope: '/subscriptions/s/resourceGroups/rg/' }, 'x'],
    ['its subscription', {}, 'x'],
    ['the whole tenant', { scope: '' }, 'x'],
    ['the check', { check: 'c' }, 'x'],
    ['another check', { check: 'd' }, null],
    ['its type', { resourceTypes: ['microsoft.keyvault/vaults'] }, 'x'],
    ['another type', { resourceTypes: ['microsoft.web/sites'] }, null],
    ['a management group that nobody placed', { scope: '/providers/Microsoft.Management/managementGroups/platform' }, null],
    ['a tag that no resource has', { tag: { name: 'a', value: '' } }, null],
    ['a group whose name begins the same', { scope: '/subscriptions/s/resourceGroups/r' }, null],
    ['what lies below it', { scope: `${vault}/keys/k` }, null],
    ['another subscription', { scope: '/subscriptions/t' }, null],
    ['one that is not approved', { approvedBy: null, approvedAt: null }, null],
    ['one that has expired', { expiresAt: '2026-01-01T00:00:00Z' }, null],
  ])('%s', (_, over, expected) => {
    expect(mark([over])).toBe(expected)
  })

  it('is the nearest, and of two on one scope the one that lasts', () => {
    expect(mark([{ id: 'far' }, { id: 'near', scope: vault }])).toBe('near')
    expect(mark([{ id: 'short' }, { id: 'long', expiresAt: '2026-12-01T00:00:00Z' }])).toBe('long')
    expect(mark([])).toBeNull()
  })

  it('is found through management groups, and by tag on the resource and what lies below it', () => {
    const [platform, root] = ['platform', 'root'].map(managementGroupKey)
    const places = { parents: new Map([['/subscriptions/s', platform ?? ''], [platform ?? '', root ?? '']]), tagged: new Map([['tagged', [vault.toLowerCase()]]]) }
    const placed = (row: Partial<ExemptionRow>, resourceId: string) => new Exemptions([exemption(row)], now, places).markOf({ resourceId, resourceType: 't', check: 'c' })?.id ?? null
    expect(placed({ id: 'of root', scope: '/providers/Microsoft.Management/managementGroups/Root' }, vault)).toBe('of root')
    expect(placed({ id: 'of root', scope: root }, '/providers/Microsoft.Management/managementGroups/Platform')).toBe('of root')
    expect(placed({ scope: root }, '/subscriptions/t')).toBeNull()
    const tag = { name: 'a', value: '' }
    expect([vault, `${vault}/keys/k`, '/subscriptions/S'].map((id) => placed({ id: 'tagged', scope: '', tag }, id))).toEqual(['tagged', 'tagged', null])
  })

  it('is told with who asked and who approved', () => {
    expect(new Exemptions([exemption({})], now).markOf({ resourceId: vault, resourceType: 'Microsoft.KeyVault/vaults', check: 'c' })).toEqual({ id: 'x', category: 'waived', reason: 'Known.', requestedBy: 'ada', approvedBy: 'bob', expiresAt: '2026-07-01T00:00:00Z', source: null })
  })
})

it('knows a scope by its key', () => {
  expect([' / ', '', '/Subscriptions/S/'].map(scopeKey)).toEqual(['', '', '/subscriptions/s'])
})
