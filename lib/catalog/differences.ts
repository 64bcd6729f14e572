import type { LogCategoryList } from '@/lib/domain/estate'
import type { LogCatalog } from '@/lib/domain/log-catalog'

/** What the live category list of a type says that the catalogue does not, or says otherwise. The live list overrules. */
export interface CatalogDifference {
  /** Lower case. */
  type: string
  /** Regions (with the kind of resource where lists differ by it) that say the same. */
  places: string[]
  /** The catalogue does not have the type at all. */
  unknownType: boolean
  /** Live categories that the catalogue does not have. */
  added: string[]
  /** Categories of the catalogue that are not offered there. */
  gone: string[]
  /** Live categories in or out of the audit group against the catalogue's word. */
  audit: { category: string; live: boolean }[]
  /** A category group that the catalogue has otherwise. */
  groups: { group: 'audit' | 'allLogs'; live: boolean }[]
}

function differenceOf(list: LogCategoryList, catalog: LogCatalog): Omit<CatalogDifference, 'places'> | null {
  const type = list.resourceType.toLowerCase()
  const known = catalog.type(type)
  const live = new Map(list.categories.map((category) => [category.name.toLowerCase(), category]))
  if (known === undefined) {
    return list.categories.length === 0 ? null : { type, unknownType: true, added: list.categories.map(({ name }) => name).sort(), gone: [], audit: [], groups: [] }
  }
  const inCatalog = new Map(known.categories.map((category) => [category.name.toLowerCase(), category]))
  // Older answers name no group at all, which says nothing of groups.
  const namesGroups = list.categories.some(({ groups }) => groups.length > 0)
  const isIn = (groups: readonly string[], group: string): boolean => groups.some((one) => one.toLowerCase() === group)
  const hasGroup = (group: string): boolean => list.categories.some(({ groups }) => isIn(groups, group))
  const difference = {
    type,
    unknownType: false,
    added: list.categories.filter(({ name }) => !inCatalog.has(name.toLowerCase())).map(({ name }) => name).sort(),
    gone: known.categories.filter(({ name }) => !live.has(name.toLowerCase())).map(({ name }) => name).sort(),
    audit: !namesGroups ? [] : list.categories.flatMap(({ name, groups }) => {
      const said = inCatalog.get(name.toLowerCase())?.audit
      const now = isIn(groups, 'audit')
      return said === undefined || said === null || said === now ? [] : [{ category: name, live: now }]
    }),
    groups: !namesGroups ? [] : ([['audit', known.auditGroup], ['allLogs', known.allLogsGroup]] as const).flatMap(([group, said]) => {
      const now = hasGroup(group.toLowerCase())
      return said === null || said === now ? [] : [{ group, live: now }]
    }),
  }
  return difference.added.length + difference.gone.length + difference.audit.length + difference.groups.length === 0 ? null : difference
}

/** The differences of all live lists by type, regions that say the same together. */
export function catalogDifferences(lists: readonly LogCategoryList[], catalog: LogCatalog): CatalogDifference[] {
  const found = new Map<string, CatalogDifference>()
  for (const list of lists) {
    const difference = differenceOf(list, catalog)
    if (difference === null) continue
    const key = JSON.stringify(difference)
    const known = found.get(key) ?? { ...difference, places: [] }
    known.places.push(list.kind ? `${list.location} (${list.kind})` : list.location)
    found.set(key, known)
  }
  return [...found.values()].map((one) => ({ ...one, places: one.places.toSorted() })).toSorted((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : (a.places[0] ?? '') < (b.places[0] ?? '') ? -1 : 1))
}
