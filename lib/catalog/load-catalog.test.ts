import { describe, expect, it } from 'vitest'
import { loadCatalog } from './index'
import { requiredRules } from './judgement'

const catalog = loadCatalog()

describe('catalogue', () => {
  it('is built once', () => {
    expect(loadCatalog()).toBe(catalog)
  })

  it.each(['microsoft.keyvault/vaults', 'Microsoft.KeyVault/Vaults'])('finds %s in any casing', (type) => {
    expect(catalog.type(type)?.displayName).toBe('Microsoft.KeyVault/vaults')
    expect(catalog.mayEmitLogs(type)).toBe(true)
    expect(catalog.auditSeverity(type)).toBe('high')
  })

  it('keeps its types in lower case, with distinct category names', () => {
    for (const type of catalog.types()) {
      expect(type.type).toBe(type.type.toLowerCase())
      const names = type.categories.map((category) => category.name.toLowerCase())
      expect(new Set(names).size, type.type).toBe(names.length)
    }
  })

  it('tells pending types, which have logs that no source names, from types without logs', () => {
    expect(catalog.isPending('microsoft.cdn/edgeactions')).toBe(true)
    expect(catalog.mayEmitLogs('microsoft.cdn/edgeactions')).toBe(true)
    expect(catalog.mayEmitLogs('microsoft.compute/disks')).toBe(false)
    expect(catalog.mayEmitLogs('microsoft.storage/storageaccounts')).toBe(false)
  })

  it('claims an audit category only where the type is known to have that group', () => {
    for (const type of catalog.types()) {
      if (type.categories.some((category) => category.audit === true)) expect(type.auditGroup, type.type).toBe(true)
    }
  })

  it('asks by its own judgement only for categories that the type has', () => {
    for (const [type, rules] of Object.entries(requiredRules)) {
      const names = catalog.type(type)?.categories.map((category) => category.name) ?? []
      for (const rule of rules) {
        const missing = [...rule.all, ...rule.anyOf.flat()].filter((name) => !names.includes(name))
        const elsewhere = type === 'microsoft.web/sites/slots' ? ['WorkflowRuntime'] : []
        const entraOnly = type === 'microsoft.kubernetes/connectedclusters' ? ['guard'] : []
        expect(missing.filter((name) => ![...elsewhere, ...entraOnly].includes(name)), type).toEqual([])
      }
    }
  })

  it('requires of a platform scope only what the scope offers', () => {
    for (const scope of Object.values(catalog.platform)) {
      expect(scope.required.filter((name) => !scope.categories.includes(name))).toEqual([])
    }
  })
})
