import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { LogCategory, LogCategoryList, Resource } from '../domain/estate'
import { armPath, readPages } from './pages'
import { pageOf, parseAnswer, text, texts, type Page } from './shape'
import type { Wire } from './wire/wire'

interface Category extends LogCategory {
  isLog: boolean
}

const category = z
  .object({ name: z.string(), properties: z.object({ categoryType: text, categoryGroups: texts }) })
  .transform(({ name, properties }): Category => ({
    name,
    groups: properties.categoryGroups,
    isLog: properties.categoryType?.toLowerCase() === 'logs',
  }))

const categoryPage = pageOf(category)

export function parseCategories(status: number, body: unknown): Collected<Page<Category>> {
  return parseAnswer(status, body, categoryPage)
}

/** The log categories (metrics left out) that one live resource has, and the groups that hold them. */
export async function readLogCategories(wire: Wire, resource: Pick<Resource, 'id' | 'type' | 'location' | 'kind'>): Promise<Collected<LogCategoryList>> {
  const scope = armPath(resource.id).slice(1)
  const first = wire.call((onResponse) => wire.monitor.diagnosticSettingsCategory.list(scope, { onResponse }).byPage().next())
  const read = await readPages(wire, first, parseCategories)
  if (!read.ok) return read
  return collected({
    resourceType: resource.type,
    location: resource.location,
    kind: resource.kind,
    askedOf: resource.id,
    categories: read.value.filter((item) => item.isLog).map(({ name, groups }) => ({ name, groups })),
  })
}
