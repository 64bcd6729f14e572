import { describe, expect, it } from 'vitest'
import { defaultPolicy, type Policy, type PolicyOverride, type PolicyScope } from './policy'
import { groupsOver, holds, policyAt, tagsOver, type PolicyPlace } from './policy-scope'

const place: PolicyPlace = { subscriptionId: 'aaaa', managementGroups: ['production', 'landing-zones', 'root'], tags: { Environment: 'Prod', owner: 'ops' } }

describe('a scope', () => {
  it.each<[string, PolicyScope, boolean]>([
    ['the group right above', { kind: 'management-group', name: 'production' }, true],
    ['a group further up', { kind: 'management-group', name: 'root' }, true],
    ['a group in another casing', { kind: 'management-group', name: 'Landing-Zones' }, true],
    ['a group elsewhere', { kind: 'management-group', name: 'sandboxes' }, false],
    ['the subscription in another casing', { kind: 'subscription', subscriptionId: 'AAAA' }, true],
    ['another subscription', { kind: 'subscription', subscriptionId: 'bbbb' }, false],
    ['a tag, both parts in another casing', { kind: 'tag', name: 'environment', value: 'prod' }, true],
    ['a tag of any value', { kind: 'tag', name: 'OWNER', value: '' }, true],
    ['a tag of another value', { kind: 'tag', name: 'environment', value: 'test' }, false],
    ['a tag that is not there', { kind: 'tag', name: 'tier', value: '' }, false],
  ])('%s', (_, scope, held) => {
    expect(holds(scope, place)).toBe(held)
  })

  it('of a subscription does not hold what lies in none', () => {
    expect(holds({ kind: 'subscription', subscriptionId: '' }, { ...place, subscriptionId: null })).toBe(false)
  })
})

describe('tags', () => {
  const server = '/subscriptions/aaaa/resourceGroups/rg/providers/Microsoft.Sql/servers/sql'
  const over = (id: string, tags: Record<string, Record<string, string>>) => tagsOver(id, (one) => tags[one])
  it('are handed down to the parts of a resource, which may have their own', () => {
    expect(over(`${server}/databases/orders`, { [server]: { Environment: 'prod', owner: 'ops' } })).toEqual({ Environment: 'prod', owner: 'ops' })
    expect(over(`${server}/databases/orders`, { [server]: { Environment: 'prod', owner: 'ops' }, [`${server}/databases/orders`]: { ENVIRONMENT: 'test' } })).toEqual({ ENVIRONMENT: 'test', owner: 'ops' })
  })
  it('go down every level, and come from no group or subscription', () => {
    expect(over(`${server}/databases/orders/extensions/x`, { [server]: { a: '1' } })).toEqual({ a: '1' })
    expect(over(server, { '/subscriptions/aaaa/resourceGroups/rg': { a: '1' }, '/subscriptions/aaaa': { a: '1' } })).toEqual({})
  })
})

describe('policyAt', () => {
  const inProduction = (rules: PolicyOverride['rules']): PolicyOverride => ({ scope: { kind: 'management-group', name: 'production' }, rules })
  const at = (overrides: PolicyOverride[], base: Partial<Policy> = {}): Policy => policyAt({ ...defaultPolicy, ...base, overrides }, place)

  it('is the same object where no override holds', () => {
    const policy: Policy = { ...defaultPolicy, overrides: [{ scope: { kind: 'subscription', subscriptionId: 'bbbb' }, rules: { disabledChecks: ['x'] } }] }
    expect(policyAt(policy, place)).toBe(policy)
  })
  it('replaces lists, and lays days, categories and severities over one by one', () => {
    const found = at(
      [inProduction({ approvedDestinations: ['/b'], retentionDays: { total: 730 }, requiredCategories: { t: ['A'] }, severityByCheck: { x: 'high' }, acceptedAlternatives: [] })],
      { approvedDestinations: ['/a'], retentionDays: { total: 365, interactive: 30, byKeyPoint: { 'log-retention': 400 } }, requiredCategories: { u: ['B'] }, severityByCheck: { y: 'low' }, acceptedAlternatives: ['edr'] },
    )
    expect(found).toMatchObject({
      approvedDestinations: ['/b'], retentionDays: { total: 730, interactive: 30, byKeyPoint: { 'log-retention': 400 } },
      requiredCategories: { t: ['A'], u: ['B'] }, severityByCheck: { x: 'high', y: 'low' }, acceptedAlternatives: [],
    })
  })
  it('lets the later of two count', () => {
    const tagged: PolicyOverride = { scope: { kind: 'tag', name: 'owner', value: 'ops' }, rules: { retentionDays: { total: 90 } } }
    expect(at([inProduction({ retentionDays: { total: 730 } }), tagged]).retentionDays.total).toBe(90)
    expect(at([tagged, inProduction({ retentionDays: { total: 730 } })]).retentionDays.total).toBe(730)
  })
  it('switches a check on that the tenant has off, and off again', () => {
    const on = inProduction({ enabledChecks: ['a'] })
    const off = inProduction({ disabledChecks: ['a'] })
    expect(at([on], { disabledChecks: ['a', 'b'] })).toMatchObject({ disabledChecks: ['b'], enabledChecks: ['a'] })
    expect(at([on, off], { disabledChecks: ['b'] })).toMatchObject({ disabledChecks: ['b', 'a'], enabledChecks: [] })
  })
  it('approves workspaces of its own, and none at all as a decision', () => {
    expect(at([inProduction({ approvedWorkspaces: ['/w'] })]).approvedWorkspaces).toEqual(['/w'])
    expect(at([inProduction({ approvedWorkspaces: [] })], { approvedWorkspaces: ['/w'] }).approvedWorkspaces).toEqual([])
  })
})

describe('the groups over a management group', () => {
  const idOf = (name: string): string => `/providers/Microsoft.Management/managementGroups/${name}`
  const parents = new Map([['prod', idOf('zones')], ['zones', idOf('root')], ['root', null], ['a', idOf('b')], ['b', idOf('a')]])
  const parentIdOf = (id: string) => parents.get(id.split('/').at(-1) ?? '')

  it('are itself and all above it, the nearest first', () => {
    expect(groupsOver(idOf('prod'), parentIdOf)).toEqual(['prod', 'zones', 'root'])
    expect(groupsOver(idOf('root'), parentIdOf)).toEqual(['root'])
  })
  it('end where a parent is not known, or comes again', () => {
    expect(groupsOver(idOf('stray'), parentIdOf)).toEqual(['stray'])
    expect(groupsOver(idOf('a'), parentIdOf)).toEqual(['a', 'b'])
  })
})
