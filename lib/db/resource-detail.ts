import { toResourceKey } from '@/lib/domain/arm-id'
import { categoriesSubjectsOf } from '@/lib/domain/categories-subject'
import { factSourceApi, type FactSource } from '@/lib/domain/fact'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import type { FactRow, ResourceDetail } from '@/lib/domain/views'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { findingsOf } from './finding-rows'
import { gapHistories } from './gap-history'
import { toText } from './json'
import { managementGroupChains } from './management-groups'
import { scopeTypes, toTags } from './resources'
import { seenBy } from './viewing'

interface DetailColumns {
  id: number; key: string; resource_id: string; name: string; type: string; kind: string | null; subscription_id: string | null
  display_name: string | null; location: string; resource_group: string | null; tags: unknown; gone_at: Date | null; is_gone: boolean
  created_at: Date; management_groups: string[] | null
}

/** One resource (or subscription, management group, tenant) by its id in any casing. Throws KeypointError `not-found`. */
export async function getResource(db: Queryable, viewer: Viewer, resourceId: string): Promise<ResourceDetail> {
  const [row] = await db.$queryRaw<DetailColumns[]>(Prisma.sql`
    select r.id, r.key, r.resource_id, r.name, r.type, r.kind, r.subscription_id, s.display_name, r.location, r.resource_group, r.tags, s.management_groups,
      r.gone_seq is not null as is_gone, coalesce(gone.started_at, gone.created_at) as gone_at, e.created_at
    from resource r join estate e on e.id = r.estate_id
      left join subscription s on s.estate_id = r.estate_id and s.subscription_id = r.subscription_id
      left join scan gone on gone.seq = r.gone_seq
    where ${seenBy(viewer, 'r')} and r.key = ${toText(toResourceKey(resourceId))}`)
  if (row === undefined) {
    throw new KeypointError('not-found', `There is no resource ${resourceId} in what was scanned.`, 'Check the id, or scan again if the resource is new.')
  }
  const [findings, history, facts, last, managementGroups] = await Promise.all([
    findingsOf(db, row.id), gapHistories(db, viewer, row.id), factsOf(db, viewer, row), lastScan(db, viewer, row.subscription_id),
    row.type === scopeTypes.managementGroup ? managementGroupChains(db, viewer.estateId).then((chainOf) => chainOf(row.resource_id)) : (row.management_groups ?? []),
  ])
  return {
    resourceId: row.resource_id, name: row.name, type: row.type, kind: row.kind, subscriptionId: row.subscription_id,
    subscriptionName: row.display_name, location: row.location, resourceGroup: row.resource_group, tags: toTags(row.tags), managementGroups, present: !row.is_gone,
    lastSeen: ((row.is_gone ? row.gone_at : last?.at) ?? row.created_at).toISOString(),
    findings, history, facts, central: last?.central ?? null,
  }
}

/** What was read about the resource itself, and the list of log categories that it was judged by. */
async function factsOf(db: Queryable, viewer: Viewer, row: DetailColumns): Promise<FactRow[]> {
  const lists: string[] = categoriesSubjectsOf(row)
  const stored = await db.fact.findMany({
    where: { estateId: viewer.estateId, subject: { in: [row.key, ...lists] } }, orderBy: [{ source: 'asc' }, { subject: 'asc' }],
    select: { subject: true, source: true, status: true, content: true, readAt: true },
  })
  const judgedBy = lists.find((list) => stored.some(({ subject }) => subject === list))
  const facts = stored.filter(({ subject }) => subject === row.key || subject === judgedBy)
  return facts.map((fact) => ({
    source: fact.source, api: isSource(fact.source) ? factSourceApi[fact.source] : fact.source, readAt: fact.readAt.toISOString(),
    status: fact.status, content: fact.content,
  }))
}

function isSource(source: string): source is FactSource {
  return source in factSourceApi
}

/** The last finished scan that judged the subscription (null: the tenant's own part). */
async function lastScan(db: Queryable, viewer: Viewer, subscriptionId: string | null): Promise<{ at: Date; central: CentralWorkspaces | null } | undefined> {
  const [scan] = await db.$queryRaw<{ at: Date; central: CentralWorkspaces | null }[]>(Prisma.sql`
    select coalesce(s.started_at, s.created_at) as at, s.central from scan s
    where s.estate_id = ${viewer.estateId} and s.status in ('succeeded', 'partial')
      and exists (select 1 from rollup where scan_seq = s.seq and dimension = 'subscription' and key = ${subscriptionId ?? ''})
    order by s.seq desc limit 1`)
  return scan
}
