import type { Evidence, Finding, Judgement } from '@/lib/domain/finding'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { batches, hashOf, toJson, toText } from './json'

/** What findings that share a judgement row say alike. */
interface Content {
  reason: string
  evidence: Evidence
}

const hashes = new WeakMap<Judgement, Map<string, string>>()

/**
 * A hash of all that a finding says of its resource, by which a judgement row is found. Made once for each judgement object: checks give resources that are
 * configured alike one and the same.
 */
function judgementHash({ keyPoint, checkVersion, severity, judgement }: Finding): string {
  const by = `${keyPoint} ${checkVersion} ${severity}`
  let known = hashes.get(judgement)
  if (!known) hashes.set(judgement, (known = new Map()))
  let hash = known.get(by)
  if (hash === undefined) {
    const unknown = judgement.verdict === 'unknown' ? judgement : undefined
    hash = hashOf({
      keyPoint, checkVersion, severity, verdict: judgement.verdict, reason: judgement.reason, evidence: judgement.evidence ?? {},
      reasonCode: unknown?.reasonCode ?? null, permission: unknown?.permission ?? null,
    })
    known.set(by, hash)
  }
  return hash
}

/** What is to be stored of findings' judgements, by hash. */
export function judgementsOf(findings: readonly Finding[]): Map<string, Content> {
  const judgements = new Map<string, Content>()
  for (const finding of findings) {
    const hash = judgementHash(finding)
    if (!judgements.has(hash)) judgements.set(hash, { reason: finding.judgement.reason, evidence: finding.judgement.evidence ?? {} })
  }
  return judgements
}

/** The row of a finding's judgement, among those stored. */
export function toJudgementId(ids: ReadonlyMap<string, number>): (finding: Finding) => number {
  return (finding) => {
    const id = ids.get(judgementHash(finding))
    if (id === undefined) throw new Error(`the judgement of ${finding.check} on ${finding.resourceId} is not stored`)
    return id
  }
}

/**
 * The ids of judgement rows by hash; what is not stored yet is stored. Called on its own before the transaction that refers to them, so that two parts with the
 * same new judgements do not wait for each other's end, and again within it, under the lock: they may have been pruned in between.
 */
export async function saveJudgements(db: Queryable, estateId: number, judgements: ReadonlyMap<string, Content>): Promise<Map<string, number>> {
  const ids = await findJudgements(db, estateId, [...judgements.keys()])
  // In one order everywhere, so that no two statements wait for each other.
  const missing = [...judgements].filter(([hash]) => !ids.has(hash)).sort(([a], [b]) => (a < b ? -1 : 1))
  if (missing.length === 0) return ids
  for (const batch of batches(missing)) {
    await db.$executeRaw(Prisma.sql`
      insert into judgement (estate_id, hash, reason, evidence)
      select ${estateId}, n.hash, n.reason, n.evidence::jsonb
      from unnest(${batch.map(([hash]) => hash)}::text[], ${batch.map(([, { reason }]) => toText(reason))}::text[],
        ${batch.map(([, { evidence }]) => toJson(evidence))}::text[]) as n(hash, reason, evidence)
      on conflict (estate_id, hash) do nothing`)
  }
  for (const [hash, id] of await findJudgements(db, estateId, missing.map(([hash]) => hash))) ids.set(hash, id)
  return ids
}

async function findJudgements(db: Queryable, estateId: number, hashes: readonly string[]): Promise<Map<string, number>> {
  if (hashes.length === 0) return new Map()
  const rows = await db.$queryRaw<{ hash: string; id: number }[]>(Prisma.sql`
    select hash, id from judgement where estate_id = ${estateId} and hash = any(${[...hashes]}::text[])`)
  return new Map(rows.map(({ hash, id }) => [hash, id]))
}

/** Held by whoever refers to judgement rows, until the end of the transaction: none is pruned meanwhile. */
export async function keepJudgements(tx: Queryable, estateId: number): Promise<void> {
  await tx.$executeRaw(Prisma.sql`select pg_advisory_xact_lock_shared(${estateId}::int, hashtext('judgements'))`)
}

/** Deletes the judgements that no finding refers to. In a transaction of its own. */
export async function pruneJudgements(tx: Queryable, estateId: number): Promise<void> {
  await tx.$executeRaw(Prisma.sql`select pg_advisory_xact_lock(${estateId}::int, hashtext('judgements'))`)
  await tx.$executeRaw(Prisma.sql`
    delete from judgement j where j.estate_id = ${estateId}
      and not exists (select 1 from finding f where f.estate_id = ${estateId} and f.judgement_ref = j.id)`)
}
