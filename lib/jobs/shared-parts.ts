import { setTimeout as pause } from 'node:timers/promises'
import { leadsScan, missingWorkers, partsToRead, takeFromDead, type Database } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { repeatEvery, type OpenPartBoard } from '@/lib/scan'
import type { PartWorker } from './part-worker'
import { partKey, sendPart, type PartJob, type ScanQueues } from './queue'

const lookEveryMs = 250
const jobsMost = 100_000
const rescueEveryMs = 1_000
/** A worker whose connection broke shows within this time again that it lives. */
const deadAfterMs = 3_000

/** Gives the parts of a scan to all workers, this one included, by the queue: a job for each subscription. */
export function sharedPartBoard({ db, queue, parts }: { db: Database; queue: ScanQueues; parts: PartWorker }): OpenPartBoard {
  return (scan, reading) => {
    const { scanId, seq } = scan
    const { signal } = reading.deps
    const endLead = parts.lead(scanId, seq, reading)
    const endRescue = repeatEvery(rescueEveryMs, 'parts of dead workers could not be looked for', partRescue(db, queue, seq))
    return {
      offer: async (subscriptionId, again) => {
        const part = { scanId, subscriptionId }
        // A job that has read the part is about to end; only then there can be another.
        while (!(await sendPart(queue, part)) && again && (await isActive(queue, part))) await pause(lookEveryMs, undefined, { signal })
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
        await endRescue()
        // The jobs are those of whoever leads the scan by now.
        if (await leadsScan(db, scan)) await deleteWaiting(queue, scanId)
      },
    }
  }
}

/** Gives the parts of dead workers back to the queue, long before it would miss their heartbeats. */
function partRescue(db: Database, queue: ScanQueues, seq: number): () => Promise<void> {
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

async function deleteWaiting(queue: ScanQueues, scanId: string): Promise<void> {
  const waiting = await queue.boss.findJobs(queue.parts, { data: { scanId }, queued: true, limit: jobsMost })
  if (waiting.length > 0) await queue.boss.deleteJob(queue.parts, waiting.map(({ id }) => id))
}

async function isActive(queue: ScanQueues, part: PartJob): Promise<boolean> {
  const jobs = await queue.boss.findJobs(queue.parts, { key: partKey(part) })
  return jobs.some(({ state }) => state === 'active')
}
