import { keyPointSlugs } from '@/lib/domain/key-point'
import { emptyCounts } from '@/lib/domain/score'
import { severities } from '@/lib/domain/verdict'
import type { CountRow } from './counts'
import { Prisma } from './generated/client'
import type { Queryable } from './client'

/*
 * Counts packed into one text: five numbers for each key point and severity, all joined by commas. The first numbers the pair, by the contract's order of key
 * points and then from critical to low; then pass, fail, unknown and not applicable. What several parts count is packed by joining theirs.
 */

/** Packs roll-up rows by their columns; an aggregate. Null: there are none. */
export const packed = Prisma.sql`string_agg(concat_ws(',',
  (array_position(${[...keyPointSlugs]}::text[], key_point) - 1) * ${severities.length} + array_position(${[...severities]}::text[], severity) - 1,
  pass, fail, unknown, not_applicable), ',')`

/** The counts of a packed text, one row for each key point and severity. */
export function unpack(text: string): CountRow[] {
  const rows = new Map<number, CountRow>()
  const numbers = toNumbers(text)
  for (let at = 0; at < numbers.length; at += 5) {
    const [slot = 0, pass = 0, fail = 0, unknown = 0, notApplicable = 0] = numbers.slice(at, at + 5)
    const row = rows.get(slot) ?? emptyRow(slot)
    rows.set(slot, row)
    row.pass += pass
    row.fail += fail
    row.unknown += unknown
    row.notApplicable += notApplicable
  }
  return [...rows.values()]
}

/** The text holds nothing but numbers: `packed` wrote it. */
function toNumbers(text: string): number[] {
  return JSON.parse(`[${text}]`) as number[]
}

function emptyRow(slot: number): CountRow {
  const [keyPoint, severity] = [keyPointSlugs[Math.floor(slot / severities.length)], severities[slot % severities.length]]
  if (keyPoint === undefined || severity === undefined) throw new Error(`there is no key point and severity of number ${slot}`)
  return { key: '', keyPoint, severity, ...emptyCounts() }
}

/** Packs what a scan's roll-up counts of some of its parts (null: of all), in place of what was packed before. */
export async function writePartCounts(tx: Queryable, seq: number, key: string | null): Promise<void> {
  const here = (column: string) => (key === null ? Prisma.sql`true` : Prisma.sql`${Prisma.raw(column)} = ${key}`)
  await tx.$executeRaw(Prisma.sql`delete from part_counts where scan_seq = ${seq} and ${here('subscription_id')}`)
  await tx.$executeRaw(Prisma.sql`
    insert into part_counts (scan_seq, subscription_id, counts)
    select scan_seq, key, ${packed} from rollup where scan_seq = ${seq} and dimension = 'subscription' and ${here('key')} group by scan_seq, key`)
}
