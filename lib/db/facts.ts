import type { ResourceKey } from '@/lib/domain/arm-id'
import type { Collected } from '@/lib/domain/collected'
import type { Fact, FactSource, FactValues } from '@/lib/domain/fact'
import { Prisma } from './generated/client'
import type { Database, Queryable } from './client'
import { absentStatus, factValueSchemas, failureStatus, unreadSchema } from './fact-values'
import { batches, hashOf, jsonBatches, toText } from './json'
import { SharedTexts } from './shared-texts'

export interface SavedFacts {
  /** Read before, with other content. */
  changed: { subject: string; source: FactSource; readSeq: number }[]
  first: number
  unchanged: number
}

/** Stores reads. Content that is the same as before only moves the time of reading. */
export async function saveFacts(db: Queryable, estateId: number, seq: number, facts: readonly Fact[]): Promise<SavedFacts> {
  const latest = new Map(facts.map((fact) => [`${fact.source} ${fact.subject}`, toRow(fact)]))
  const result: SavedFacts = { changed: [], first: 0, unchanged: 0 }
  // One order for all, so that two processes that read the same subjects do not wait for each other in a circle.
  const rows = [...latest.values()].sort((a, b) => (a.subject < b.subject ? -1 : a.subject > b.subject ? 1 : a.source < b.source ? -1 : 1))
  for (const batch of batches(rows)) {
    const known = new Map((await db.$queryRaw<{ subject: string; source: string; hash: string; seq: number }[]>(Prisma.sql`
      select f.subject, f.source, f.hash, f.read_seq as seq from fact f
      join unnest(${batch.map((r) => r.subject)}::text[], ${batch.map((r) => r.source)}::text[]) as k(subject, source)
        on f.subject = k.subject and f.source = k.source
      where f.estate_id = ${estateId}`)).map((row) => [`${row.source} ${row.subject}`, row]))
    const [same, changed] = [true, false].map((same) => batch.filter((r) => (known.get(`${r.source} ${r.subject}`)?.hash === r.hash) === same))
    await touch(db, estateId, seq, same ?? [])
    await upsert(db, estateId, seq, changed ?? [])
    result.unchanged += same?.length ?? 0
    for (const { source, subject } of changed ?? []) {
      const before = known.get(`${source} ${subject}`)
      if (before === undefined) result.first += 1
      else result.changed.push({ subject, source, readSeq: before.seq })
    }
  }
  return result
}

interface FactInput extends Record<string, unknown> {
  subject: string
  source: FactSource
  hash: string
  readAt: string
}

function toRow(fact: Fact): FactInput {
  const { read } = fact
  const status = read.ok ? 'ok' : read.reason
  const content = read.ok ? read.value : { detail: read.detail, status: read.status, code: read.code, action: read.action }
  return {
    subject: toText(fact.subject), source: fact.source, subscriptionId: fact.subscriptionId?.toLowerCase() ?? null, status, content,
    hash: hashOf([status, content]), readAt: fact.readAt,
  }
}

async function touch(db: Queryable, estateId: number, seq: number, rows: readonly FactInput[]): Promise<void> {
  if (rows.length === 0) return
  await db.$executeRaw(Prisma.sql`
    update fact f set read_at = k.read_at, read_seq = greatest(f.read_seq, ${seq})
    from unnest(${rows.map((r) => r.subject)}::text[], ${rows.map((r) => r.source)}::text[], ${rows.map((r) => r.readAt)}::timestamptz[])
      as k(subject, source, read_at)
    where f.estate_id = ${estateId} and f.subject = k.subject and f.source = k.source`)
}

/** A category list may be asked of several resources, by several workers: one that answered counts, whoever was refused another. */
async function upsert(db: Queryable, estateId: number, seq: number, rows: readonly FactInput[]): Promise<void> {
  for (const batch of jsonBatches(rows)) await db.$executeRaw(Prisma.sql`
    insert into fact (estate_id, subject, source, subscription_id, status, content, hash, read_at, changed_at, read_seq)
    select ${estateId}, r.subject, r.source, r."subscriptionId", r.status, r.content, r.hash, r."readAt", r."readAt", ${seq}
    from jsonb_to_recordset(${batch}::jsonb) as r(subject text, source text, "subscriptionId" text, status text, content jsonb,
      hash text, "readAt" timestamptz)
    on conflict (estate_id, subject, source) do update set subscription_id = excluded.subscription_id, status = excluded.status,
      last_content = case when excluded.status in ('ok', 'gone', 'not-supported') then null when fact.status = 'ok' then fact.content else fact.last_content end,
      content = excluded.content, hash = excluded.hash, read_at = excluded.read_at, changed_at = excluded.changed_at, read_seq = greatest(fact.read_seq, excluded.read_seq)
    where not (fact.source = 'log-categories' and fact.read_seq >= excluded.read_seq and fact.status in ('ok', 'not-supported') and excluded.status not in ('ok', 'not-supported'))`)
}

interface FactColumns {
  subject: string
  source: string
  subscription_id: string | null
  status: string
  content: unknown
  read_at: Date
}

/** How facts are taken. */
export interface FactReading {
  /** True: as they were last read well, so that where reading fails now they are what the last good read gave. */
  lastKnown?: boolean
}

/** Some of a subscription's facts, in the order of their subjects. */
export interface FactRange extends FactReading {
  /** Those behind this subject; absent: from the first one. */
  after?: ResourceKey
  /** Those up to this subject; absent: to the last one. */
  upTo?: ResourceKey
}

const factsPerPage = 2_000
/** Behind the name of every source. */
const behindSources = '~'

/**
 * The facts of one subscription; null: those of no subscription (tenant, management groups, category lists). In pages, since rows on their way take several times
 * the room of what is made of them.
 */
