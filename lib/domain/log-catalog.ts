import type { Severity } from './verdict'

/** What is known beforehand of one log category. */
export interface CatalogCategory {
  name: string
  /** True: in the audit group by an inference that holds; false: not; null: no source says. */
  audit: boolean | null
  /** Its table is filed under Security or Audit: a hint, too loose to decide by alone. */
  auditHint: boolean
  /** The Log Analytics table it fills; null when no source says. */
  table: string | null
}

export interface CatalogType {
  /** Lower case. */
  type: string
  /** As Azure writes it. */
  displayName: string
  categories: CatalogCategory[]
  /** Whether the type has an `audit` category group; null when no source says. */
  auditGroup: boolean | null
  /** Whether the type has an `allLogs` category group; null when no source says. */
  allLogsGroup: boolean | null
  /** False: the list is a lower bound. */
  complete: boolean
  /** Built-in policies that turn on logging by category group. */
  policies: { logAnalytics?: string; eventHub?: string; storage?: string }
}

/** The catalogue of resource types that emit logs; lib/catalog loads it. */
export interface LogCatalog {
  /** All types, by name. */
  types(): CatalogType[]
  type(type: string): CatalogType | undefined
  /** Types that Azure lists as having logs without naming them. */
  isPending(type: string): boolean
  /** True when a resource of this type may have resource logs, and so its settings must be read. */
  mayEmitLogs(type: string): boolean
  /** Severity of a missing audit log by type (key-points 0.4). */
  auditSeverity(type: string): Severity
  platform: {
    subscription: { categories: string[]; required: string[] }
    managementGroup: { categories: string[]; required: string[] }
    tenant: { categories: string[]; required: string[] }
  }
}
