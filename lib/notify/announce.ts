import {
  createDelivery, enabledChannels, noteMissedRuns, takeDueDigests, takeHeld, takeMissedRuns, takeUnannounced, unannouncedScans, type Database, type MissedRun, type Queryable,
  type WaitingMessage,
} from '@/lib/db'
import type { Notice } from '@/lib/domain/notice'
import type { ChannelRow, Topic } from '@/lib/domain/notification'
import { log } from '@/lib/log'
import { credentialStates, type CredentialSettings, type CredentialState } from './credentials'
import { exemptionNotice, expiringCredentials } from './expiry'
import { linksOf, type Links } from './links'
import { titleOf } from './outline'
import { scanNews } from './scan-news'

export interface AnnounceOptions {
  db: Database
  estateId: number
  baseUrl: string
  credentials: CredentialSettings
  /** False: what ends soon is left for another look; days do not pass in seconds. */
  withExpiry: boolean
}

/**
 * Looks at what happened since the last look and stores what is to be told, once, however many workers look.
 * @returns the messages that wait to be sent, in their order.
 */
export async function announce({ db, estateId, baseUrl, credentials, withExpiry }: AnnounceOptions, now = new Date()): Promise<WaitingMessage[]> {
  const links = linksOf(baseUrl)
  const waiting: WaitingMessage[] = []
  for (const seq of await unannouncedScans(db, estateId)) {
    try {
      waiting.push(...(await db.$transaction((tx) => announceScan(tx, estateId, seq, links, now))))
    } catch (error) {
      log('error', 'what changed in a scan could not be told; it is tried again', { seq, error: String(error) })
    }
  }
  waiting.push(...(await db.$transaction((tx) => announceMissedRuns(tx, estateId, links, now))))
  if (withExpiry) {
    // Before the transaction, which waits for no disk: a certificate is a file.
    const states = await credentialStates(db, { estateId, subscriptions: 'all' }, credentials)
    waiting.push(...(await db.$transaction((tx) => announceExpiry(tx, estateId, states, links, now))))
  }
  waiting.push(...(await db.$transaction((tx) => closeDigests(tx, estateId, now))))
  return waiting
}

async function announceScan(tx: Queryable, estateId: number, seq: number, links: Links, now: Date): Promise<WaitingMessage[]> {
  const scan = await takeUnannounced(tx, seq, now)
  if (scan === null) return []
  // Whoever makes a channel does not ask for the news of weeks in which no worker ran.
  const channels = (await enabledChannels(tx, estateId)).filter(({ createdAt }) => Date.parse(createdAt) < scan.finishedAt.getTime())
  if (channels.length === 0) return []
  const news = await scanNews(tx, estateId, scan, channels, links)
  return tell(tx, estateId, channels, (channel) => news.get(channel.id) ?? null)
}

async function announceMissedRuns(tx: Queryable, estateId: number, links: Links, now: Date): Promise<WaitingMessage[]> {
  const channels = await channelsOf(tx, estateId, 'scanning')
  if (channels.length === 0) return []
  // Workers note them too; a command may be all that ever runs.
  await noteMissedRuns(tx, estateId, now)
  const waiting: WaitingMessage[] = []
  for (const run of await takeMissedRuns(tx, estateId, now)) {
    // Of a run that is over they hear who asked for it then.
    const asking = run.isDue ? channels : channels.filter(({ createdAt }) => Date.parse(createdAt) < (run.madeUpAt ?? run.plannedAt).getTime())
    waiting.push(...(await tell(tx, estateId, asking, () => ({
      event: 'schedule.missed', schedule: run.schedule, plannedAt: run.plannedAt.toISOString(), url: links.schedules, reason: whyMissed(run),
    }))))
  }
  return waiting
}

function whyMissed({ cause, isDue, madeUpAt }: MissedRun): string {
  const why = cause === 'busy' ? 'Other scans of the tenant had not ended hours later.' : 'No worker was there to start it.'
  const then = madeUpAt !== null ? ' It has been made up since.' : isDue ? ' It is made up as soon as possible.' : ''
  return why + then
}

async function announceExpiry(tx: Queryable, estateId: number, credentials: readonly CredentialState[], links: Links, now: Date): Promise<WaitingMessage[]> {
  const waiting: WaitingMessage[] = []
  const ofCredentials = await channelsOf(tx, estateId, 'credentials')
  const credentialNotices = ofCredentials.length === 0 ? [] : await expiringCredentials(tx, estateId, credentials, links, now)
  for (const notice of credentialNotices) waiting.push(...(await tell(tx, estateId, ofCredentials, () => notice)))
  const ofExemptions = await channelsOf(tx, estateId, 'exemptions')
  const exemptions = ofExemptions.length === 0 ? null : await exemptionNotice(tx, estateId, links, now)
  if (exemptions !== null) waiting.push(...(await tell(tx, estateId, ofExemptions, () => exemptions)))
  return waiting
}

/** Makes one message of what each channel holds, when its hour has come; none where it holds nothing. */
async function closeDigests(tx: Queryable, estateId: number, now: Date): Promise<WaitingMessage[]> {
  const waiting: WaitingMessage[] = []
  for (const channelId of await takeDueDigests(tx, estateId, now)) {
    const notices = await takeHeld(tx, channelId)
    const [first] = notices
    if (first === undefined) continue
    const title = notices.length === 1 ? titleOf(first) : `${notices.length} messages of the day`
    waiting.push(await createDelivery(tx, { estateId, channelId, title, notices, status: 'waiting' }))
  }
  return waiting
}

/** The channels of a topic. Where there are none nothing counts as told, so that whoever makes one hears of what is due then. */
async function channelsOf(tx: Queryable, estateId: number, topic: Topic): Promise<ChannelRow[]> {
  return (await enabledChannels(tx, estateId)).filter((channel) => channel.topics.includes(topic))
}

async function tell(tx: Queryable, estateId: number, channels: readonly ChannelRow[], noticeFor: (channel: ChannelRow) => Notice | null): Promise<WaitingMessage[]> {
  const waiting: WaitingMessage[] = []
  for (const channel of channels) {
    const notice = noticeFor(channel)
    if (notice === null) continue
    const status = channel.digest === null ? 'waiting' : 'held'
    const message = await createDelivery(tx, { estateId, channelId: channel.id, title: titleOf(notice), notices: [notice], status })
    if (status === 'waiting') waiting.push(message)
  }
  return waiting
}
