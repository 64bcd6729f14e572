import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'

/** A condition that keeps the rows of a table (by its alias) that the viewer may see; tenant rows are for those who see all. */
export function seenBy(viewer: Viewer, alias: string): Prisma.Sql {
  const table = Prisma.raw(alias)
  return viewer.subscriptions === 'all'
    ? Prisma.sql`${table}.estate_id = ${viewer.estateId}`
    : Prisma.sql`${table}.estate_id = ${viewer.estateId} and ${table}.subscription_id = any(${lower(viewer.subscriptions)}::text[])`
}

/** A condition on a roll-up's or part's key column, which holds subscription ids (empty: the tenant's own). */
export function keySeenBy(viewer: Viewer, column: string): Prisma.Sql {
  return viewer.subscriptions === 'all' ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} = any(${lower(viewer.subscriptions)}::text[])`
}

/** The viewer, seeing of what they may see only these subscriptions. */
export function narrowed(viewer: Viewer, subscriptions: readonly string[] | undefined): Viewer {
  if (subscriptions === undefined || subscriptions.length === 0) return viewer
  const wanted = lower(subscriptions)
  const seen = viewer.subscriptions
  return { estateId: viewer.estateId, subscriptions: seen === 'all' ? wanted : wanted.filter((id) => lower(seen).includes(id)) }
}

function lower(ids: readonly string[]): string[] {
  return ids.map((id) => id.toLowerCase())
}
