import type { Decider, ExemptionAction, ExemptionEvent } from '@/lib/domain/exemption'
import type { Queryable } from './client'
import { toText } from './json'

/** Keeps what was done with exemptions, each by its subject. Something that is no person has no object id. */
export async function noteExemptions(
  db: Queryable, estateId: number, subjects: Iterable<string>, action: ExemptionAction, by: Pick<Decider, 'username'> & Partial<Decider>, at: Date,
): Promise<void> {
  const data = [...new Set(subjects)].map((subject) => ({ estateId, subject, action, by: toText(by.username), byId: by.objectId ?? null, at }))
  if (data.length > 0) await db.exemptionEvent.createMany({ data })
}

/** What was done with each of these, oldest first. */
export async function exemptionEvents(db: Queryable, estateId: number, subjects: readonly string[]): Promise<Map<string, ExemptionEvent[]>> {
  const rows = await db.exemptionEvent.findMany({ where: { estateId, subject: { in: [...subjects] } }, orderBy: [{ at: 'asc' }, { id: 'asc' }] })
  return new Map([...Map.groupBy(rows, (row) => row.subject)].map(([subject, own]) => [subject, own.map(({ action, by, at }) => ({ action: toAction(action), by, at: at.toISOString() }))]))
}

/** The column's check constraint allows no others. */
function toAction(action: string): ExemptionAction {
  return action as ExemptionAction
}

