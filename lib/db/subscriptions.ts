import type { Subscription } from '@/lib/domain/estate'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { toJson } from './json'
import { markGone } from './resources'
import { seenBy } from './viewing'

/** Subscriptions seen before, without those that Azure said were deleted. */
export async function knownSubscriptions(db: Queryable, estateId: number): Promise<Subscription[]> {
  return db.subscription.findMany({
    where: { estateId, state: { not: 'Deleted' } },
    orderBy: { subscriptionId: 'asc' },
    select: { subscriptionId: true, displayName: true, state: true, tenantId: true },
  })
}

/** Remembers the subscriptions that a scan has seen. */
export async function saveSubscriptions(db: Queryable, estateId: number, seq: number, subscriptions: readonly Subscription[]): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    insert into subscription (estate_id, subscription_id, display_name, state, tenant_id, first_seen_seq, last_seen_seq)
    select distinct on (lower(s."subscriptionId")) ${estateId}, lower(s."subscriptionId"), s."displayName", s.state, s."tenantId", ${seq}, ${seq}
    from jsonb_to_recordset(${toJson(subscriptions)}::jsonb) as s("subscriptionId" text, "displayName" text, state text, "tenantId" text)
    on conflict (estate_id, subscription_id) do update
      set display_name = excluded.display_name, state = excluded.state, tenant_id = excluded.tenant_id, last_seen_seq = excluded.last_seen_seq`)
}

/** Azure says that it is deleted: its resources are gone and their findings end with this scan. */
export async function markSubscriptionDeleted(db: Database, estateId: number, seq: number, subscriptionId: string): Promise<void> {
  const id = subscriptionId.toLowerCase()
  await db.$transaction(async (tx) => {
    await tx.subscription.updateMany({ where: { estateId, subscriptionId: id }, data: { state: 'Deleted' } })
    const present = await tx.resource.findMany({ where: { estateId, subscriptionId: id, goneSeq: null }, select: { id: true } })
    await markGone(tx, seq, present.map((row) => row.id))
  })
}

/** Remembers the management groups above subscriptions; of those that are not named the last known stay. */
export async function saveManagementGroups(db: Queryable, estateId: number, chains: readonly { subscriptionId: string; groups: readonly string[] }[]): Promise<void> {
  if (chains.length === 0) return
  await db.$executeRaw(Prisma.sql`
    update subscription s set management_groups = array(select jsonb_array_elements_text(c.groups))
    from jsonb_to_recordset(${toJson(chains)}::jsonb) as c("subscriptionId" text, groups jsonb)
    where s.estate_id = ${estateId} and s.subscription_id = lower(c."subscriptionId")`)
}

/** Names of the management groups above each subscription, nearest first, by lower-case id; null: never told. */
export async function managementGroupsOfSubscriptions(db: Queryable, estateId: number): Promise<Map<string, string[] | null>> {
  const rows = await db.$queryRaw<{ id: string; groups: string[] | null }[]>(Prisma.sql`
    select subscription_id as id, management_groups as groups from subscription where estate_id = ${estateId} and state <> 'Deleted'`)
  return new Map(rows.map((row) => [row.id, row.groups]))
}

/** Names of the subscriptions that are not deleted, for choosing among them; by name. */
export async function listSubscriptionNames(db: Queryable, viewer: Viewer): Promise<{ subscriptionId: string; displayName: string }[]> {
  return db.$queryRaw<{ subscriptionId: string; displayName: string }[]>(Prisma.sql`
    select s.subscription_id as "subscriptionId", s.display_name as "displayName" from subscription s
    where ${seenBy(viewer, 's')} and s.state <> 'Deleted' order by lower(s.display_name), s.subscription_id`)
}

/** Names of the subscriptions that Azure said were deleted; by name. */
export async function listDeletedSubscriptions(db: Queryable, viewer: Viewer): Promise<{ subscriptionId: string; displayName: string }[]> {
  return db.$queryRaw<{ subscriptionId: string; displayName: string }[]>(Prisma.sql`
    select s.subscription_id as "subscriptionId", s.display_name as "displayName" from subscription s
    where ${seenBy(viewer, 's')} and s.state = 'Deleted' order by lower(s.display_name), s.subscription_id`)
}
