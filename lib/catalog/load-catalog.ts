import data from './log-categories.json' with { type: 'json' }
import type { CatalogCategory, CatalogType, LogCatalog } from '@/lib/domain/log-catalog'
import { auditSeverityOf } from './judgement'

type CategoryRow = readonly (string | number | boolean | null)[]

interface TypeRow {
  name: string
  auditGroup: boolean | null
  allLogsGroup: boolean | null
  complete: boolean
  policies: readonly (string | null)[]
  categories: readonly CategoryRow[]
}

function toCategory([name, audit, auditHint, table]: CategoryRow): CatalogCategory {
  return {
    name: String(name),
    audit: typeof audit === 'boolean' ? audit : null,
    auditHint: auditHint === 1,
    table: typeof table === 'string' ? table : null,
  }
}

function toType(type: string, row: TypeRow): CatalogType {
  const [logAnalytics, eventHub, storage] = row.policies
  return {
    type,
    displayName: row.name,
    categories: row.categories.map(toCategory),
    auditGroup: row.auditGroup,
    allLogsGroup: row.allLogsGroup,
    complete: row.complete,
    policies: { ...(logAnalytics && { logAnalytics }), ...(eventHub && { eventHub }), ...(storage && { storage }) },
  }
}

function build(): LogCatalog {
  const rows: Record<string, TypeRow> = data.types
  const types = new Map(Object.entries(rows).map(([type, row]) => [type, toType(type, row)]))
  const pending = new Set(data.pending)
  return {
    types: () => [...types.values()],
    type: (type) => types.get(type) ?? types.get(type.toLowerCase()),
    isPending: (type) => pending.has(type.toLowerCase()),
    mayEmitLogs: (type) => types.has(type) || types.has(type.toLowerCase()) || pending.has(type.toLowerCase()),
    auditSeverity: (type) => auditSeverityOf(type.toLowerCase()),
    platform: data.platform,
  }
}

let loaded: LogCatalog | undefined

/** The catalogue of resource types that emit logs, built once per process from the data file beside it. */
export function loadCatalog(): LogCatalog {
  return (loaded ??= build())
}
