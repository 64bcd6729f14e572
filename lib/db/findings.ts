import { toResourceKey } from '@/lib/domain/arm-id'
import type { Finding } from '@/lib/domain/finding'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { pairsOf, writeIntervals, type FoundByResource, type Part, type StoredFindings } from './finding-intervals'
import { ints, texts } from './columns'
import { batches, hashOf, inOrder, toText } from './json'
import { areStored, judgementsOf, keepJudgements, KnownJudgements, saveJudgements, type JudgementContent, type JudgementRow, type ToldJudgements } from './judgements'
import { writePostures } from './posture-rows'
import { PartTally, writePartRollup, writePartTurnover } from './rollups'
import { writeTransitions } from './transitions'

/** What one scan found in one part, some resources at a time: each with all of its findings. */
export type FindingSlices = Iterable<readonly Finding[]> | AsyncIterable<readonly Finding[]>

/**
 * Stores what one scan found in one subscription (null: management groups and the tenant), a slice in one transaction. Resources that are found as they were
 * found before write nothing, what is no longer found ends with this scan, and storing the same part again, also after an attempt that stopped between two slices,
 * leaves everything as it is. The resources must be stored before.
 * @param known shared by the parts of an estate that are stored together.
 */
export async function storeFindings(
  db: Database, estateId: number, seq: number, subscriptionId: string | null, slices: FindingSlices, known = new KnownJudgements(),
): Promise<StoredFindings> {
  const part: Part = { estateId, seq, subscription: subscriptionId?.toLowerCase() ?? null }
  const wasJudged = await wasJudgedBefore(db, part)
  const stored: StoredFindings = { opened: 0, closed: 0, changed: 0, unchanged: 0 }
  const judged = new Set<number>()
  const tally = new PartTally()
  for await (const findings of slices) {
    const slice = toSlice(findings)
    for (const checks of slice.byKey.values()) for (const finding of checks.values()) tally.add(finding)
    add(stored, await storeSlice({ db, part, known, judged, wasJudged }, slice))
  }
  await db.$transaction(async (tx) => {
    await lockPart(tx, part)
    const left = (await resourcesWithFindings(tx, part)).filter((id) => !judged.has(id))
    // A changed policy may leave nothing to be found of many.
    for (const some of batches(left)) add(stored, await writeFound(tx, part, { found: new Map(some.map((id) => [id, new Map()])), hashes: new Map(), judgementOf: () => undefined }, wasJudged))
    if (wasJudged) await writePartTurnover(tx, seq, part.subscription)
    await writePartRollup(tx, seq, part.subscription, tally)
  })
  return stored
}

function add(sum: StoredFindings, more: StoredFindings): void {
  sum.opened += more.opened
  sum.closed += more.closed
  sum.changed += more.changed
  sum.unchanged += more.unchanged
}

/** Whoever writes findings of a part waits for whoever does so already. */
async function lockPart(tx: Queryable, { estateId, subscription }: Part): Promise<void> {
  await tx.$executeRaw(Prisma.sql`select pg_advisory_xact_lock(${estateId}::int, hashtext(${`findings ${subscription ?? ''}`}))`)
}

function inPart({ estateId, subscription }: Part): Prisma.Sql {
  return Prisma.sql`estate_id = ${estateId} and ${subscription === null ? Prisma.sql`subscription_id is null` : Prisma.sql`subscription_id = ${subscription}`}`
}

/** Whether an earlier scan judged the part: what is found then is a change. */
async function wasJudgedBefore(db: Queryable, part: Part): Promise<boolean> {
  const key = part.subscription ?? ''
  const [row] = await db.$queryRaw<{ judged: boolean }[]>(Prisma.sql`
    select exists (select 1 from finding where ${inPart(part)} and to_seq is null and from_seq < ${part.seq})
      or exists (select 1 from scan s where s.estate_id = ${part.estateId} and s.seq < ${part.seq} and (
        exists (select 1 from rollup where scan_seq = s.seq and dimension = 'subscription' and key = ${key})
        or exists (select 1 from scan_part where scan_seq = s.seq and subscription_id = ${key} and status in ('succeeded', 'partial')))) as judged`)
  return row?.judged ?? false
}

interface Slice {
  /** By resource key and check; of two about the same pair the later counts. */
  byKey: ReadonlyMap<string, ReadonlyMap<string, Finding>>
  told: ToldJudgements
}

function toSlice(findings: readonly Finding[]): Slice {
  const byKey = new Map<string, Map<string, Finding>>()
  for (const finding of findings) {
    const key = toText(toResourceKey(finding.resourceId))
    const checks = byKey.get(key) ?? new Map<string, Finding>()
    byKey.set(key, checks)
    checks.set(finding.check, finding)
  }
  return { byKey, told: judgementsOf(findings) }
}

/** What is to be written of resources. */
interface Found {
  found: FoundByResource
  /** By resource, of all its findings; absent: nothing is found of it. */
  hashes: ReadonlyMap<number, string>
  judgementOf: (finding: Finding) => JudgementRow | undefined
}

