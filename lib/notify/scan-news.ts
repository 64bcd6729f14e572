import {
  countGaps, firstRead, loadExemptions, openDiff, partOutcomes, scanOfScopeBefore, scanWithResultsBefore, streamChanges, streamUnseenGaps, type EndedScan, type Queryable, type ScanPair,
} from '@/lib/db'
import type { Notice, TroubleNotice } from '@/lib/domain/notice'
import type { ChannelRow } from '@/lib/domain/notification'
import type { PartStatus } from '@/lib/domain/scan'
import { ChangeTally, isEmptyChange } from './change-tally'
import type { Links } from './links'

/** A fall of the coverage by fewer points is no news. */
const coverageDropMin = 1
const namedMax = 20

/** What each channel is to be told of an ended scan, by channel id; a channel without news is left out. */
export async function scanNews(db: Queryable, estateId: number, scan: EndedScan, channels: readonly ChannelRow[], links: Links): Promise<Map<string, Notice>> {
  if (scan.status === 'cancelled') return new Map()
  const trouble = await troubleOf(db, estateId, scan)
  const before = scan.status === 'failed' ? null : await scanWithResultsBefore(db, estateId, scan.seq)
  const changes = before === null ? null : await changesOf(db, estateId, before, scan, channels, links)
  const first = before === null && scan.status !== 'failed' ? { gaps: await countGaps(db, scan.seq) } : null
  const news = new Map<string, Notice>()
  for (const channel of channels) {
    const told = {
      changes: channel.topics.includes('changes') ? (changes?.get(channel.id) ?? null) : null,
      trouble: channel.topics.includes('scanning') ? trouble : null,
    }
    const hasNews = told.trouble !== null || (told.changes !== null && !isEmptyChange(told.changes))
    if (hasNews || (channel.alwaysSend && channel.topics.includes('changes') && scan.status !== 'failed')) {
      news.set(channel.id, { event: 'scan.finished', scan: { ...toNoticeScan(scan, links), first }, ...told })
    }
  }
  return news
}

function toNoticeScan(scan: EndedScan, links: Links) {
  const { scanId, status, mode, judgesAgain, requestedBy, finishedAt, score, coverage } = scan
  return { scanId, status, mode, judgedAgain: judgesAgain !== null, requestedBy, finishedAt: finishedAt.toISOString(), score, coverage, url: links.scan(scanId) }
}

/** What changed since the scan with results before, for each channel. */
async function changesOf(db: Queryable, estateId: number, before: { scanId: string; policyVersion: number }, scan: EndedScan, channels: readonly ChannelRow[], links: Links) {
  const viewer = { estateId, subscriptions: 'all' } as const
  const pair: ScanPair = await openDiff(db, viewer, before.scanId, scan.scanId)
  const exemptions = await loadExemptions(db, viewer)
  const tallies = channels.map((channel) => ({ id: channel.id, tally: new ChangeTally(channel, links) }))
  const kinds = ['new-gap', 'closed-gap', 'appeared', 'vanished', 'gained-sight'] as const
  for (const changes of [streamChanges(db, viewer, pair, { kinds, ofAllKnown: true }), streamUnseenGaps(db, viewer, pair, { ofAllKnown: true })]) {
    for await (const page of changes) {
      for (const change of page) {
        const isExempt = change.after?.verdict === 'fail' && exemptions.markOf({ resourceId: change.resourceId, resourceType: change.resourceType, check: change.check }) !== null
        for (const { tally } of tallies) tally.add(change, isExempt)
      }
    }
  }
  const policyChanged = before.policyVersion === scan.policyVersion ? null : { before: before.policyVersion, after: scan.policyVersion }
  const compared = { from: before.scanId, to: scan.scanId, policyChanged, firstRead: await firstRead(db, viewer, pair) }
  return new Map(tallies.map(({ id, tally }) => [id, tally.toNotice(compared)]))
}

const rank: Record<PartStatus, number> = { succeeded: 0, pending: 1, running: 1, partial: 1, failed: 2 }

/** What of the scanning itself is worse, or well again, than in the scan of the same scope before; null when neither. */
async function troubleOf(db: Queryable, estateId: number, scan: EndedScan): Promise<TroubleNotice | null> {
  const none: TroubleNotice = { error: null, newlyUnread: [], newlyUnreadTotal: 0, readAgain: 0, coverage: null, recovered: false }
  const parts = await partOutcomes(db, scan.seq)
  if (scan.status === 'failed') {
    const unread = parts.filter(({ status }) => status === 'failed' || status === 'partial')
    return { ...none, ...named(unread), error: scan.error ?? (unread.length === 0 ? 'The scan failed.' : 'No subscription could be read.') }
  }
  if (scan.judgesAgain !== null) return null
  const before = await scanOfScopeBefore(db, estateId, scan, ['succeeded', 'partial'])
  const last = await scanOfScopeBefore(db, estateId, scan, ['succeeded', 'partial', 'failed'])
  const known = new Map((before === null ? [] : await partOutcomes(db, before.seq)).map((part) => [part.subscriptionId, rank[part.status]]))
  const worse = parts.filter((part) => rank[part.status] > (known.get(part.subscriptionId) ?? 0))
  const trouble: TroubleNotice = {
    ...none,
    ...named(worse),
    readAgain: parts.filter((part) => part.status === 'succeeded' && (known.get(part.subscriptionId) ?? 0) > 0).length,
    coverage: coverageDrop(before?.coverage ?? null, scan.coverage),
    recovered: last?.status === 'failed',
  }
  const isNews = trouble.newlyUnreadTotal > 0 || trouble.readAgain > 0 || trouble.coverage !== null || trouble.recovered
  return isNews ? trouble : null
}

function named(parts: readonly { subscriptionId: string; displayName: string; reason: string | null }[]): Pick<TroubleNotice, 'newlyUnread' | 'newlyUnreadTotal'> {
  const shown = parts.slice(0, namedMax).map(({ subscriptionId, displayName, reason }) => ({ subscriptionId, displayName: subscriptionId === '' ? 'Tenant and management groups' : displayName, reason }))
  return { newlyUnread: shown, newlyUnreadTotal: parts.length }
}

function coverageDrop(before: number | null, after: number | null): TroubleNotice['coverage'] {
  return before === null || after === null || before - after < coverageDropMin ? null : { before, after }
}
