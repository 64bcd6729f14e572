import { describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import { KeypointError } from '@/lib/errors'
import { jsonAt } from '../json'
import type { SimulatedTenant } from '../tenant'
import { generateTenant } from './index'

/** Settings of every scope, and of every resource or every so many of them. */
function settingsIn(tenant: SimulatedTenant, step = 1): [string, unknown][] {
  const services = ['blobServices', 'fileServices', 'queueServices', 'tableServices']
  const subjects = tenant
    .rows('resources')
    .filter((_, index) => index % step === 0)
    .flatMap((row) =>
      row.type === 'microsoft.storage/storageaccounts'
        ? [row.id, ...services.map((each) => `${row.id}/${each}/default`)]
        : [row.id],
    )
  const scopes = [
    ...tenant.subscriptions.map((each) => each.id),
    ...tenant.managementGroups.map((each) => `/providers/Microsoft.Management/managementGroups/${each.name}`),
    '/providers/microsoft.aadiam',
  ]
  return [...subjects, ...scopes].map((id) => [id, tenant.read('diagnostic-settings', id)?.body])
}

/** Every text in a value that is a resource's id. */
function idsIn(value: unknown): string[] {
  if (typeof value === 'string') return /^\/subscriptions\/[^/]+\/resourcegroups\/[^/]+\/providers\//i.test(value) ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(idsIn)
}

/** True when the id, or the resource that it is a part of, is in the inventory. */
function resolves(tenant: SimulatedTenant, id: string): boolean {
  const at = toResourceKey(id).split('/providers/microsoft.insights/diagnosticsettings')[0] ?? ''
  return tenant.row(at.replace(/\/(subnets|authorizationrules|(?:blob|file|queue|table)services)\/[^/]+$/, '')) !== undefined
}

describe.each([10, 1200, 20_000])('a tenant of %i resources', (resources) => {
  const tenant = generateTenant({ resources, seed: 3 })

  it('has as many rows as asked, each with an id of its own', () => {
    const ids = tenant.rows('resources').map((row) => toResourceKey(row.id))
    expect(ids).toHaveLength(resources)
    expect(new Set(ids).size).toBe(resources)
  })

  it('refers to nothing that is not there, but for two workspaces and an account', () => {
    const groups = new Set(tenant.rows('resourcecontainers').map((row) => toResourceKey(row.id)))
    const dangling = new Set<string>()
    const look = (id: string) => resolves(tenant, id) || groups.has(toResourceKey(id)) || dangling.add(toResourceKey(id))
    for (const row of tenant.rows('resources')) for (const id of idsIn(row.properties)) look(id)
    for (const [, body] of settingsIn(tenant, resources > 5000 ? 10 : 1)) for (const id of idsIn(body)) look(id)
    expect([...dangling].every((id) => /\/(log-retired-2023|log-partner-soc|stpartnersoc)$/.test(id))).toBe(true)
    expect(dangling.size).toBeLessThanOrEqual(3)
  })

  it('gives the larger subscriptions more', () => {
    const counts = tenant.subscriptions.map(
      (each) => tenant.rows('resources').filter((row) => row.subscriptionId === each.subscriptionId).length,
    )
    expect(counts.reduce((sum, each) => sum + each, 0)).toBe(resources)
    expect(counts[0]).toBeGreaterThanOrEqual(counts.at(-1) ?? 0)
  })
})

describe('the generator', () => {
  it('makes the same tenant from the same seed and another from another', () => {
    const picture = (seed: number) => {
      const tenant = generateTenant({ resources: 600, seed })
      return JSON.stringify([
        tenant.subscriptions,
        tenant.rows('resources'),
        tenant.rows('resourcecontainers'),
        settingsIn(tenant),
      ])
    }
    expect(picture(5)).toBe(picture(5))
    expect(picture(5)).not.toBe(picture(6))
  })

  it('mixes settings: groups, categories, switched off, metrics alone, lost destinations and none', () => {
    const bodies = settingsIn(generateTenant({ resources: 1200, seed: 1 })).map(([, body]) =>
      JSON.stringify(jsonAt(body, 'value') ?? null),
    )
    const share = (pattern: RegExp) => bodies.filter((each) => pattern.test(each)).length
    expect(share(/"categoryGroup":"allLogs","enabled":true/)).toBeGreaterThan(100)
    expect(share(/"categoryGroup":"audit","enabled":true/)).toBeGreaterThan(30)
    for (const name of ['diag-paused', 'metrics', 'diag-archive', 'siem-feed', 'diag-old', 'partner-soc', 'operations']) {
      expect(share(new RegExp(`"name":"${name}"`)), name).toBeGreaterThan(0)
    }
    expect(bodies.filter((each) => each === '[]').length).toBeGreaterThan(50)
    expect(bodies.filter((each) => each === 'null').length).toBeGreaterThan(100)
  })

  it('carries tags that careless output would trip over', () => {
    const tags = JSON.stringify(
      generateTenant({ resources: 20_000, seed: 1 })
        .rows('resourcecontainers')
        .map((row) => row.tags),
    )
    for (const odd of ['=cmd', '<script>', 'Öberg', String.raw`quoted \"owner\"`]) expect(tags).toContain(odd)
  })

  it.each([
    { resources: 9, seed: 1 },
    { resources: 1_000_001, seed: 1 },
    { resources: 20, seed: 1, subscriptions: 5 },
    { resources: 12.5, seed: 1 },
  ])('refuses %o', (options) => {
    expect(() => generateTenant(options)).toThrowError(KeypointError)
  })
})
