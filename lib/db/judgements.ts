import type { Evidence, Finding, Judgement } from '@/lib/domain/finding'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { batches, hashOf, toJson, toText } from './json'

/** What findings that share a judgement row say alike. */
export interface JudgementContent {
  reason: string
  evidence: Evidence
}

export interface ToldJudgements {
  /** What is to be stored, by hash. */
  contents: ReadonlyMap<string, JudgementContent>
  /** The hash of each finding. */
  hashes: ReadonlyMap<Finding, string>
}

type Told = Pick<Finding, 'keyPoint' | 'severity' | 'checkVersion'> & { hash: string }

/** The hashes of judgements, forgotten with them. */
const told = new WeakMap<Judgement, Told[]>()

/**
 * A hash of all that a finding says of its resource. Checks give resources that are configured alike one and the same object, over all subscriptions, which is
 * hashed once for each key point and severity.
 */
function hashOfFinding(finding: Finding): string {
  const { judgement, keyPoint, severity, checkVersion } = finding
  let same = told.get(judgement)
  if (same === undefined) told.set(judgement, (same = []))
  let known = same.find((one) => saysTheSame(one, finding))
  if (known === undefined) same.push((known = { keyPoint, severity, checkVersion, hash: hashOf(contentOf(finding)) }))
  return known.hash
}

/** The judgements of findings, by their hashes. */
export function judgementsOf(findings: readonly Finding[]): ToldJudgements {
  const contents = new Map<string, JudgementContent>()
  const hashes = new Map<Finding, string>()
  for (const finding of findings) {
    const hash = hashOfFinding(finding)
    hashes.set(finding, hash)
    const { reason, evidence = {} } = finding.judgement
    if (!contents.has(hash)) contents.set(hash, { reason, evidence })
  }
  return { contents, hashes }
}

/** For two findings with one judgement object. */
function saysTheSame(a: Told, b: Finding): boolean {
  return a.keyPoint === b.keyPoint && a.severity === b.severity && a.checkVersion === b.checkVersion
}

function contentOf({ keyPoint, checkVersion, severity, judgement }: Finding) {
  const unknown = judgement.verdict === 'unknown' ? judgement : undefined
  return {
    keyPoint, checkVersion, severity, verdict: judgement.verdict, reason: judgement.reason, evidence: judgement.evidence ?? {},
    reasonCode: unknown?.reasonCode ?? null, permission: unknown?.permission ?? null,
  }
}

/**
 * The ids of judgement rows by hash; what is not stored yet is stored. Called on its own before the transaction that refers to them, so that two parts with the
 * same new judgements do not wait for each other's end, and again within it, under the lock: they may have been pruned in between.
 */
export async function saveJudgements(db: Queryable, estateId: number, contents: ToldJudgements['contents']): Promise<Map<string, number>> {
  const ids = await findJudgements(db, estateId, [...contents.keys()])
  // In one order everywhere, so that no two statements wait for each other.
  const missing = [...contents].filter(([hash]) => !ids.has(hash)).sort(([a], [b]) => (a < b ? -1 : 1))
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
