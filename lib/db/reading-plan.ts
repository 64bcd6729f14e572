import type { ResourceKey } from '@/lib/domain/arm-id'
import { circuitOpenCode } from '@/lib/domain/collected'
import type { FactSource } from '@/lib/domain/fact'
import type { ReasonCode } from '@/lib/domain/verdict'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { batches } from './json'
import { keysUnder, scopeTypes } from './resources'

/** What must be known of a resource to read its evidence. */
export interface ReadTarget {
  id: string
  type: string
  kind: string | null
  location: string
}

export interface PlanQuery {
  estateId: number
  subscriptionId: string
  source: FactSource
  /** Reads of this scan (its seq) or a later one count as done; 1: whatever was read and not forgotten since. */
  since: number
  /** Only these types; absent: all. */
  types?: readonly string[]
}

const targetsPerPage = 200

/**
 * A subscription's present resources whose source was not read since, in pages by id. A read that failed (refused, throttled, no answer) or found the resource
 * gone counts as done in its own scan alone.
 */
export async function* unreadResources(db: Queryable, { estateId, subscriptionId, source, since, types }: PlanQuery): AsyncGenerator<ReadTarget[]> {
  const ofTypes = types === undefined ? Prisma.sql`r.type <> all(${Object.values(scopeTypes)}::text[])` : Prisma.sql`r.type = any(${[...types]}::text[])`
  for (let after = ''; ;) {
    const rows = await db.$queryRaw<{ key: string; id: string; type: string; kind: string | null; location: string }[]>(Prisma.sql`
      select r.key, r.resource_id as id, r.type, r.kind, r.location
      from resource r left join fact f on f.estate_id = r.estate_id and f.subject = r.key and f.source = ${source} and f.read_seq >= ${since}
      where r.estate_id = ${estateId} and r.subscription_id = ${subscriptionId.toLowerCase()} and r.gone_seq is null and ${keysUnder(subscriptionId, after)} and ${ofTypes}
        and f.subject is null
      order by r.key limit ${targetsPerPage}`)
    const last = rows.at(-1)
    if (last === undefined) return
    yield rows.map(({ id, type, kind, location }) => ({ id, type, kind, location }))
    after = last.key
  }
}

/** Of each type, region and kind among a subscription's present resources whose source was read since, one resource. */
export async function kindsRead(db: Queryable, { estateId, subscriptionId, source, since }: Omit<PlanQuery, 'types'>): Promise<ReadTarget[]> {
  return db.$queryRaw<ReadTarget[]>(Prisma.sql`
    select distinct on (r.type, r.location, r.kind) r.resource_id as id, r.type, r.kind, r.location
    from resource r join fact f on f.estate_id = r.estate_id and f.subject = r.key and f.source = ${source} and f.read_seq >= ${since} and f.status = 'ok'
    where r.estate_id = ${estateId} and r.subscription_id = ${subscriptionId.toLowerCase()} and r.gone_seq is null and r.type <> all(${Object.values(scopeTypes)}::text[])
    order by r.type, r.location, r.kind, r.key`)
}

/** Takes reads of before this scan back, so that an incremental scan reads them again; their content stays until then. */
export async function forgetReads(db: Queryable, estateId: number, seq: number, reads: readonly { subject: ResourceKey; source: FactSource }[]): Promise<void> {
  if (reads.length === 0) return
  await db.$executeRaw(Prisma.sql`
    update fact f set read_seq = 0
    from unnest(${reads.map((read) => read.subject)}::text[], ${reads.map((read) => read.source)}::text[]) as k(subject, source)
    where f.estate_id = ${estateId} and f.subject = k.subject and f.source = k.source and f.read_seq < ${seq}`)
}

const scopesPerStatement = 50

/** Takes back every read (of some sources) of before this scan of these subjects and of all that lies below them: they may be others by now, or out of sight. */
export async function forgetBelow(db: Queryable, estateId: number, seq: number, subjects: readonly ResourceKey[], sources?: readonly FactSource[]): Promise<void> {
  const ofSources = sources === undefined ? Prisma.sql`true` : Prisma.sql`f.source = any(${[...sources]}::text[])`
  for (const scopes of batches([...new Set(subjects)], scopesPerStatement)) {
    await db.$executeRaw(Prisma.sql`
      update fact f set read_seq = 0 where f.estate_id = ${estateId} and f.read_seq between 1 and ${seq - 1} and ${ofSources} and ${isWithin(scopes)}`)
  }
}

