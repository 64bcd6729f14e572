import { exemptionSubject, type ExemptionGroup } from '@/lib/domain/exemption'
import { managementGroupPrefix } from '@/lib/domain/management-group'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { exemptionEvents } from './exemption-events'
import { toRow } from './exemptions'

/** Where an exemption stands, as the page has it. */
export type ExemptionPart = 'requested' | 'in-force' | 'past'

export const exemptionPageRows = 50

export interface ExemptionPage {
  groups: ExemptionGroup[]
  /** Of groups, on all pages. */
  total: number
  /** The page that was asked for, or the last there is. */
  page: number
}

/** One page of the exemptions that touch what the viewer sees, newest first. What was imported from one exemption of Azure Policy is one. */
export async function listExemptions(db: Queryable, viewer: Viewer, part: ExemptionPart, page = 1, now = new Date()): Promise<ExemptionPage> {
  const where = Prisma.sql`e.estate_id = ${viewer.estateId} and ${touches(viewer)} and ${isIn(part, now)}`
  const [counted] = await db.$queryRaw<{ total: number }[]>(Prisma.sql`select count(distinct coalesce(e.source_id, e.id::text))::int as total from exemption e where ${where}`)
  const total = counted?.total ?? 0
  const shown = Math.min(Math.max(1, page), Math.max(1, Math.ceil(total / exemptionPageRows)))
  const keys = await db.$queryRaw<{ ids: string[] }[]>(Prisma.sql`
    select array_agg(e.id::text order by e."check", e.id) as ids from exemption e where ${where}
    group by coalesce(e.source_id, e.id::text) order by max(e.requested_at) desc, coalesce(e.source_id, e.id::text)
    limit ${exemptionPageRows} offset ${(shown - 1) * exemptionPageRows}`)
  const rows = await db.exemption.findMany({ where: { id: { in: keys.flatMap(({ ids }) => ids) } } })
  const byId = new Map(rows.map((row) => [row.id, toRow(row)]))
  const events = await exemptionEvents(db, viewer.estateId, [...new Set([...byId.values()].map(exemptionSubject))])
  const groups = keys.flatMap(({ ids }): ExemptionGroup[] => {
    const own = ids.flatMap((id) => byId.get(id) ?? [])
    return own[0] === undefined ? [] : [{ ...own[0], from: own.map(({ check, resourceTypes }) => ({ check, resourceTypes })), events: events.get(exemptionSubject(own[0])) ?? [] }]
  })
  return { groups, total, page: shown }
}

function isIn(part: ExemptionPart, now: Date): Prisma.Sql {
  const open = Prisma.sql`e.ended_at is null and e.expires_at > ${now}`
  switch (part) {
    case 'requested': return Prisma.sql`${open} and e.approved_at is null`
    case 'in-force': return Prisma.sql`${open} and e.approved_at is not null`
    case 'past': return Prisma.sql`not (${open})`
  }
}

/** Those of the whole tenant and of management groups touch what anybody sees. */
function touches({ subscriptions }: Viewer): Prisma.Sql {
  if (subscriptions === 'all') return Prisma.sql`true`
  return Prisma.sql`(e.scope = '' or starts_with(e.scope, ${managementGroupPrefix})
    or (starts_with(e.scope, '/subscriptions/') and split_part(e.scope, '/', 3) = any(${subscriptions.map((id) => id.toLowerCase())}::text[])))`
}
