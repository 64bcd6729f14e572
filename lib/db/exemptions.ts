import { randomUUID } from 'node:crypto'
import { exemptionDaysMax, Exemptions, scopeKey, type ExemptionInput, type ExemptionRow } from '@/lib/domain/exemption'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toText } from './json'
import { toUuid } from './scans'
import { seenBy } from './viewing'

interface ExemptionColumns {
  id: string; scope: string; check: string | null; reason: string; requestedBy: string; requestedAt: Date; expiresAt: Date
  approvedBy: string | null; approvedAt: Date | null; endedBy: string | null; endedAt: Date | null
}

function toRow(row: ExemptionColumns): ExemptionRow {
  return {
    id: row.id, scope: row.scope, check: row.check, reason: row.reason, requestedBy: row.requestedBy, requestedAt: row.requestedAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(), approvedBy: row.approvedBy, approvedAt: row.approvedAt?.toISOString() ?? null, endedBy: row.endedBy,
    endedAt: row.endedAt?.toISOString() ?? null,
  }
}

/** All exemptions that touch what the viewer sees, newest first; those of the whole tenant touch everything. */
export async function listExemptions(db: Queryable, viewer: Viewer): Promise<ExemptionRow[]> {
  const rows = await db.exemption.findMany({ where: { estateId: viewer.estateId }, orderBy: [{ requestedAt: 'desc' }, { id: 'asc' }] })
  return rows.map(toRow).filter((row) => row.scope === '' || mayDecide(viewer, row.scope))
}

/** A narrowed viewer decides of their own subscriptions alone. */
function mayDecide(viewer: Viewer, scope: string): boolean {
  return viewer.subscriptions === 'all' || viewer.subscriptions.some((id) => `${scope}/`.startsWith(`/subscriptions/${id.toLowerCase()}/`))
}

/** The exemptions in force, to mark fails by. */
export async function loadExemptions(db: Queryable, viewer: Viewer, now = new Date()): Promise<Exemptions> {
  return new Exemptions(await listExemptions(db, viewer), now)
}

/**
 * Asks for an exemption; it has no effect until somebody approves it.
 * Throws KeypointError `invalid` for a date that has passed, lies too far ahead, or an exemption of everything from everything; `forbidden` for a scope out of sight.
 */
export async function requestExemption(db: Queryable, viewer: Viewer, input: ExemptionInput, by: string, now = new Date()): Promise<ExemptionRow> {
  const scope = toText(scopeKey(input.scope))
  if (!mayDecide(viewer, scope)) throw new KeypointError('forbidden', 'The scope holds more than you may see.', 'Choose among your own subscriptions.')
  if (scope === '' && input.check === null) throw new KeypointError('invalid', 'An exemption of the whole tenant from every check exempts everything.', 'Name a check or a scope.')
  const days = (Date.parse(input.expiresAt) - now.getTime()) / 86_400_000
  if (!(days > 0 && days <= exemptionDaysMax)) {
    throw new KeypointError('invalid', `An exemption must end within ${exemptionDaysMax} days from now.`, 'Choose a date in that time; it can be asked for again then.')
  }
  return toRow(await db.exemption.create({
    data: {
      id: randomUUID(), estateId: viewer.estateId, scope, check: input.check, reason: toText(input.reason), requestedBy: by, requestedAt: now, expiresAt: new Date(input.expiresAt),
    },
  }))
}

/** Puts a requested exemption in force. Throws KeypointError `not-found`, or `conflict` when it is not waiting for that any more. */
export async function approveExemption(db: Queryable, viewer: Viewer, id: string, by: string, now = new Date()): Promise<void> {
  await find(db, viewer, id)
  const { count } = await db.exemption.updateMany({ where: { id, approvedAt: null, endedAt: null, expiresAt: { gt: now } }, data: { approvedBy: by, approvedAt: now } })
  if (count === 0) throw new KeypointError('conflict', 'The exemption is not waiting for approval.', 'Reload the page to see where it stands.')
}

/** Refuses, withdraws or ends an exemption; it is kept in the list. Throws KeypointError `not-found`, or `conflict` when it has ended. */
export async function endExemption(db: Queryable, viewer: Viewer, id: string, by: string, now = new Date()): Promise<void> {
  await find(db, viewer, id)
  const { count } = await db.exemption.updateMany({ where: { id, endedAt: null, expiresAt: { gt: now } }, data: { endedBy: by, endedAt: now } })
  if (count === 0) throw new KeypointError('conflict', 'The exemption has ended already.', 'There is nothing to end.')
}

async function find(db: Queryable, viewer: Viewer, id: string): Promise<void> {
  const row = await db.exemption.findFirst({ where: { id: toUuid(id), estateId: viewer.estateId } })
  if (row === null || !mayDecide(viewer, row.scope)) throw new KeypointError('not-found', `There is no exemption ${id}.`, 'See the list of exemptions.')
}

/** How many gaps of now are exempt, by key point: they are counted apart and stay gaps. */
export async function countExempted(db: Queryable, viewer: Viewer, now = new Date()): Promise<Partial<Record<KeyPoint, number>>> {
  const rows = await db.$queryRaw<{ keyPoint: KeyPoint; count: number }[]>(Prisma.sql`
    select f.key_point as "keyPoint", count(distinct (f.resource_ref, f."check"))::int as count
    from exemption e
      join resource r on ${seenBy(viewer, 'r')} and (r.key = e.scope or (r.key >= e.scope || '/' and r.key < e.scope || '0'))
      join finding f on f.resource_ref = r.id and f.to_seq is null and f.verdict = 'fail' and (e."check" is null or f."check" = e."check")
    where e.estate_id = ${viewer.estateId} and e.approved_at is not null and e.ended_at is null and e.expires_at > ${now}
    group by 1`)
  return Object.fromEntries(rows.map((row) => [row.keyPoint, row.count]))
}
