import type { FoundByResource } from './finding-intervals'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { doubles, ints, texts } from './columns'
import { batches } from './json'
import { addToPosture, emptyPosture, rankOf, type Posture } from './posture'

/** Writes how resources (by their rows' ids) stand by what was found of them, and the hash of that; without a hash it is not known. */
export async function writePostures(tx: Queryable, found: FoundByResource, hashes: ReadonlyMap<number, string>): Promise<void> {
  for (const batch of batches([...found], 5_000)) {
    const rows = batch.map(([id, checks]) => ({ id, hash: hashes.get(id) ?? null, posture: toPosture(checks) }))
    const column = (value: (posture: Posture) => number) => ints(rows.map(({ posture }) => value(posture)))
    await tx.$executeRaw(Prisma.sql`
      update resource r set fail_critical = n.c, fail_high = n.h, fail_medium = n.m, fail_low = n.l, unknown_count = n.u, pass_count = n.p,
        findings = n.f, findings_hash = n.hash, mask = n.mask, rank = n.rank
      from unnest(${ints(rows.map(({ id }) => id))}, ${texts(rows.map(({ hash }) => hash))}, ${column((p) => p.fails.critical)}, ${column((p) => p.fails.high)},
        ${column((p) => p.fails.medium)}, ${column((p) => p.fails.low)}, ${column((p) => p.unknown)}, ${column((p) => p.pass)}, ${column((p) => p.findings)},
        ${doubles(rows.map(({ posture }) => posture.mask))}, ${column(rankOf)})
        as n(id, hash, c, h, m, l, u, p, f, mask, rank)
      where r.id = n.id`)
  }
}

function toPosture(checks: ReturnType<FoundByResource['get']> & object): Posture {
  const posture = emptyPosture()
  for (const { keyPoint, severity, judgement } of checks.values()) addToPosture(posture, keyPoint, judgement.verdict, severity)
  return posture
}