interface Storing {
  db: Database
  part: Part
  known: KnownJudgements
  /** Resources that were stored before, as rows. */
  judged: Set<number>
  wasJudged: boolean
}

async function storeSlice({ db, part, known, judged, wasJudged }: Storing, slice: Slice): Promise<StoredFindings> {
  const { changed, unchanged } = await changedOf(db, part, slice)
  for (const ids of [changed.found.keys(), unchanged.keys()]) {
    for (const id of ids) {
      if (judged.has(id)) throw new Error('the findings of one resource came in two slices')
      judged.add(id)
    }
  }
  const same = countOf(unchanged)
  if (changed.found.size === 0) return { opened: 0, closed: 0, changed: 0, unchanged: same }
  const { hashes } = slice.told
  const needed = contentsOf(changed.found, slice.told)
  const saved = await saveJudgements(db, part.estateId, needed, known)
  return db.$transaction(async (tx) => {
    await lockPart(tx, part)
    await keepJudgements(tx, part.estateId)
    const now = await stillChanged(tx, changed)
    const rows = (await areStored(tx, saved.values())) ? saved : await saveJudgements(tx, part.estateId, needed)
    const result = await writeFound(tx, part, { ...now, judgementOf: (finding) => rows.get(hashes.get(finding) ?? '') }, wasJudged)
    return { ...result, unchanged: result.unchanged + same + countOf(changed.found) - countOf(now.found) }
  })
}

function countOf(found: FoundByResource): number {
  return found.values().reduce((sum, checks) => sum + checks.size, 0)
}

type Changed = Omit<Found, 'judgementOf'>

/** The resources of a slice that are found otherwise than they are stored, and the rest. */
async function changedOf(db: Queryable, part: Part, { byKey, told }: Slice): Promise<{ changed: Changed; unchanged: FoundByResource }> {
  const rows = await db.$queryRaw<{ id: number; key: string; hash: string | null }[]>(Prisma.sql`
    select id, key, findings_hash as hash from resource where key = any(${texts([...byKey.keys()])}) and ${inPart(part)} and gone_seq is null`)
  const stored = new Map(rows.map((row) => [row.key, row]))
  const [found, hashes, unchanged] = [new Map<number, ReadonlyMap<string, Finding>>(), new Map<number, string>(), new Map<number, ReadonlyMap<string, Finding>>()]
  for (const [key, checks] of byKey) {
    const row = stored.get(key)
    if (row === undefined) throw new Error(`a finding of ${[...checks.keys()].join(', ')} is about ${key}, which is not stored in its subscription`)
    const hash = findingsHash(checks, told)
    if (row.hash === hash) unchanged.set(row.id, checks)
    else {
      found.set(row.id, checks)
      hashes.set(row.id, hash)
    }
  }
  return { changed: { found, hashes }, unchanged }
}

/** Those of the changed that nobody has stored alike since they were looked up. */
async function stillChanged(tx: Queryable, { found, hashes }: Changed): Promise<Changed> {
  const rows = await tx.$queryRaw<{ id: number; hash: string | null }[]>(Prisma.sql`
    select id, findings_hash as hash from resource where id = any(${ints([...found.keys()])}) and gone_seq is null`)
  if (rows.length < found.size) throw new Error('a resource was taken out of the inventory while its findings were stored')
  const alike = new Set(rows.filter(({ id, hash }) => hash === hashes.get(id)).map(({ id }) => id))
  return alike.size === 0 ? { found, hashes } : { found: new Map([...found].filter(([id]) => !alike.has(id))), hashes }
}

/** Of all that is found of one resource. */
function findingsHash(checks: ReadonlyMap<string, Finding>, { hashes }: ToldJudgements): string {
  return hashOf(inOrder(Array.from(checks, ([check, finding]) => `${check} ${hashes.get(finding) ?? ''}`)))
}

/** The judgements that these findings refer to. */
function contentsOf(found: FoundByResource, { contents, hashes }: ToldJudgements): ToldJudgements['contents'] {
  const needed = new Map<string, JudgementContent>()
  for (const checks of found.values()) {
    for (const finding of checks.values()) {
      const hash = hashes.get(finding) ?? ''
      const content = contents.get(hash)
      if (content !== undefined) needed.set(hash, content)
    }
  }
  return needed
}

/** Writes intervals, what changed by them, and standings. */
async function writeFound(tx: Queryable, part: Part, { found, hashes, judgementOf }: Found, wasJudged: boolean): Promise<StoredFindings> {
  const { result, changes } = await writeIntervals(tx, part, found, judgementOf)
  if (wasJudged) await writeTransitions(tx, part.estateId, part.seq, pairsOf(changes))
  await writePostures(tx, found, hashes)
  return result
}

/** Rows of the part's resources that are there and were found something of. */
async function resourcesWithFindings(tx: Queryable, part: Part): Promise<number[]> {
  const rows = await tx.$queryRaw<{ id: number }[]>(Prisma.sql`select id from resource where ${inPart(part)} and gone_seq is null and findings > 0`)
  return rows.map(({ id }) => id)
}
