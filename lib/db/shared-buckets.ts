import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { z } from 'zod'
import type { BucketSize, Lease, SharedBuckets } from '@/lib/domain/shared-buckets'
import { KeypointError } from '@/lib/errors'
import { connectOnce, isDatabaseLost, placeOf, toUnavailable } from './connection'

const channel = 'keypoint_pause'
const pauseSchema = z.object({ principal: z.string(), bucket: z.string(), ms: z.number() })

/** The rate after a refusal, the least share of the usual rate, and how it grows again with each token. */
const slowdown = 0.75
const leastShare = 0.1
const recovery = 1.002
/** Whoever took the last tokens for so long is alone. */
const aloneAfterSeconds = 1

/**
 * Takes tokens by moving the time at which the bucket is full; by the database's clock, in one statement, so that any number of processes take turns.
 * $5 tokens to take, $6 tokens given back, $7 who takes them.
 */
const leaseStatement = `
  insert into rate_bucket as b (principal, bucket, full_at, per_second, holder, held_since)
  values ($1, $2, now() + make_interval(secs => $5::float8 / $4::float8), $4::float8, $7::uuid, now())
  on conflict (principal, bucket) do update set
    per_second = least($4::float8, b.per_second * ${recovery} ^ $5::float8),
    full_at = greatest(now(), b.full_at - make_interval(secs => $6::float8 / b.per_second))
      + make_interval(secs => $5::float8 / least($4::float8, b.per_second * ${recovery} ^ $5::float8)),
    holder = $7::uuid,
    held_since = case when b.holder = $7::uuid then b.held_since else now() end
  returning extract(epoch from full_at - now())::float8 - ($3::float8 + $5::float8 - 1) / per_second as first_in, per_second,
    held_since < now() - interval '${aloneAfterSeconds} second' as alone`

/** $5 seconds, $6 whether Azure refused a request. The refusals of one pause slow the bucket down once. */
const pauseStatement = `
  with asked as (select $1::text principal, $2::text bucket, $3::float8 burst, $4::float8 rate, now() + make_interval(secs => $5::float8) as until, $6::boolean as slower),
  paused as (
    insert into rate_bucket as b (principal, bucket, full_at, per_second, paused_until)
    select principal, bucket, until + make_interval(secs => burst / rate), case when slower then rate * ${slowdown} else rate end, until from asked
    on conflict (principal, bucket) do update set
      per_second = case when $6::boolean and coalesce(b.paused_until, '-infinity') < now() then greatest(b.per_second * ${slowdown}, $4::float8 * ${leastShare}) else b.per_second end,
      paused_until = greatest(b.paused_until, excluded.paused_until),
      full_at = greatest(b.full_at, excluded.paused_until + make_interval(secs => $3::float8 /
        case when $6::boolean and coalesce(b.paused_until, '-infinity') < now() then greatest(b.per_second * ${slowdown}, $4::float8 * ${leastShare}) else b.per_second end))
    returning extract(epoch from paused_until - now())::float8 * 1000 as ms
  )
  select pg_notify('${channel}', json_build_object('principal', $1::text, 'bucket', $2::text, 'ms', ms)::text) from paused`

/** $5 tokens that are left at most. */
const leaveStatement = `
  update rate_bucket set full_at = greatest(full_at, now() + make_interval(secs => ($3::float8 - $5::float8) / per_second))
  where principal = $1 and bucket = $2 and $4::float8 > 0`

/** The buckets of a principal in the database. The caller ends their connection with `close()`. */
export function openSharedBuckets(url: string, principal: string): SharedBuckets & { close(): Promise<void> } {
  return new DatabaseBuckets(url, principal)
}

class DatabaseBuckets implements SharedBuckets {
  private readonly holder = randomUUID()
  private readonly listeners: ((bucket: string, ms: number) => void)[] = []
  private client: Promise<pg.Client> | null = null
  private last: Promise<unknown> = Promise.resolve()

  constructor(private readonly url: string, private readonly principal: string) {}

  async lease(bucket: string, size: BucketSize, count: number, unused: number): Promise<Lease> {
    const [row] = await this.query<{ first_in: number; per_second: number; alone: boolean }>('lease', leaseStatement, bucket, size, [count, unused, this.holder])
    if (row === undefined) throw new Error('an upsert returned no row')
    return { firstInMs: row.first_in * 1000, spacingMs: 1000 / row.per_second, alone: row.alone }
  }

  async pause(bucket: string, size: BucketSize, ms: number, slower: boolean): Promise<void> {
    await this.query('pause', pauseStatement, bucket, size, [ms / 1000, slower])
  }

  async leave(bucket: string, size: BucketSize, tokens: number): Promise<void> {
    await this.query('leave', leaveStatement, bucket, size, [tokens])
  }

  onPause(listener: (bucket: string, ms: number) => void): void {
    this.listeners.push(listener)
  }

  async close(): Promise<void> {
    await this.last
    const client = await this.client?.catch(() => null)
    await client?.end()
  }

  /** One after another, as their connection works. */
  private query<Row extends pg.QueryResultRow>(name: string, text: string, bucket: string, { burst, perSecond }: BucketSize, more: unknown[]): Promise<Row[]> {
    const answer = this.last.then(async () => {
      try {
        const client = await this.connected()
        return (await client.query<Row>({ name, text, values: [this.principal, bucket, burst, perSecond, ...more] })).rows
      } catch (cause) {
        // Whoever hears of the end in an answer is not told once more until the socket ends.
        if (isDatabaseLost(cause)) this.client = null
        throw cause instanceof KeypointError ? cause : toUnavailable(cause, placeOf(this.url))
      }
    })
    this.last = answer.catch(() => undefined)
    return answer
  }

  /** One connection, which hears of the others' pauses too; a lost one is replaced with the next question. */
  private connected(): Promise<pg.Client> {
    if (this.client !== null) return this.client
    // It tells of its end more than once, and late: by then another may be in its place.
    const forget = () => {
      if (this.client === client) this.client = null
    }
    const client = this.connect(forget)
    client.catch(forget)
    return (this.client = client)
  }

  private async connect(onLost: () => void): Promise<pg.Client> {
    const client = await connectOnce(this.url)
    client.on('error', onLost)
    client.on('end', onLost)
    client.on('notification', ({ payload }) => this.hear(payload))
    await client.query(`listen ${channel}`)
    await client.query(`delete from rate_bucket where full_at < now() - interval '1 day'`)
    const { rows } = await client.query<{ bucket: string; ms: number }>(
      'select bucket, extract(epoch from paused_until - now())::float8 * 1000 as ms from rate_bucket where principal = $1 and paused_until > now()', [this.principal])
    for (const { bucket, ms } of rows) for (const listener of this.listeners) listener(bucket, ms)
    return client
  }

  private hear(payload: string | undefined): void {
    const pause = pauseSchema.parse(JSON.parse(payload ?? ''))
    if (pause.principal === this.principal) for (const listener of this.listeners) listener(pause.bucket, pause.ms)
  }
}
