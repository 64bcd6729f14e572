import { managementGroupPrefix } from '@/lib/domain/management-group'
import { Prisma } from './generated/client'
import type { Queryable } from './client'

/** Finds the resources that exemptions by tag hold for, by the tags as they are stored: all that have not ended, or one. */
export async function placeExemptions(db: Queryable, estateId: number, id: string | null = null): Promise<void> {
  const open = Prisma.sql`e.estate_id = ${estateId} and e.tag_name is not null and e.ended_at is null and e.expires_at > now() and (${id}::uuid is null or e.id = ${id}::uuid)`
  const found = Prisma.sql`
    select e.id, r.key from exemption e join resource r on r.estate_id = e.estate_id and r.gone_seq is null
    where ${open}
      and exists (select 1 from jsonb_each_text(case jsonb_typeof(r.tags) when 'object' then r.tags else '{}' end) as t(name, value) where lower(t.name) = lower(e.tag_name) and (e.tag_value = '' or lower(t.value) = lower(e.tag_value)))
      and (e.scope = '' or r.key = e.scope or (r.key > e.scope || '/' and r.key < e.scope || '0') or exists (
        select 1 from subscription s, unnest(s.management_groups) as above(name) where s.estate_id = e.estate_id and s.subscription_id = r.subscription_id
          and ${managementGroupPrefix} || lower(above.name) = e.scope))`
  await db.$executeRaw(Prisma.sql`
    delete from exemption_target t using exemption e where e.id = t.exemption_id and ${open} and (t.exemption_id, t.key) not in (${found})`)
  await db.$executeRaw(Prisma.sql`insert into exemption_target (exemption_id, key) ${found} on conflict do nothing`)
}
