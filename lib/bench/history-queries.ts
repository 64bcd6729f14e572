import {
  approveExemption, countChanges, countExempted, currentPolicy, exemptionPageRows, expiringExemptions, gapTurnover, getHistoryKept, getOverview, getPolicyExemptions, getResource, getScan, getTrend,
  knownSubscriptions, listChanges, listChannels, listDeliveries, listExemptions, listLogReach, listPolicies, listResources, listScans, listSchedules, listSubscriptionNames, loadExemptions,
  loadFactsBySource, managementGroupsOfSubscriptions, notCompared, openDiff, requestExemption, resourceFacets, saveSchedule, scanBefore, streamUnseenGaps, trendSubjects, type Database,
} from '@/lib/db'
import { dayMs } from '@/lib/domain/day'
import type { ResourceQuery } from '@/lib/domain/views'
import type { Viewer } from '@/lib/domain/viewer'
import { median, percentile, type Figure } from './figures'

const rounds = 20
/** What a page's queries may take. */
const pageMs = 50
/** What counting the changes between two scans may take, when nobody asked for them before. */
const diffMs = 300

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
async function pageQuestions(db: Database, estateId: number): Promise<Asked[]> {
  const viewer: Viewer = { estateId, subscriptions: 'all' }
  await someExemptions(db, estateId)
  const ten: Viewer = { estateId, subscriptions: (await listSubscriptionNames(db, viewer)).slice(0, 10).map(({ subscriptionId }) => subscriptionId) }
  return [
    ...(await resourceQueries(db, viewer)), ...(await scanQueries(db, viewer)), ...(await changeQueries(db, viewer)), ...(await trendQueries(db, viewer)), ...otherQueries(db, viewer),
    ...(await narrowQueries(db, ten)),
  ]
}

const list: ResourceQuery = { sort: 'severity', descending: true, page: 1, pageSize: 50 }

async function resourceQueries(db: Database, viewer: Viewer): Promise<Asked[]> {
  const { estateId } = viewer
  const some = await db.resource.findMany({ where: { estateId, goneSeq: null, type: 'microsoft.keyvault/vaults' }, take: rounds, select: { resourceId: true, name: true, subscriptionId: true } })
  const [first] = some
  if (first === undefined) return []
  const lists: [string, ResourceQuery][] = [
    ['as first seen', list],
    ['page 200', { ...list, page: 200 }],
    ['by name, page 100', { ...list, sort: 'name', descending: false, page: 100 }],
    ['by type, page 100', { ...list, sort: 'type', descending: false, page: 100 }],
    ['by location, page 100', { ...list, sort: 'location', page: 100 }],
    ['by subscription, page 100', { ...list, sort: 'subscription', descending: false, page: 100 }],
    ['fails of audit logging', { ...list, verdicts: ['fail'], keyPoints: ['audit-logging'] }],
    ['fails of high severity', { ...list, verdicts: ['fail'], severities: ['high'] }],
    ['fails of one check', { ...list, verdicts: ['fail'], checks: ['resource-audit-logs'] }],
    ['unknown by permission', { ...list, verdicts: ['unknown'], reasonCodes: ['permission-denied'] }],
    ['one subscription', { ...list, subscriptions: [first.subscriptionId ?? ''] }],
    ['one type', { ...list, types: ['microsoft.keyvault/vaults'] }],
    ['search for a part of many names', { ...list, search: 'app' }],
    ['search for one name', { ...list, search: first.name }],
    ['search for an id', { ...list, search: first.resourceId }],
    ['search for nothing there', { ...list, search: 'no such name' }],
  ]
  const nth = (round: number) => (some[Math.max(0, round)] ?? first).resourceId
  return [
    ...lists.map(([name, query]): Asked => [`resources, ${name}`, pageMs, () => listResources(db, viewer, query)]),
    ['resources, what filters offer', pageMs, () => resourceFacets(db, viewer)],
    ['one resource, with how long its gaps are open', pageMs, (round) => Promise.all([getResource(db, viewer, nth(round)), loadExemptions(db, viewer, new Date(), nth(round))])],
  ]
}

async function scanQueries(db: Database, viewer: Viewer): Promise<Asked[]> {
  const [last] = await listScans(db, viewer, { limit: 1 })
  return [
    ['the last scan, on every page', pageMs, () => listScans(db, viewer, { limit: 1 })],
    ['scans', pageMs, () => listScans(db, viewer, { limit: 25 })],
    ['one scan', pageMs, () => getScan(db, viewer, last?.scanId ?? '')],
    ['the scan before', pageMs, () => scanBefore(db, viewer, 'latest')],
  ]
}

