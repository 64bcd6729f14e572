import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { ManagementGroup } from '@/lib/domain/estate'
import { groupsOver } from '@/lib/domain/policy-scope'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { toText } from './json'
import { markGone, scopeTypes } from './resources'

/** For the id of a management group in any casing: its name and those of the groups above it, the nearest first, as far as they were seen. */
export async function managementGroupChains(db: Queryable, estateId: number): Promise<(id: string) => string[]> {
  const rows = await db.$queryRaw<{ key: string; parent: string | null }[]>(Prisma.sql`
    select key, properties->>'parentId' as parent from resource where estate_id = ${estateId} and type = ${scopeTypes.managementGroup} and gone_seq is null`)
  const parents = new Map<string, string | null>(rows.map(({ key, parent }) => [key, parent]))
  return (id) => groupsOver(id, (at) => parents.get(toResourceKey(at)))
}

/** Management groups seen before, without those that Azure said were deleted; by id. */
export async function knownManagementGroups(db: Queryable, estateId: number): Promise<ManagementGroup[]> {
  const rows = await db.$queryRaw<{ id: string; displayName: string; parentId: string | null }[]>(Prisma.sql`
    select resource_id as id, name as "displayName", properties->>'parentId' as "parentId" from resource
    where estate_id = ${estateId} and type = ${scopeTypes.managementGroup} and gone_seq is null order by key`)
  return rows.map((row) => ({ ...row, name: nameOf(row.id) }))
}

/** Azure says that they are deleted: their findings end with this scan. */
export async function markManagementGroupsDeleted(db: Database, estateId: number, seq: number, groups: readonly ManagementGroup[]): Promise<void> {
  const keys = groups.map(({ id }) => toText(toResourceKey(id)))
  if (keys.length === 0) return
  await db.$transaction(async (tx) => {
    const rows = await tx.resource.findMany({ where: { estateId, key: { in: keys }, goneSeq: null }, select: { id: true } })
    await markGone(tx, seq, rows.map((row) => row.id))
  })
}
