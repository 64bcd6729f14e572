import { setTimeout as pause } from 'node:timers/promises'
import { leadsScan, missingWorkers, partsToRead, savePartError, takeFromDead, unreadParts, type ClaimedScan, type Database } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { repeatEvery } from '@/lib/repeat-every'
import type { OpenPartBoard } from '@/lib/scan'
import type { PartWorker } from './part-worker'
import { partKey, retryLimit, sendPart, sendParts, type PartJob, type ScanQueues } from './queue'

const lookEveryMs = 250
const jobsMost = 100_000
const rescueEveryMs = 1_000

export interface PartTimes {
  /** A worker whose connection broke shows within this time again that it lives. */
  deadAfterMs?: number
  sendAgainEveryMs?: number
  /** A part is given to others where for so long no report of what its reader does was stored. */
  silentMs?: number
}

type LedScan = Pick<ClaimedScan, 'scanId' | 'seq' | 'attempt'>

/** Gives the parts of a scan to all workers, this one included, by the queue: a job for each subscription. */
export function sharedPartBoard({ db, queue, parts, deadAfterMs = 3_000, sendAgainEveryMs = 10_000 }: PartTimes & { db: Database; queue: ScanQueues; parts: PartWorker }): OpenPartBoard {
  return (scan, reading) => {
    const { scanId, seq } = scan
    const { signal } = reading.deps
    const offered = new Set<string>()
    const endLead = parts.lead(scanId, seq, reading)
    const endRescue = repeatEvery(rescueEveryMs, 'parts of dead workers could not be looked for', partRescue(db, queue, seq, deadAfterMs))
    const endSending = repeatEvery(sendAgainEveryMs, 'parts whose jobs are gone could not be looked for', () => sendAgain(db, queue, scan, offered))
    return {
      offer: async (subscriptionId, again) => {
        const part = { scanId, subscriptionId }
        // A job that has read the part is about to end; only then there can be another.
        while (!(await sendPart(queue, part)) && again && (await isActive(queue, part))) await pause(lookEveryMs, undefined, { signal })
        offered.add(subscriptionId)
      },
      finished: async () => {
        for (;;) {
          const { left, error } = await partsToRead(db, seq)
          if (error !== null) throw new KeypointError('unavailable', error.message, error.remedy)
          if (left === 0) return
          await pause(lookEveryMs, undefined, { signal })
        }
      },
      close: async () => {
        endLead()
        await Promise.all([endRescue(), endSending()])
        // The jobs are those of whoever leads the scan by now.
        if (await leadsScan(db, scan)) await deleteWaiting(queue, scanId)
      },
    }
  }
}

/** Gives the parts of dead workers back to the queue, long before it would miss their heartbeats. */
function partRescue(db: Database, queue: ScanQueues, seq: number, deadAfterMs: number): () => Promise<void> {
  let missingSince = new Map<number, number>()
  return async () => {
    const now = performance.now()
    missingSince = new Map((await missingWorkers(db, seq)).map((worker) => [worker, missingSince.get(worker) ?? now]))
    const dead = [...missingSince].flatMap(([worker, since]) => (now - since < deadAfterMs ? [] : [worker]))
    if (dead.length === 0) return
    const jobs = await takeFromDead(db, seq, dead)
    if (jobs.length === 0) return
    log('info', 'parts of a worker that died are given to others', { parts: jobs.length })
    await queue.boss.fail(queue.parts, jobs)
  }
}

/** Sends those parts again that are unread without a job that would read them. Where one was given again too often, its scan cannot succeed. */
async function sendAgain(db: Database, queue: ScanQueues, { scanId, seq }: LedScan, offered: ReadonlySet<string>): Promise<void> {
  const unread = new Set((await unreadParts(db, seq)).filter((id) => offered.has(id)))
  if (unread.size === 0) return
  const sent = await sendParts(queue, [...unread].map((subscriptionId) => ({ scanId, subscriptionId })))
  if (sent === 0) return
  log('warn', 'parts of a scan had lost their jobs and are sent again', { scanId, parts: sent })
  const jobs = await queue.boss.findJobs<PartJob>(queue.parts, { data: { scanId }, limit: jobsMost })
  for (const { state, data: { subscriptionId } } of jobs) {
    if (state !== 'failed' || !unread.has(subscriptionId)) continue
    await savePartError(db, seq, subscriptionId, { message: `Subscription ${subscriptionId} could not be read in ${retryLimit} attempts.`, remedy: "The logs of the workers have the details." })
  }
}

async function deleteWaiting(queue: ScanQueues, scanId: string): Promise<void> {
  const waiting = await queue.boss.findJobs(queue.parts, { data: { scanId }, queued: true, limit: jobsMost })
  if (waiting.length > 0) await queue.boss.deleteJob(queue.parts, waiting.map(({ id }) => id))
}

async function isActive(queue: ScanQueues, part: PartJob): Promise<boolean> {
  const jobs = await queue.boss.findJobs(queue.parts, { key: partKey(part) })
  return jobs.some(({ state }) => state === 'active')
}
