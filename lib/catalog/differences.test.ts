import { describe, expect, it } from 'vitest'
import type { LogCategoryList } from '@/lib/domain/estate'
import { loadCatalog } from '.'
import { catalogDifferences } from './differences'

const catalog = loadCatalog()

function listOf(resourceType: string, categories: Record<string, string[]>, location = 'westeurope', kind: string | null = null): LogCategoryList {
  return { resourceType, location, kind, askedOf: 'x', categories: Object.entries(categories).map(([name, groups]) => ({ name, groups })) }
}

const vault = 'Microsoft.KeyVault/vaults'
const asKnown = Object.fromEntries((catalog.type('microsoft.keyvault/vaults')?.categories ?? []).map(({ name, audit }) => [name, audit ? ['audit', 'allLogs'] : ['allLogs']]))

describe('catalogDifferences', () => {
  it('says nothing of a list that agrees, names in another casing included', () => {
    const lower = Object.fromEntries(Object.entries(asKnown).map(([name, groups]) => [name.toLowerCase(), groups]))
    expect(Object.keys(asKnown).length).toBeGreaterThan(0)
    expect(catalogDifferences([listOf(vault, asKnown), listOf(vault, lower, 'eastus2')], catalog)).toEqual([])
  })
  it('names a type that the catalogue does not have, unless it has no logs', () => {
    expect(catalogDifferences([listOf('Microsoft.Novel/things', { B: [], A: [] }), listOf('Microsoft.Novel/silent', {})], catalog)).toEqual([
      { type: 'microsoft.novel/things', places: ['westeurope'], unknownType: true, added: ['A', 'B'], gone: [], audit: [], groups: [] },
    ])
  })
  it('names categories that came and went, regions that say the same together', () => {
    const { AuditEvent: _, ...rest } = asKnown
    const changed = { ...rest, Brandnew: ['allLogs'] }
    const found = catalogDifferences([listOf(vault, changed, 'westeurope'), listOf(vault, changed, 'eastus2', 'premium')], catalog)
    expect(found).toMatchObject([{ type: 'microsoft.keyvault/vaults', places: ['eastus2 (premium)', 'westeurope'], added: ['Brandnew'], gone: ['AuditEvent'] }])
  })
  it('names what moved in or out of the audit group, and groups that are gone', () => {
    const without = Object.fromEntries(Object.keys(asKnown).map((name) => [name, ['allLogs']]))
    const [found] = catalogDifferences([listOf(vault, without)], catalog)
    expect(found?.audit).toContainEqual({ category: 'AuditEvent', live: false })
    expect(found?.groups).toEqual([{ group: 'audit', live: false }])
  })
  it('takes an answer without any group as silence on groups', () => {
    const silent = Object.fromEntries(Object.keys(asKnown).map((name) => [name, []]))
    expect(catalogDifferences([listOf(vault, silent)], catalog)).toEqual([])
  })
})