async function changeQueries(db: Database, viewer: Viewer): Promise<Asked[]> {
  const { estateId } = viewer
  const ids = (await db.scan.findMany({ where: { estateId, status: { in: ['succeeded', 'partial'] } }, orderBy: { seq: 'desc' }, select: { id: true } })).map(({ id }) => id)
  const back = async (nights: number) => openDiff(db, viewer, ids[Math.min(nights, ids.length - 1)] ?? 'latest', 'latest')
  const [night, month, all] = [await back(1), await back(30), await back(ids.length)]
  const pages = Math.ceil((await countChanges(db, viewer, all)).reduce((sum, { count }) => sum + count, 0) / 50)
  const first = { page: 1, pageSize: 50 }
  /** Pages all over the changes, not only the first. */
  const some = (round: number) => ({ page: 1 + Math.floor((Math.max(0, round) * pages) / rounds), pageSize: 50 })
  const anew = async (pair: typeof all) => {
    await db.comparison.deleteMany({ where: { estateId } })
    await countChanges(db, viewer, pair)
  }
  return [
    ['compare with the night before', pageMs, () => Promise.all([countChanges(db, viewer, night), listChanges(db, viewer, night, {}, first), notCompared(db, viewer, night)])],
    ['compare over 30 nights, summary for the first time', diffMs, () => anew(month)],
    ['compare over 30 nights, a page of changes', pageMs, () => listChanges(db, viewer, month, {}, first)],
    ['compare over all nights, summary for the first time', diffMs, () => anew(all)],
    ['compare over all nights, summary', pageMs, () => countChanges(db, viewer, all)],
    ['compare over all nights, a page of changes', pageMs, (round) => listChanges(db, viewer, all, {}, some(round))],
    ['compare over all nights, a page of closed gaps', pageMs, () => listChanges(db, viewer, all, { kinds: ['closed-gap'] }, { page: 100, pageSize: 50 })],
    ['compare over all nights, a page of one key point', pageMs, () => listChanges(db, viewer, all, { keyPoints: ['log-retention'] }, { page: 100, pageSize: 50 })],
    ['compare over all nights, changes that there are none of', pageMs, () => listChanges(db, viewer, all, { kinds: ['lost-sight'], keyPoints: ['time-sync'] }, first)],
    ['compare over all nights, what is not compared', pageMs, () => notCompared(db, viewer, all)],
    ['compare over all nights, gaps that scans in between saw', pageMs, () => Array.fromAsync(streamUnseenGaps(db, viewer, all, {}))],
  ]
}

async function trendQueries(db: Database, viewer: Viewer): Promise<Asked[]> {
  const ago = (days: number) => new Date(Date.now() - days * dayMs)
  const [subscription] = await listSubscriptionNames(db, viewer)
  const kept = { since: ago(400), until: new Date() }
  const { managementGroups: [group] } = await trendSubjects(db, viewer, kept)
  return [
    ['trend of 90 days', pageMs, () => getTrend(db, viewer, { since: ago(90) })],
    ['trend of 400 days', pageMs, () => getTrend(db, viewer, { since: ago(400) })],
    ['trend of 400 days of one subscription', pageMs, () => getTrend(db, viewer, { since: ago(400), of: { kind: 'subscription', subscriptionId: subscription?.subscriptionId ?? '' } })],
    ['trend of 400 days of one management group', pageMs, () => getTrend(db, viewer, { since: ago(400), of: { kind: 'management-group', name: group?.name ?? '' } })],
    ['trend of 400 days of one type', pageMs, () => getTrend(db, viewer, { since: ago(400), of: { kind: 'type', type: 'microsoft.keyvault/vaults' } })],
    ['what trends can be of', pageMs, () => trendSubjects(db, viewer, kept)],
    ['gaps opened and closed in 90 days', pageMs, () => gapTurnover(db, viewer, ago(90))],
    ['gaps opened and closed in 400 days', pageMs, () => gapTurnover(db, viewer, ago(400))],
  ]
}

function otherQueries(db: Database, viewer: Viewer): Asked[] {
  const { estateId } = viewer
  return [
    ['overview, key points and checks', pageMs, () => getOverview(db, viewer)],
    ['exempt gaps', pageMs, () => countExempted(db, viewer)],
    ['exemptions', pageMs, () => Promise.all([listExemptions(db, viewer, 'requested'), listExemptions(db, viewer, 'in-force'), listExemptions(db, viewer, 'past'), expiringExemptions(db, viewer, exemptionPageRows), getPolicyExemptions(db, viewer)])],
    ['log sources', pageMs, () => listLogReach(db, viewer)],
    ['schedules', pageMs, () => listSchedules(db, viewer)],
    ['settings of history', pageMs, () => getHistoryKept(db, viewer)],
    ['settings of policy', pageMs, () => Promise.all([currentPolicy(db, estateId), listPolicies(db, viewer), knownSubscriptions(db, estateId), managementGroupsOfSubscriptions(db, estateId)])],
    ['settings of notifications', pageMs, () => Promise.all([listChannels(db, viewer), listDeliveries(db, viewer, 50)])],
    ['catalogue of logs', pageMs, () => loadFactsBySource(db, estateId, 'log-categories')],
  ]
}

/** The same for somebody who sees a few subscriptions alone. */
async function narrowQueries(db: Database, viewer: Viewer): Promise<Asked[]> {
  const before = await scanBefore(db, viewer, 'latest')
  const night = await openDiff(db, viewer, before ?? 'latest', 'latest')
  const since = new Date(Date.now() - 400 * dayMs)
  const queries: Asked[] = [
    ['overview', pageMs, () => getOverview(db, viewer)],
    ['resources', pageMs, () => listResources(db, viewer, list)],
    ['fails of one check', pageMs, () => listResources(db, viewer, { ...list, verdicts: ['fail'], checks: ['resource-audit-logs'] })],
    ['compare with the night before', pageMs, () => Promise.all([countChanges(db, viewer, night), listChanges(db, viewer, night, {}, { page: 1, pageSize: 50 })])],
    ['trend of 400 days', pageMs, () => getTrend(db, viewer, { since })],
    ['gaps opened and closed in 400 days', pageMs, () => gapTurnover(db, viewer, since)],
    ['exempt gaps', pageMs, () => countExempted(db, viewer)],
  ]
  return queries.map(([name, most, ask]) => [`ten subscriptions: ${name}`, most, ask])
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
