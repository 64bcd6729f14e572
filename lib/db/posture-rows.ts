import type { FoundByResource } from './finding-intervals'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { batches } from './json'
import { addToPosture, emptyPosture, rankOf, type Posture } from './posture'

/** Writes how resources (by their rows' ids) stand by what was found of them, and the hash of that; without a hash it is not known. */
export async function writePostures(tx: Queryable, found: FoundByResource, hashes: ReadonlyMap<number, string>): Promise<void> {
  for (const batch of batches([...found], 5_000)) {
    const rows = batch.map(([id, checks]) => ({ id, hash: hashes.get(id) ?? null, posture: toPosture(checks) }))
    const column = (value: (posture: Posture) => number) => rows.map(({ posture }) => value(posture))
    await tx.$executeRaw(Prisma.sql`
      update resource r set fail_critical = n.c, fail_high = n.h, fail_medium = n.m, fail_low = n.l, unknown_count = n.u, pass_count = n.p,
        findings = n.f, findings_hash = n.hash, mask = n.mask, rank = n.rank
      from unnest(${rows.map(({ id }) => id)}::int[], ${rows.map(({ hash }) => hash)}::text[], ${column((p) => p.fails.critical)}::int[], ${column((p) => p.fails.high)}::int[],
        ${column((p) => p.fails.medium)}::int[], ${column((p) => p.fails.low)}::int[], ${column((p) => p.unknown)}::int[],
        ${column((p) => p.pass)}::int[], ${column((p) => p.findings)}::int[], ${column((p) => p.mask)}::float8[], ${column(rankOf)}::int[])
        as n(id, hash, c, h, m, l, u, p, f, mask, rank)
      where r.id = n.id`)
  }
}

function toPosture(checks: ReturnType<FoundByResource['get']> & object): Posture {
  const posture = emptyPosture()
  for (const { keyPoint, severity, judgement } of checks.values()) addToPosture(posture, keyPoint, judgement.verdict, severity)
  return posture
}
