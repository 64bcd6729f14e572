import type { ResourceQuery } from '@/lib/domain/views'
import { Prisma } from './generated/client'
import type { Queryable } from './client'

interface Group {
  value: string | null
  /** What the value is sorted by. */
  sorted: string | null
  count: number
}

/** Where a page of resources lies, in an order by a column that many of them share. */
export interface GroupedPage {
  /** The values of the column that are on the page. */
  condition: Prisma.Sql
  /** How many resources with these values come before the page. */
  offset: number
}

/**
 * Finds a page in an order by type, location or subscription from how many resources have which, counted in an index: only those that share the values on the
 * page are sorted then, and not all. `where` is a condition on resources `r`. Null: the page lies behind the last resource.
 */
export async function groupedPage(db: Queryable, where: Prisma.Sql, { sort, descending, page, pageSize }: ResourceQuery & { sort: 'type' | 'location' | 'subscription' }): Promise<GroupedPage | null> {
  const column = Prisma.raw(`r.${sort === 'subscription' ? 'subscription_id' : sort}`)
  const [name, names] = sort === 'subscription'
    ? [Prisma.sql`lower(s.display_name)`, Prisma.sql`left join subscription s on s.estate_id = g.estate_id and s.subscription_id = g.value`]
    : [Prisma.sql`g.value`, Prisma.empty]
  const groups = await db.$queryRaw<Group[]>(Prisma.sql`
    select g.value, ${name} as sorted, g.count from (select r.estate_id, ${column} as value, count(*)::int as count from resource r where ${where} group by 1, 2) g ${names}
    order by ${name} ${Prisma.raw(descending ? 'desc' : 'asc')} nulls last`)
  const first = Math.max(0, page - 1) * pageSize
  const values: (string | null)[] = []
  let [before, end] = [0, 0]
  for (const same of Map.groupBy(groups, ({ sorted }) => sorted).values()) {
    const start = end
    end += same.reduce((sum, { count }) => sum + count, 0)
    if (end <= first) before = end
    else if (start < first + pageSize) values.push(...same.map(({ value }) => value))
  }
  if (values.length === 0) return null
  const named = values.filter((value) => value !== null)
  // One value alone leaves the order to the key, whose index ends with the page.
  if (values.length === 1 && named[0] !== undefined) return { condition: Prisma.sql`${column} = ${named[0]}`, offset: first - before }
  const orNone = named.length < values.length ? Prisma.sql` or ${column} is null` : Prisma.empty
  return { condition: Prisma.sql`(${column} = any(${named}::text[])${orNone})`, offset: first - before }
}
