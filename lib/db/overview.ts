import { keyPointSlugs } from '@/lib/domain/key-point'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import { coverageOf, emptyCounts, emptyCountsBySeverity, scoreOf, sumCounts, type CountsBySeverity } from '@/lib/domain/score'
import type { CheckCountsRow, Overview, ScanPartRow, SubscriptionPostureRow, WorstCheckRow } from '@/lib/domain/views'
import { severities, severityWeight } from '@/lib/domain/verdict'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { failsBySeverity, sumBy, type CountRow } from './counts'
import { getEstate } from './estates'
import { getScan, heldAt, listParts, scanCounts } from './scan-rows'
import { seenBy } from './viewing'

/** What the overview shows: the last scan that finished with results, as far as the viewer sees. Before the first, `scan` is null. */
export async function getOverview(db: Queryable, viewer: Viewer): Promise<Overview> {
  const estate = await getEstate(db, viewer.estateId)
  const last = await lastWithResults(db, viewer)
  if (last === null) {
    return { estate, scan: null, previousScore: null, counts: emptyCounts(), keyPoints: [], subscriptions: [], worst: [], checks: [] }
  }
  const [scan, counts, byCheck, previousScore] = await Promise.all([
    getScan(db, viewer, last.id), scanCounts(db, viewer, last.seq), checkCounts(db, viewer, last.seq), scoreBefore(db, viewer, last.seq),
  ])
  const byKeyPoint = sumBy(counts, (row) => row.keyPoint)
  const bySubscription = Map.groupBy(counts, (row) => row.key)
  const total = sumBy(counts, () => '').get('') ?? emptyCountsBySeverity()
  return {
    estate, scan, previousScore,
    counts: sumCounts(total),
    keyPoints: keyPointSlugs.map((keyPoint) => {
      const by = byKeyPoint.get(keyPoint) ?? emptyCountsBySeverity()
      return { keyPoint, score: scoreOf(by), coverage: coverageOf(sumCounts(by)), counts: sumCounts(by), failsBySeverity: failsBySeverity(by) }
    }),
    subscriptions: scan.parts.map(({ subscriptionId, displayName, resources }) =>
      toSubscriptionRow({ subscriptionId, displayName, resources }, bySubscription.get(subscriptionId) ?? [])),
    worst: worstOf(byCheck, total),
    checks: byCheck.map(toCheckRow),
  }
}

/** The last scan that finished with results, by what it judged; null before the first. */
export async function lastWithResults(db: Queryable, { estateId }: Viewer): Promise<{ seq: number; id: string; policyVersion: number; central: CentralWorkspaces | null } | null> {
  const [row] = await db.$queryRaw<{ seq: number; id: string; policyVersion: number; central: CentralWorkspaces | null }[]>(Prisma.sql`
    select seq, id::text as id, policy_version as "policyVersion", central from scan where estate_id = ${estateId} and status in ('succeeded', 'partial') order by seq desc limit 1`)
  return row ?? null
}

/** The subscriptions of the last scan with results, by name, and what its checks counted; null before the first. */
export async function lastCheckCounts(db: Queryable, viewer: Viewer): Promise<{ subscriptions: ScanPartRow[]; checks: CheckCountsRow[] } | null> {
  const last = await lastWithResults(db, viewer)
  if (last === null) return null
  const [subscriptions, byCheck] = await Promise.all([listParts(db, viewer, last.seq), checkCounts(db, viewer, last.seq)])
  return { subscriptions, checks: byCheck.map(toCheckRow) }
}

function toCheckRow({ check, keyPoint, by }: CheckSum): CheckCountsRow {
  return { check, keyPoint, counts: sumCounts(by), failsBySeverity: failsBySeverity(by) }
}

function toSubscriptionRow(
  part: { subscriptionId: string; displayName: string; resources: number }, rows: readonly CountRow[],
): SubscriptionPostureRow {
  const total = sumBy(rows, () => '').get('') ?? emptyCountsBySeverity()
  const counts = sumCounts(total)
  const keyPoints = Object.fromEntries([...sumBy(rows, (row) => row.keyPoint)].map(([keyPoint, by]) => [keyPoint, scoreOf(by)]))
  return { ...part, score: scoreOf(total), coverage: coverageOf(counts), counts, keyPoints }
}

interface CheckSum extends Pick<CheckCountsRow, 'check' | 'keyPoint'> {
  by: CountsBySeverity
}

/** Counts by check: from the scan's roll-up for those who see all, else counted from the findings of their subscriptions. */
async function checkCounts(db: Queryable, viewer: Viewer, seq: number): Promise<CheckSum[]> {
  const rows = await db.$queryRaw<CountRow[]>(viewer.subscriptions === 'all'
    ? Prisma.sql`
        select key, key_point as "keyPoint", severity, pass, fail, unknown, not_applicable as "notApplicable"
        from rollup where scan_seq = ${seq} and dimension = 'check'`
    : Prisma.sql`
        select f."check" as key, f.key_point as "keyPoint", f.severity, count(*) filter (where verdict = 'pass')::int as pass,
          count(*) filter (where verdict = 'fail')::int as fail, count(*) filter (where verdict = 'unknown')::int as unknown,
          count(*) filter (where verdict = 'not-applicable')::int as "notApplicable"
        from finding f where ${seenBy(viewer, 'f')} and ${heldAt(seq)} group by f."check", f.key_point, f.severity`)
  const keyPoints = new Map(rows.map((row) => [row.key, row.keyPoint]))
  return [...sumBy(rows, (row) => row.key)]
    .flatMap(([check, by]) => {
      const keyPoint = keyPoints.get(check)
      return keyPoint === undefined ? [] : [{ check, keyPoint, by }]
    })
    .sort((a, b) => keyPointSlugs.indexOf(a.keyPoint) - keyPointSlugs.indexOf(b.keyPoint) || (a.check < b.check ? -1 : 1))
}

/** Checks with fails, by what the total score would gain if they all passed. */
function worstOf(checks: readonly CheckSum[], total: CountsBySeverity): WorstCheckRow[] {
  const judged = severities.reduce((sum, severity) => sum + severityWeight[severity] * (total[severity].pass + total[severity].fail), 0)
  return checks.flatMap(({ check, keyPoint, by }) => {
    const worstSeverity = severities.find((severity) => by[severity].fail > 0)
    if (worstSeverity === undefined) return []
    const weight = severities.reduce((sum, severity) => sum + severityWeight[severity] * by[severity].fail, 0)
    return [{ check, keyPoint, severity: worstSeverity, fails: sumCounts(by).fail, gain: Math.round((1000 * weight) / judged) / 10 }]
  }).sort((a, b) => b.gain - a.gain || b.fails - a.fails || (a.check < b.check ? -1 : 1))
}

/** Score of the finished scan of the same scope before this one: scores of different scopes do not compare. */
async function scoreBefore(db: Queryable, viewer: Viewer, seq: number): Promise<number | null> {
  const [before] = await db.$queryRaw<{ seq: number; score: number | null }[]>(Prisma.sql`
    select b.seq, b.score from scan b join scan s on s.seq = ${seq}
    where b.estate_id = s.estate_id and b.seq < s.seq and b.status in ('succeeded', 'partial') and b.scope = s.scope
    order by b.seq desc limit 1`)
  if (before === undefined || viewer.subscriptions === 'all') return before?.score ?? null
  const rows = await scanCounts(db, viewer, before.seq)
  return scoreOf(sumBy(rows, () => '').get('') ?? emptyCountsBySeverity())
}
