import {
  countChanges, countExempted, gapTurnover, getHistoryKept, getOverview, getResource, getScan, getTrend, listChanges, listExemptions, listResources, listScans, listSchedules,
  listSubscriptionNames, notCompared, openDiff, requestExemption, approveExemption, resourceFacets, saveSchedule, trendSubjects, type Database,
} from '@/lib/db'
import type { ResourceQuery } from '@/lib/domain/views'
import { median, percentile, type Figure } from './figures'

const rounds = 20
const dayMs = 86_400_000
/** What a page's queries may take. */
const pageMs = 50

type Asked = [name: string, targetMs: number, ask: (round: number) => Promise<unknown>]

/** The queries of every page that shows history or the present, over all that is stored. */
export async function historyQueries(db: Database, estateId: number): Promise<Figure[]> {
  const figures: Figure[] = []
  for (const [name, most, ask] of await pageQuestions(db, estateId)) {
    const times: number[] = []
    // The first call is left out: it finds neither plans nor pages in memory.
    for (let round = -1; round < rounds; round += 1) {
      const startedAt = performance.now()
      await ask(round)
      if (round >= 0) times.push(performance.now() - startedAt)
    }
    figures.push({ name: `${name}: median`, value: median(times), unit: 'ms' })
    figures.push({ name: `${name}: 95th percentile`, value: percentile(times, 95), unit: 'ms', target: { most } })
  }
  return figures
}

/** What pages ask, by name, and how many milliseconds it may take. */
export async function pageQuestions(db: Database, estateId: number): Promise<Asked[]> {
  return [...(await resourceQueries(db, estateId)), ...(await scanQueries(db, estateId)), ...(await otherQueries(db, estateId))]
}

async function resourceQueries(db: Database, estateId: number): Promise<Asked[]> {
  const viewer = { estateId, subscriptions: 'all' as const }
  const base: ResourceQuery = { sort: 'severity', descending: true, page: 1, pageSize: 50 }
  const some = await db.resource.findMany({ where: { estateId, goneSeq: null, type: 'microsoft.keyvault/vaults' }, take: rounds, select: { resourceId: true, name: true, subscriptionId: true } })
  const [first] = some
  if (first === undefined) return []
  const lists: [string, ResourceQuery][] = [
    ['as first seen', base],
    ['page 200', { ...base, page: 200 }],
    ['by name, page 100', { ...base, sort: 'name', descending: false, page: 100 }],
    ['fails of audit logging', { ...base, verdicts: ['fail'], keyPoints: ['audit-logging'] }],
    ['fails of one check', { ...base, verdicts: ['fail'], checks: ['resource-audit-logs'] }],
    ['unknown by permission', { ...base, verdicts: ['unknown'], reasonCodes: ['permission-denied'] }],
    ['one subscription', { ...base, subscriptions: [first.subscriptionId ?? ''] }],
    ['one type', { ...base, types: ['microsoft.keyvault/vaults'] }],
    ['search for a part of many names', { ...base, search: 'app' }],
    ['search for one name', { ...base, search: first.name }],
    ['search for an id', { ...base, search: first.resourceId }],
    ['search for nothing there', { ...base, search: 'no such name' }],
  ]
  return [
    ...lists.map(([name, query]): Asked => [`resources, ${name}`, pageMs, () => listResources(db, viewer, query)]),
    ['resources, what filters offer', pageMs, () => resourceFacets(db, viewer)],
    ['one resource', pageMs, (round) => getResource(db, viewer, (some[Math.max(0, round)] ?? first).resourceId)],
  ]
}