/**
 * A fact `f` of one of some scopes or of what lies below it, as ranges of keys (`0` follows `/`). Written out, so that the planner knows how few rows each holds: joined
 * to a table of scopes, a range counts as a ninth of all facts.
 */
function isWithin(scopes: readonly ResourceKey[]): Prisma.Sql {
  return Prisma.sql`(${Prisma.join(scopes.map((scope) => Prisma.sql`f.subject = ${scope} or (f.subject > ${`${scope}/`} and f.subject < ${`${scope}0`})`), ' or ')})`
}

/** A source of a subject. */
export interface ReadKey {
  subject: ResourceKey
  source: FactSource
}

/**
 * Takes back the reads of before this scan, of a subscription's own evidence, that came to no answer; the audit of a SQL database is read with its server's, which
 * is taken back too. What was refused is refused for a resource group or more, so that of the reads that one group refused alike only the oldest is taken back, to
 * try, and all of those below the scopes where access was `granted` since. One of a `logging` type comes first: of the others it may turn out that they are not read
 * at all. Returns what is tried.
 * @param chosen an earlier attempt at the scan has chosen what to try: no more is, but for what access was granted to.
 */
export async function forgetFailedReads(db: Queryable, estateId: number, seq: number, subscriptionId: string, { granted = [], logging = [], chosen = false }: {
  granted?: readonly ResourceKey[]
  logging?: readonly string[]
  chosen?: boolean
} = {}): Promise<ReadKey[]> {
  const rows = await db.$queryRaw<{ subject: string; source: FactSource; status: string }[]>(Prisma.sql`
    with failed as (
      select f.subject, f.source, f.status,
        row_number() over (partition by f.status, f.source, f.content->>'code', ${groupOf('f.subject')}
          order by (r.type = any(${[...logging]}::text[])) desc nulls first, f.read_seq, f.subject) as turn
      from fact f left join resource r on r.estate_id = f.estate_id and r.key = f.subject
      where f.estate_id = ${estateId} and f.subscription_id = ${subscriptionId.toLowerCase()} and f.status not in ('ok', 'not-supported') and f.read_seq > 0 and f.read_seq < ${seq}
        -- What is gone is not read, so that nothing could be learned from trying it.
        and r.gone_seq is null
    )
    update fact f set read_seq = 0 from failed
    where f.estate_id = ${estateId} and f.subject = failed.subject and f.source = failed.source and (failed.status <> 'permission-denied' or (failed.turn = 1 and not ${chosen})
      or exists (select 1 from unnest(${[...new Set(granted)]}::text[]) as g(scope) where f.subject = g.scope or starts_with(f.subject, g.scope || '/')))
    returning f.subject, f.source, f.status`)
  await forgetServersOfDatabases(db, estateId, seq, subscriptionId)
  return rows.filter(({ status }) => status === 'permission-denied').map(({ subject, source }) => ({ subject: toStoredKey(subject), source }))
}

/** Takes back what else was refused in the resource groups where a `tried` read is refused no longer. Returns how many. */
export async function forgetRefusedBeside(db: Queryable, estateId: number, seq: number, subscriptionId: string, tried: readonly ReadKey[]): Promise<number> {
  if (tried.length === 0) return 0
  const count = await db.$executeRaw(Prisma.sql`
    update fact f set read_seq = 0
    from fact t join unnest(${tried.map(({ subject }) => subject)}::text[], ${tried.map(({ source }) => source)}::text[]) as k(subject, source)
      on t.subject = k.subject and t.source = k.source
    where t.estate_id = ${estateId} and t.status in ('ok', 'not-supported', 'gone') and f.estate_id = ${estateId} and f.subscription_id = ${subscriptionId.toLowerCase()}
      and f.source = t.source and f.status = 'permission-denied' and f.read_seq > 0 and f.read_seq < ${seq} and ${groupOf('f.subject')} = ${groupOf('t.subject')}`)
  if (count > 0) await forgetServersOfDatabases(db, estateId, seq, subscriptionId)
  return count
}

/** A read that tells whether a source can still be read at and below a scope. */
export interface SightTry extends ReadKey {
  scope: ResourceKey
}

/**
 * Takes back, below each scope, the oldest good read of each of some sources of before this scan, to see whether it is refused by now. Returns what is tried. Of the audits of SQL
 * that is a server's, with which those of its databases are read.
 */
