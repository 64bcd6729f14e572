import { loadCatalog } from '@/lib/catalog'
import type { LogCategory } from '@/lib/domain/estate'
import type { CatalogType } from '@/lib/domain/log-catalog'

/** Types that have metrics alone: settings can be made on them, but there are no logs to send. */
const metricsOnly = new Set([
  'microsoft.storage/storageaccounts',
  'microsoft.network/networkinterfaces',
  'microsoft.compute/virtualmachinescalesets',
  'microsoft.sql/servers/elasticpools',
  'microsoft.app/containerapps',
])

const known = new Map<string, LogCategory[] | null>()

/** The log categories that the simulated service has for a type; empty for metrics alone, null when settings are not supported. */
export function categoriesOf(type: string): LogCategory[] | null {
  let found = known.get(type)
  if (found === undefined) {
    const entry = loadCatalog().type(type)
    found = entry ? grouped(entry) : metricsOnly.has(type) ? [] : null
    known.set(type, found)
  }
  return found
}

/**
 * Which categories the service puts into `audit` is public for some types alone. Where the catalogue knows of the group but of no
 * member, the simulated service decides: those filed under security, else all.
 */
function grouped(entry: CatalogType): LogCategory[] {
  const certain = entry.categories.filter((each) => each.audit === true)
  const hinted = entry.categories.filter((each) => each.auditHint)
  const members = entry.auditGroup === true ? (certain.length > 0 ? certain : hinted.length > 0 ? hinted : entry.categories) : []
  const audit = new Set(members.map((each) => each.name))
  return entry.categories.map((each) => ({ name: each.name, groups: audit.has(each.name) ? ['allLogs', 'audit'] : ['allLogs'] }))
}
