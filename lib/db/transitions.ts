import { keyPointSlugs } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { batches } from './json'

/**
 * A state is what a (resource, check) was found to be, in one number, so that the first and the last of many are found as the least and the greatest:
 * from the highest bit the key point's place in the contract's order (4 bits), the verdict's code (3), and the hash of the reason (32). Zero: not judged.
 */
export const verdictCode: Readonly<Record<Verdict, number>> = { pass: 1, fail: 2, unknown: 3, 'not-applicable': 4 }

const codes = Object.entries(verdictCode).sort(([, a], [, b]) => a - b).map(([verdict]) => verdict)

/** The code of a verdict; 0: none. */
export function codeOf(verdict: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`coalesce(array_position(${codes}::text[], ${verdict}), 0)`
}

/** The state of a finding, by its alias. */
function stateOf(alias: string): Prisma.Sql {
  const f = Prisma.raw(alias)
  return Prisma.sql`coalesce((array_position(${[...keyPointSlugs]}::text[], ${f}.key_point)::bigint << 35)
    | (${codeOf(Prisma.sql`${f}.verdict`)}::bigint << 32) | (${f}.reason_key::bigint & 4294967295), 0)`
}

/** A state behind its scan's seq, which has 24 bits: room for 16 million scans. */
export function atSeq(state: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`((t.seq::bigint << 39) | ${state})`
}

/** Verdict and reason of a state, to tell whether two are the same. */
export function contentOf(state: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${state} & 34359738367)`
}

/** The verdict's code of a state; 0: not judged. */
export function verdictCodeOf(state: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`((${state} >> 32) & 7)`
}

/** The key point of a state. */
export function keyPointOf(state: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`(${[...keyPointSlugs]}::text[])[((${state} >> 35) & 15)::int]`
}

/** The scan that first saw the gap that a finding is, by its alias, in sight or not; null where it is none. */
export function gapSinceOf(alias: string): Prisma.Sql {
  const f = Prisma.raw(alias)
  return Prisma.sql`case ${f}.verdict when 'fail' then coalesce(${f}.gap_since_seq, ${f}.since_seq) when 'unknown' then ${f}.gap_since_seq end`
}

const columns = Prisma.sql`estate_id, seq, resource_ref, "check", subscription_id, before_state, after_state, before_since`

/** What was counted between scans until this one or a later one is not true any more. */
async function forgetComparisons(tx: Queryable, seq: number): Promise<void> {
  await tx.$executeRaw(Prisma.sql`delete from comparison where estate_id = (select estate_id from scan where seq = ${seq}) and newer_seq >= ${seq}`)
}

/** Writes what became of these (resource, check) pairs at a scan, from their findings as stored, in place of what an earlier attempt at it wrote. */
export async function writeTransitions(tx: Queryable, estateId: number, seq: number, pairs: readonly { ref: number; check: string }[]): Promise<void> {
  if (pairs.length > 0) await forgetComparisons(tx, seq)
  for (const batch of batches(pairs, 10_000)) {
    const listed = Prisma.sql`unnest(${batch.map(({ ref }) => ref)}::int[], ${batch.map(({ check }) => check)}::text[]) as k(ref, "check")`
    await tx.$executeRaw(Prisma.sql`
      delete from transition t using ${listed} where t.estate_id = ${estateId} and t.seq = ${seq} and t.resource_ref = k.ref and t."check" = k."check"`)
    await tx.$executeRaw(Prisma.sql`
      insert into transition (${columns})
      select ${estateId}, ${seq}, k.ref, k."check", coalesce(n.subscription_id, o.subscription_id), ${stateOf('o')}, ${stateOf('n')}, ${gapSinceOf('o')}
      from ${listed}
        left join finding o on o.resource_ref = k.ref and o."check" = k."check" and o.to_seq = ${seq}
        left join finding n on n.resource_ref = k.ref and n."check" = k."check" and n.from_seq = ${seq}
      where o.verdict is distinct from n.verdict or o.reason_key is distinct from n.reason_key`)
  }
}

/** Writes that nothing is judged of these resources (by their rows' ids) any more since a scan. */
export async function writeVanished(tx: Queryable, seq: number, resourceRefs: readonly number[]): Promise<void> {
  const ended = Prisma.sql`resource_ref = any(${[...resourceRefs]}::int[])`
  await forgetComparisons(tx, seq)
  await tx.$executeRaw(Prisma.sql`
    delete from transition where estate_id = (select estate_id from scan where seq = ${seq}) and seq = ${seq} and ${ended}`)
  await tx.$executeRaw(Prisma.sql`
    insert into transition (${columns})
    select estate_id, ${seq}, resource_ref, "check", subscription_id, ${stateOf('o')}, 0, ${gapSinceOf('o')} from finding o where ${ended} and to_seq = ${seq}`)
}