export async function forgetOneBelow(db: Queryable, estateId: number, seq: number, scopes: readonly ResourceKey[], sources: readonly FactSource[]): Promise<SightTry[]> {
  const tried: SightTry[] = []
  for (const scope of new Set(scopes)) {
    const rows = await db.$queryRaw<{ subject: string; source: FactSource }[]>(Prisma.sql`
      update fact u set read_seq = 0
      from unnest(${[...sources]}::text[]) as s(source) cross join lateral (
        select f.subject from fact f
        where f.estate_id = ${estateId} and ${isWithin([scope])} and f.source = s.source and f.status = 'ok' and f.read_seq between 1 and ${seq - 1}
          and not (s.source = 'sql-auditing' and f.subject like '%/databases/%')
          -- What is gone is not read. One look at a time: a join might go through all resources of the estate.
          and (select r.gone_seq is null from resource r where r.estate_id = ${estateId} and r.key = f.subject)
        order by f.read_seq, f.subject limit 1) oldest
      where u.estate_id = ${estateId} and u.subject = oldest.subject and u.source = s.source
      returning u.subject, u.source`)
    for (const { subject, source } of rows) tried.push({ scope, subject: toStoredKey(subject), source })
  }
  return tried
}

/**
 * Takes back the good reads of those of some sources below the scopes where a `tried` one is refused now: where it is the diagnostic settings, of them all. Returns how many.
 */
export async function forgetBelowRefused(db: Queryable, estateId: number, seq: number, subscriptionId: string, tried: readonly SightTry[], sources: readonly FactSource[]): Promise<number> {
  const refused = new Set((await db.fact.findMany({
    where: { estateId, subject: { in: tried.map(({ subject }) => subject) }, status: 'permission-denied', readSeq: { gte: seq } }, select: { subject: true, source: true },
  })).map(({ subject, source }) => `${source} ${subject}`))
  const lost = tried.filter(({ subject, source }) => refused.has(`${source} ${subject}`))
  let count = 0
  for (const source of sources) {
    const below = new Set(lost.filter((each) => each.source === source || each.source === 'diagnostic-settings').map(({ scope }) => scope))
    for (const scopes of batches([...below], scopesPerStatement)) {
      count += await db.$executeRaw(Prisma.sql`
        update fact f set read_seq = 0
        where f.estate_id = ${estateId} and f.source = ${source} and f.status = 'ok' and f.read_seq between 1 and ${seq - 1} and ${isWithin(scopes)}`)
    }
  }
  if (count > 0) await forgetServersOfDatabases(db, estateId, seq, subscriptionId)
  return count
}

/** Takes back what a scan that read all that is in use of some sources in some subscriptions has not read: whatever uses it later has it read again. */
export async function forgetUnused(db: Queryable, estateId: number, seq: number, subscriptionIds: readonly string[], sources: readonly FactSource[]): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update fact set read_seq = 0 where estate_id = ${estateId} and source = any(${[...sources]}::text[]) and read_seq between 1 and ${seq - 1}
      and subscription_id = any(${subscriptionIds.map((id) => id.toLowerCase())}::text[])`)
}

async function forgetServersOfDatabases(db: Queryable, estateId: number, seq: number, subscriptionId: string): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    update fact s set read_seq = 0 from fact d
    where d.estate_id = ${estateId} and d.subscription_id = ${subscriptionId.toLowerCase()} and d.source = 'sql-auditing' and d.read_seq = 0 and d.subject like '%/databases/%'
      and s.estate_id = ${estateId} and s.source = 'sql-auditing' and s.subject = regexp_replace(d.subject, '/databases/[^/]+$', '') and s.read_seq < ${seq}`)
}

/** Takes back what a scan that goes on left out because a circuit breaker was open, so that its parts are read again; the audit of a SQL server with that of its database. */
export async function forgetNotAsked(db: Queryable, estateId: number, seq: number): Promise<void> {
  await db.$executeRaw(Prisma.sql`
    with left_out as (
      select subject, source, subscription_id from fact
      where estate_id = ${estateId} and read_seq >= ${seq} and status = 'api-error' and content->>'code' = ${circuitOpenCode}
    ), parts as (
      update scan_part set read_at = null where scan_seq = ${seq} and subscription_id in (select subscription_id from left_out)
    ), unread as (
      select subject, source from left_out
      union select regexp_replace(subject, '/databases/[^/]+$', ''), source from left_out where source = 'sql-auditing'
    )
    update fact f set read_seq = 0 from unread where f.estate_id = ${estateId} and f.subject = unread.subject and f.source = unread.source`)
}

/** The resource group of a key; empty outside of any. */
function groupOf(column: 'f.subject' | 't.subject'): Prisma.Sql {
  return Prisma.sql`coalesce(substring(${Prisma.raw(column)} from '^/subscriptions/[^/]+/resourcegroups/[^/]+'), '')`
}