async function scanQueries(db: Database, estateId: number): Promise<Asked[]> {
  const viewer = { estateId, subscriptions: 'all' as const }
  const ids = (await db.scan.findMany({ where: { estateId, status: { in: ['succeeded', 'partial'] } }, orderBy: { seq: 'desc' }, select: { id: true } })).map(({ id }) => id)
  const back = async (nights: number) => openDiff(db, viewer, ids[Math.min(nights, ids.length - 1)] ?? 'latest', 'latest')
  const [night, month, all] = [await back(1), await back(30), await back(ids.length)]
  const page = { page: 1, pageSize: 50 }
  const now = Date.now()
  const [subscription] = await listSubscriptionNames(db, viewer)
  return [
    ['scans', pageMs, () => listScans(db, viewer)],
    ['one scan', pageMs, () => getScan(db, viewer, night.to.scanId)],
    ['compare with the night before', pageMs, () => Promise.all([countChanges(db, viewer, night), listChanges(db, viewer, night, {}, page), notCompared(db, viewer, night)])],
    ['compare over 30 nights, summary', 300, () => countChanges(db, viewer, month)],
    ['compare over 30 nights, a page of changes', 300, () => listChanges(db, viewer, month, {}, page)],
    ['compare over all nights, summary', 300, () => countChanges(db, viewer, all)],
    ['compare over all nights, a page of changes', 300, () => listChanges(db, viewer, all, {}, page)],
    ['trend of 90 days', pageMs, () => getTrend(db, viewer, { since: new Date(now - 90 * dayMs) })],
    ['trend of 400 days', pageMs, () => getTrend(db, viewer, { since: new Date(now - 400 * dayMs) })],
    ['trend of 400 days of one subscription', pageMs, () => getTrend(db, viewer, { since: new Date(now - 400 * dayMs), of: { kind: 'subscription', subscriptionId: subscription?.subscriptionId ?? '' } })],
    ['trend of 400 days of one type', pageMs, () => getTrend(db, viewer, { since: new Date(now - 400 * dayMs), of: { kind: 'type', type: 'microsoft.keyvault/vaults' } })],
    ['what trends can be of', pageMs, () => trendSubjects(db, viewer)],
    ['gaps opened and closed in 90 days', pageMs, () => gapTurnover(db, viewer, new Date(now - 90 * dayMs))],
    ['gaps opened and closed in 400 days', pageMs, () => gapTurnover(db, viewer, new Date(now - 400 * dayMs))],
  ]
}

async function otherQueries(db: Database, estateId: number): Promise<Asked[]> {
  const viewer = { estateId, subscriptions: 'all' as const }
  await someExemptions(db, estateId)
  return [
    ['overview', pageMs, () => getOverview(db, viewer)],
    ['exemptions', pageMs, () => listExemptions(db, viewer, 'in-force')],
    ['exempt gaps', pageMs, () => countExempted(db, viewer)],
    ['schedules', pageMs, () => listSchedules(db, viewer)],
    ['settings of history', pageMs, () => getHistoryKept(db, viewer)],
  ]
}

/** 200 exemptions in force (one of a subscription, one of a check in the whole tenant) and ten schedules. */
async function someExemptions(db: Database, estateId: number): Promise<void> {
  if ((await db.exemption.count({ where: { estateId } })) > 0) return
  const viewer = { estateId, subscriptions: 'all' as const }
  const gaps = await db.resource.findMany({ where: { estateId, goneSeq: null, rank: { gt: 0 }, type: { not: 'microsoft.resources/subscriptions' } }, take: 198, orderBy: { id: 'asc' }, select: { resourceId: true } })
  const [subscription] = await listSubscriptionNames(db, viewer)
  const asked = [
    ...gaps.map(({ resourceId }) => ({ scope: resourceId, check: 'resource-audit-logs' })),
    { scope: `/subscriptions/${subscription?.subscriptionId}`, check: null },
    { scope: '', check: 'resource-log-retention' },
  ]
  for (const { scope, check } of asked) {
    const { id } = await requestExemption(db, viewer, { scope, check, reason: 'Accepted until it is rebuilt.', expiresAt: new Date(Date.now() + 90 * dayMs).toISOString() }, { objectId: 'asker', username: 'asker@example.com' })
    await approveExemption(db, viewer, id, { objectId: 'approver', username: 'approver@example.com' })
  }
  for (let number = 1; number <= 10; number += 1) {
    await saveSchedule(db, viewer, { name: `Night ${number}`, cron: '0 2 * * *', timeZone: 'Etc/UTC', scope: {}, mode: 'incremental' }, 'asker@example.com')
  }
}
