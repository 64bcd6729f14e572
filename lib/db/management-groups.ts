import { toResourceKey } from '@/lib/domain/arm-id'
import { groupsOver } from '@/lib/domain/policy-scope'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { scopeTypes } from './resources'

/** For the id of a management group in any casing: its name and those of the groups above it, the nearest first, as far as they were seen. */
export async function managementGroupChains(db: Queryable, estateId: number): Promise<(id: string) => string[]> {
  const rows = await db.$queryRaw<{ key: string; parent: string | null }[]>(Prisma.sql`
    select key, properties->>'parentId' as parent from resource where estate_id = ${estateId} and type = ${scopeTypes.managementGroup} and gone_seq is null`)
  const parents = new Map<string, string | null>(rows.map(({ key, parent }) => [key, parent]))
  return (id) => groupsOver(id, (at) => parents.get(toResourceKey(at)))
}