export async function loadFacts(db: Queryable, estateId: number, subscriptionId: string | null, { after, upTo, lastKnown }: FactRange = {}): Promise<Fact[]> {
  const scope = subscriptionId === null ? null : `/subscriptions/${subscriptionId.toLowerCase()}`
  // Both ends of the keys are named, so that a page costs as much as it holds, wherever it is in the estate.
  const here = scope === null ? Prisma.sql`subscription_id is null` : Prisma.sql`subscription_id = ${subscriptionId?.toLowerCase()} and subject < ${`${scope}0`}`
  const end = upTo === undefined ? Prisma.sql`true` : Prisma.sql`subject <= ${upTo}`
  const facts: Fact[] = []
  for (let [subject, source]: string[] = after === undefined ? [scope ?? '', ''] : [after, behindSources]; ;) {
    const rows = await db.$queryRaw<FactColumns[]>(Prisma.sql`
      select subject, source, subscription_id, ${readColumns(lastKnown)}, read_at from fact where estate_id = ${estateId} and ${here} and ${end} and (subject, source) > (${subject}, ${source})
      order by subject, source limit ${factsPerPage}`)
    for (const row of rows) {
      const fact = toFact(row)
      if (fact !== null) facts.push(fact)
    }
    const last = rows.at(-1)
    if (last === undefined || rows.length < factsPerPage) return facts
    ;({ subject, source } = last)
  }
}

function readColumns(lastKnown = false): Prisma.Sql {
  return lastKnown ? Prisma.sql`case when last_content is null then status else 'ok' end as status, coalesce(last_content, content) as content` : Prisma.sql`status, content`
}

/** The facts (of one source) about some subjects. */
export async function loadFactsOf(db: Queryable, estateId: number, subjects: readonly ResourceKey[], { source, lastKnown }: FactReading & { source?: FactSource } = {}): Promise<Fact[]> {
  const facts: Fact[] = []
  const ofSource = source === undefined ? Prisma.sql`true` : Prisma.sql`source = ${source}`
  for (const some of batches(subjects)) {
    const rows = await db.$queryRaw<FactColumns[]>(Prisma.sql`
      select subject, source, subscription_id, ${readColumns(lastKnown)}, read_at from fact where estate_id = ${estateId} and subject = any(${some}::text[]) and ${ofSource}`)
    for (const row of rows) {
      const fact = toFact(row)
      if (fact !== null) facts.push(fact)
    }
  }
  return facts
}

/**
 * All facts of one source, over all subscriptions; those read in scan `since` or later. What many subjects have alike is read from the database, and held, once: in one
 * snapshot, since what is stored meanwhile has other hashes.
 */
export async function loadFactsBySource<S extends FactSource>(db: Database, estateId: number, source: S, since = 0): Promise<Fact<S>[]> {
  return db.$transaction(async (tx) => {
    const rows = await tx.$queryRaw<{ subject: string; subscription_id: string | null; hash: string; read_at: Date }[]>(Prisma.sql`
      select subject, subscription_id, hash, read_at from fact where estate_id = ${estateId} and source = ${source} and read_seq >= ${since}`)
    const reads = await readsByHash(tx, estateId, source, rows)
    const shared = new SharedTexts()
    return rows.flatMap(({ subject, subscription_id, hash, read_at }) => {
      const read = reads.get(hash)
      return read === undefined ? [] : [{ subject: toStoredKey(subject), source, subscriptionId: subscription_id && shared.of(subscription_id), read, readAt: read_at.toISOString() }]
    })
  }, { isolationLevel: 'RepeatableRead' })
}

/** The tables of a workspace are a hundred kilobytes and more. */
const contentsPerPage = 100

async function readsByHash<S extends FactSource>(tx: Queryable, estateId: number, source: S, rows: readonly { subject: string; hash: string }[]): Promise<Map<string, Collected<FactValues[S]>>> {
  const reads = new Map<string, Collected<FactValues[S]>>()
  const subjects = new Map(rows.map(({ subject, hash }) => [hash, subject]))
  for (const some of batches([...subjects.values()], contentsPerPage)) {
    const contents = await tx.$queryRaw<{ hash: string; status: string; content: unknown }[]>(Prisma.sql`
      select hash, status, content from fact where estate_id = ${estateId} and source = ${source} and subject = any(${some}::text[])`)
    for (const { hash, status, content } of contents) {
      const read = toRead(source, status, content)
      if (read !== null) reads.set(hash, read)
    }
  }
  return reads
}

function toFact(row: FactColumns): Fact | null {
  if (!isSource(row.source)) return null
  const read = toRead(row.source, row.status, row.content)
  if (read === null) return null
  return { subject: toStoredKey(row.subject), source: row.source, subscriptionId: row.subscription_id, read, readAt: row.read_at.toISOString() }
}

function isSource(source: string): source is FactSource {
  return source in factValueSchemas
}

/** Subjects are stored as the keys they were. */
function toStoredKey(subject: string): ResourceKey {
  return subject as ResourceKey
}

function toRead<S extends FactSource>(source: S, status: string, content: unknown): Collected<FactValues[S]> | null {
  if (status === 'ok') {
    const value = factValueSchemas[source].safeParse(content)
    return value.success ? { ok: true, value: value.data } : null
  }
  const unread = unreadSchema.safeParse(content)
  if (!unread.success) return null
  const absent = absentStatus.safeParse(status)
  if (absent.success) return { ok: false, reason: absent.data, ...unread.data, action: null }
  const failure = failureStatus.safeParse(status)
  return failure.success ? { ok: false, reason: failure.data, ...unread.data } : null
}
