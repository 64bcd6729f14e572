import { Prisma } from './generated/client'
import type { Queryable } from './client'

/** A run that no worker started for so long was missed. */
const missedMinutes = 30
/** Scans of one estate come one after the other: a run that waits for another is late by so much before it counts as missed. */
const busyHours = 4

/** A planned run that did not start in time. */
export interface MissedRun {
  schedule: string
  plannedAt: Date
  cause: 'no-worker' | 'busy'
  /** When it was made up; null: it is due still, or was given up by a change of the schedule. */
  madeUpAt: Date | null
  isDue: boolean
}

/**
 * Notes the runs that are missed by now, each once. Nobody was there for a run if no worker has looked since it was planned: a scan that is going on keeps them
 * looking, and a run that waits for it is not missed.
 */
export async function noteMissedRuns(db: Queryable, estateId: number, now: Date): Promise<void> {
  const missedBefore = new Date(now.getTime() - missedMinutes * 60_000)
  const busyBefore = new Date(now.getTime() - busyHours * 3_600_000)
  const isUnattended = Prisma.sql`greatest(p.next_run_at, e.schedules_looked_at) < ${missedBefore}`
  await db.$executeRaw(Prisma.sql`
    insert into missed_run (schedule_id, planned_at, cause)
    select p.id, p.next_run_at, case when ${isUnattended} then 'no-worker' else 'busy' end
    from schedule p join estate e on e.id = p.estate_id
    where p.estate_id = ${estateId} and p.enabled and p.next_run_at < ${now} and (${isUnattended} or p.next_run_at < ${busyBefore})
    on conflict do nothing`)
}

/** Says that a worker looks after the estate's schedules; after `noteMissedRuns`, which asks when one last did. */
export async function markSchedulesLooked(db: Queryable, estateId: number, now: Date): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update estate set schedules_looked_at = ${now} where id = ${estateId} and coalesce(schedules_looked_at, '-infinity') < ${new Date(now.getTime() - 60_000)}`)
}

/** Takes what was missed and nobody was told of, in the transaction that stores what is told; the longest ago first. */
export async function takeMissedRuns(tx: Queryable, estateId: number, now: Date): Promise<MissedRun[]> {
  const rows = await tx.$queryRaw<MissedRun[]>(Prisma.sql`
    with mine as (
      select m.schedule_id, m.planned_at from missed_run m join schedule p on p.id = m.schedule_id
      where p.estate_id = ${estateId} and m.announced_at is null for update of m skip locked
    )
    update missed_run m set announced_at = ${now} from mine join schedule p on p.id = mine.schedule_id
    where m.schedule_id = mine.schedule_id and m.planned_at = mine.planned_at
    returning p.name as schedule, m.planned_at as "plannedAt", m.cause, m.made_up_at as "madeUpAt", p.enabled and p.next_run_at = m.planned_at as "isDue"`)
  return rows.toSorted((a, b) => a.plannedAt.getTime() - b.plannedAt.getTime())
}