/** Keys are stored as they are made. */
function toStoredKey(key: string): ResourceKey {
  return key as ResourceKey
}

/** Subjects with a good read of a source since a scan, as `source subject`. */
export async function keptReads(db: Queryable, estateId: number, sources: readonly FactSource[], since: number): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ key: string }[]>(Prisma.sql`
    select source || ' ' || subject as key from fact
    where estate_id = ${estateId} and source = any(${[...sources]}::text[]) and status in ('ok', 'not-supported') and read_seq >= ${since}`)
  return new Set(rows.map(({ key }) => key))
}

/** The sources of one subject that were read since a scan, whatever came of it. */
export async function sourcesRead(db: Queryable, estateId: number, subject: ResourceKey, since: number): Promise<Set<string>> {
  const rows = await db.$queryRaw<{ source: string }[]>(Prisma.sql`
    select source from fact where estate_id = ${estateId} and subject = ${subject} and read_seq >= ${since}`)
  return new Set(rows.map(({ source }) => source))
}

/**
 * Failed reads of some sources in one subscription that stand since a scan (1: whatever was not forgotten since), counted by reason and refused action;
 * `notAsked`: those that a circuit breaker left out.
 */
export async function failedReads(
  db: Queryable, estateId: number, since: number, subscriptionId: string, sources: readonly FactSource[],
): Promise<{ reason: ReasonCode; action: string | null; notAsked: boolean; count: number }[]> {
  return db.$queryRaw(Prisma.sql`
    select f.status as reason, f.content->>'action' as action, coalesce(f.content->>'code' = ${circuitOpenCode}, false) as "notAsked", count(*)::int as count
    from fact f left join resource r on r.estate_id = f.estate_id and r.key = f.subject
    where f.estate_id = ${estateId} and f.subscription_id = ${subscriptionId.toLowerCase()} and f.source = any(${[...sources]}::text[])
      and f.read_seq >= ${since} and f.status not in ('ok', 'gone', 'not-supported') and r.gone_seq is null
    group by 1, 2, 3 order by 4 desc, 1, 2, 3`)
}

/**
 * The workspaces that stored diagnostic settings of one type of resource, or of its parts, name.
 * @param type a top-level type in lower case, for example `microsoft.sql/managedinstances`.
 */
export async function workspacesNamedBy(db: Queryable, estateId: number, type: string): Promise<string[]> {
  const rows = await db.$queryRaw<{ id: string }[]>(Prisma.sql`
    select distinct s->>'workspaceId' as id
    from fact f cross join lateral jsonb_array_elements(f.content) s
    where f.estate_id = ${estateId} and f.source = 'diagnostic-settings' and f.status = 'ok'
      and f.subject like ${`%/providers/${type}/%`} and s->>'workspaceId' is not null`)
  return rows.map(({ id }) => id)
}

/** Endpoints of the storage accounts that SQL audits which are on name, as they wrote them: `https://acct.blob.core.windows.net/`. */
export async function auditedStorage(db: Queryable, estateId: number): Promise<string[]> {
  const rows = await db.$queryRaw<{ endpoint: string }[]>(Prisma.sql`
    select distinct content->>'storageEndpoint' as endpoint from fact
    where estate_id = ${estateId} and source = 'sql-auditing' and status = 'ok' and content->>'state' = 'Enabled' and content->>'storageEndpoint' is not null`)
  return rows.map(({ endpoint }) => endpoint)
}

/** The destinations that stored diagnostic settings of the whole estate name, as they wrote them; of event hubs the rules that they sign in with. */
export async function referencedDestinations(db: Queryable, estateId: number): Promise<{ workspaces: string[]; storageAccounts: string[]; hubRules: string[] }> {
  const [row] = await db.$queryRaw<{ workspaces: string[] | null; accounts: string[] | null; hubs: string[] | null }[]>(Prisma.sql`
    select array_agg(distinct s->>'workspaceId') filter (where s->>'workspaceId' is not null) as workspaces,
      array_agg(distinct s->>'storageAccountId') filter (where s->>'storageAccountId' is not null) as accounts,
      array_agg(distinct s->>'eventHubAuthorizationRuleId') filter (where s->>'eventHubAuthorizationRuleId' is not null) as hubs
    from fact f cross join lateral jsonb_array_elements(f.content) s
    where f.estate_id = ${estateId} and f.source = 'diagnostic-settings' and f.status = 'ok'`)
  return { workspaces: row?.workspaces ?? [], storageAccounts: row?.accounts ?? [], hubRules: row?.hubs ?? [] }
}
