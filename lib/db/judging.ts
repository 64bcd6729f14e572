import { z } from 'zod'
import type { JudgingBasis } from '@/lib/domain/judging'
import type { ScanScope } from '@/lib/domain/scan'
import { reasonCodes } from '@/lib/domain/verdict'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toJson } from './json'
import { scopeSchema } from './scans'

const subscription = z.object({ subscriptionId: z.string(), displayName: z.string(), state: z.string(), tenantId: z.string() })
const unread = { ok: z.literal(false), detail: z.string(), status: z.number().nullable(), code: z.string().nullable() }
const failure = z.object({ ...unread, reason: z.enum(reasonCodes), action: z.string().nullable() })

const basisSchema: z.ZodType<JudgingBasis> = z.object({
  scannedAt: z.string(),
  subscriptions: z.array(z.object({ subscription, lost: failure.optional() })),
  surveyed: z.array(subscription),
  tenantWide: z.boolean(),
})

/** Releases before this one kept the management groups that were listed in place of the flag. */
const wholeTenant = Prisma.sql`coalesce((judging ->> 'tenantWide')::boolean, jsonb_typeof(judging -> 'tenantScope') = 'object', false)`

/** Keeps what a scan is about to judge. */
export async function saveJudging(db: Queryable, seq: number, basis: JudgingBasis): Promise<void> {
  await db.$executeRaw(Prisma.sql`update scan set judging = ${toJson(basis)}::jsonb where seq = ${seq}`)
}

/** A finished scan of which the facts can be judged again. */
export interface JudgedScan {
  scanId: string
  seq: number
  status: 'succeeded' | 'partial'
  scope: ScanScope
  basis: JudgingBasis
}

/**
 * The scans whose facts make up the present picture, oldest first: the last one of the whole tenant and those of some
 * subscriptions after it. Empty before the first scan, and where all were made before this was kept.
 */
export async function judgedScans(db: Queryable, estateId: number): Promise<JudgedScan[]> {
  const rows = await db.$queryRaw<{ seq: number; id: string; status: JudgedScan['status']; scope: unknown; judging: unknown }[]>(Prisma.sql`
    select seq, id::text as id, status, scope, judging || jsonb_build_object('tenantWide', ${wholeTenant}) as judging from scan
    where estate_id = ${estateId} and status in ('succeeded', 'partial') and judging is not null and judges_again is null
      and seq >= coalesce((select max(seq) from scan where estate_id = ${estateId} and status in ('succeeded', 'partial')
        and judges_again is null and ${wholeTenant}), 0)
    order by seq`)
  return rows.map(({ seq, id, status, scope, judging }) => ({ scanId: id, seq, status, scope: scopeSchema.parse(scope), basis: basisSchema.parse(judging) }))
}

/** Gives a judging again the scope of what it judges, so that it is compared with scans of the same. */
export async function saveJudgedScope(db: Queryable, seq: number, scope: ScanScope): Promise<void> {
  await db.scan.update({ where: { seq }, data: { scope: { ...scope } } })
}

/** Gives a judging again the parts of the scan that it repeats. */
export async function copyParts(db: Queryable, fromSeq: number, toSeq: number): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    insert into scan_part (scan_seq, subscription_id, display_name, status, reason, resources)
    select ${toSeq}, subscription_id, display_name, status, reason, resources from scan_part where scan_seq = ${fromSeq}
    on conflict (scan_seq, subscription_id) do update
      set display_name = excluded.display_name, status = excluded.status, reason = excluded.reason, resources = excluded.resources`)
}

/** What a finished scan says of each subscription, to be said again. */
export async function partsOf(db: Queryable, seq: number): Promise<{ subscriptionId: string; displayName: string; status: 'succeeded' | 'partial' | 'failed'; reason: string | null; resources: number }[]> {
  const rows = await db.scanPart.findMany({ where: { scanSeq: seq }, orderBy: { subscriptionId: 'asc' } })
  return rows.map(({ subscriptionId, displayName, status, reason, resources }) => ({
    subscriptionId, displayName, status: status === 'succeeded' || status === 'partial' ? status : 'failed', reason, resources,
  }))
}
