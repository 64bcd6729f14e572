import type { LogReachRow } from '@/lib/domain/log-reach'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { toJson } from './json'
import { keySeenBy } from './viewing'

/** Replaces what is known of one part (null: the tenant's own); what is as it was is not written. */
export async function saveLogReach(db: Database, estateId: number, subscriptionId: string | null, rows: readonly LogReachRow[]): Promise<void> {
  const key = subscriptionId?.toLowerCase() ?? ''
  const found = Prisma.sql`jsonb_to_recordset(${toJson(rows)}::jsonb) as r(source text, category text, reach int, subjects int)`
  await db.$transaction(async (tx) => {
    await tx.$executeRaw(Prisma.sql`
      delete from log_reach l where l.estate_id = ${estateId} and l.subscription_id = ${key} and (l.source, l.category, l.reach) not in (select r.source, r.category, r.reach from ${found})`)
    await tx.$executeRaw(Prisma.sql`
      insert into log_reach as l (estate_id, subscription_id, source, category, reach, subjects)
      select ${estateId}, ${key}, r.source, r.category, r.reach, r.subjects from ${found}
      on conflict (estate_id, subscription_id, source, category, reach) do update set subjects = excluded.subjects where l.subjects <> excluded.subjects`)
  })
}

/** Where logs arrive, over the subscriptions that are not deleted; of one subscription (empty: the tenant's own part) when it is named. */
export async function listLogReach(db: Queryable, viewer: Viewer, subscriptionId?: string): Promise<LogReachRow[]> {
  const here = subscriptionId === undefined ? Prisma.sql`true` : Prisma.sql`l.subscription_id = ${subscriptionId.toLowerCase()}`
  return db.$queryRaw<LogReachRow[]>(Prisma.sql`
    select l.source, l.category, l.reach, sum(l.subjects)::int as subjects from log_reach l
    where l.estate_id = ${viewer.estateId} and ${keySeenBy(viewer, 'l.subscription_id')} and ${here}
      and not exists (select 1 from subscription s where s.estate_id = l.estate_id and s.subscription_id = l.subscription_id and s.state = 'Deleted')
    group by l.source, l.category, l.reach order by l.source, l.category, l.reach`)
}
