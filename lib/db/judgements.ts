import type { Evidence, Finding, Judgement } from '@/lib/domain/finding'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { ints, texts } from './columns'
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
    checkVersion, evidence: judgement.evidence ?? {}, keyPoint, permission: unknown?.permission ?? null, reason: judgement.reason,
    reasonCode: unknown?.reasonCode ?? null, severity, verdict: judgement.verdict,
  }
}

/** A judgement as it is stored. */
export interface JudgementRow {
  id: number
  /** The database's hash of the reason. */
  reasonKey: number
}

/** Judgement rows of one estate by hash, as far as one process has stored or found them; they may have been pruned since. */
export class KnownJudgements {
  private readonly rows = new Map<string, JudgementRow>()

  /** Where more are to be known, all are forgotten first, so that memory does not grow with the estate. */
  constructor(private readonly most = 20_000) {}

  get(hash: string): JudgementRow | undefined {
    return this.rows.get(hash)
  }

  keep(found: ReadonlyMap<string, JudgementRow>): void {
    if (this.rows.size + found.size > this.most) this.rows.clear()
    for (const [hash, row] of found) this.rows.set(hash, row)
  }
}

/**
 * The judgement rows by hash; what is not stored yet is stored. Called on its own before the transaction that refers to them, so that two parts with the same new
 * judgements do not wait for each other's end; within it, under the lock, `areStored` tells whether they have been pruned in between.
 */
export async function saveJudgements(db: Queryable, estateId: number, contents: ToldJudgements['contents'], known = new KnownJudgements()): Promise<Map<string, JudgementRow>> {
  const rows = new Map<string, JudgementRow>()
  const unknown: string[] = []
  for (const hash of contents.keys()) {
    const row = known.get(hash)
    if (row === undefined) unknown.push(hash)
    else rows.set(hash, row)
  }
  const found = await findJudgements(db, estateId, unknown)
  // In one order everywhere, so that no two statements wait for each other.
  const missing = unknown.filter((hash) => !found.has(hash)).sort()
  for (const batch of batches(missing)) {
    const content = batch.map((hash) => contents.get(hash))
    await db.$executeRaw(Prisma.sql`
      insert into judgement (estate_id, hash, reason, evidence)
      select ${estateId}, n.hash, n.reason, n.evidence::jsonb
      from unnest(${texts(batch)}, ${texts(content.map((one) => toText(one?.reason ?? '')))}, ${texts(content.map((one) => toJson(one?.evidence ?? {})))}) as n(hash, reason, evidence)
      on conflict (estate_id, hash) do nothing`)
  }
  for (const [hash, row] of await findJudgements(db, estateId, missing)) found.set(hash, row)
  known.keep(found)
  for (const [hash, row] of found) rows.set(hash, row)
  return rows
}

async function findJudgements(db: Queryable, estateId: number, hashes: readonly string[]): Promise<Map<string, JudgementRow>> {
  if (hashes.length === 0) return new Map()
  const rows = await db.$queryRaw<(JudgementRow & { hash: string })[]>(Prisma.sql`
    select hash, id, hashtext(reason) as "reasonKey" from judgement where estate_id = ${estateId} and hash = any(${texts(hashes)})`)
  return new Map(rows.map(({ hash, id, reasonKey }) => [hash, { id, reasonKey }]))
}

/** Whether all of these rows are there. */
export async function areStored(tx: Queryable, rows: Iterable<JudgementRow>): Promise<boolean> {
  const ids = new Set<number>()
  for (const { id } of rows) ids.add(id)
  const [stored] = await tx.$queryRaw<{ count: number }[]>(Prisma.sql`select count(*)::int as count from judgement where id = any(${ints([...ids])})`)
  return stored?.count === ids.size
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
