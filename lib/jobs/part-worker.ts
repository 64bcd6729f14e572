import { setTimeout as pause } from 'node:timers/promises'
import type { Job } from 'pg-boss'
import { AzureAwayError, type Azure } from '@/lib/azure'
import { findLedScan, isDatabaseLost, leavePart, savePartError, takePart, type Database } from '@/lib/db'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { joinScan, subscriptionsAtOnce, type PartReading } from '@/lib/scan'
import { sendPart, type PartJob, type ScanQueues } from './queue'

/** Between two parts, so that the reads of the first are in flight before it is asked whether there is room for another. */
const nextPartMs = 50
const lookAgainMs = 250
const lookIdleMs = 1_000
/** A part is read no more where for so long no report of what its reader does was stored: others wait for it. */
const silentMost = 30_000
const touchEveryMs = 10_000
/** A scan without parts to read for so long is left, and its connections with it. */
const leaveAfterMs = 20_000
const noHelpMs = 10_000

/** A scan that this process reads parts of. */
interface Helped {
  seq: number
  /** True: this process leads it, so that what keeps it from reading a part keeps anybody. */
  leads: boolean
  reading: PartReading
  /** True while its reports are stored, which tells that it can go on. */
  isHeard(): boolean
  leave(): Promise<void>
}

/** Opens the way to Azure for one scan: with the scanning identity, or with a person's delegated rights. */
export type ConnectScan = (signal: AbortSignal, delegatedSessionId: string | null) => Promise<{ azure: Azure; tenantId: string; cloud: string; close(): Promise<void> }>

export interface PartWorkerOptions {
  db: Database
  queue: ScanQueues
  worker: number
  policyPath: string | null
  connect: ConnectScan
  silentMs?: number
}

/**
 * Takes parts of scans from the queue while it has connections to spare: those of a scan that this process leads, and those of others. A worker whose reads are
 * held up by Azure's limits so takes many at once, one whose connections are all in use leaves them to others.
 */
export class PartWorker {
  private readonly led = new Map<string, Helped>()
  private readonly helped = new Map<string, Helped>()
  private readonly joining = new Map<string, Promise<Helped | null>>()
  private readonly running = new Map<Job<PartJob>, Promise<void>>()
  /** What running jobs are read with. */
  private readonly readers = new WeakMap<Job<PartJob>, Helped>()
  private readonly stopping = new AbortController()
  private readonly loop: Promise<void>
  private readonly touching: NodeJS.Timeout
  private idleSince = performance.now()
  private restUntil = 0

  constructor(private readonly options: PartWorkerOptions) {
    this.loop = this.take()
    this.touching = setInterval(() => void this.touch(), Math.min(touchEveryMs, this.silentMs))
  }

  private get silentMs(): number {
    return this.options.silentMs ?? silentMost
  }

  /** Parts of this scan are read as by its leader, with what it has at hand. Returns what ends that. */
  lead(scanId: string, seq: number, reading: PartReading): () => void {
    const led: Helped = { seq, leads: true, reading, isHeard: () => !reading.deps.signal.aborted, leave: async () => undefined }
    this.led.set(scanId, led)
    return () => {
      // This process may lead it again by now.
      if (this.led.get(scanId) === led) this.led.delete(scanId)
    }
  }

  async stop(): Promise<void> {
    this.stopping.abort(new Error('The worker was stopped.'))
    await this.loop
    await Promise.all(this.running.values())
    clearInterval(this.touching)
    await this.leaveHelped()
  }

  private async take(): Promise<void> {
    const { signal } = this.stopping
    while (!signal.aborted) {
      try {
        await this.takeOne()
      } catch (error) {
        if (!signal.aborted) log('warn', 'no part of a scan could be taken', { error: String(error) })
        await pause(lookIdleMs)
      }
    }
  }

  private async takeOne(): Promise<void> {
    const { queue } = this.options
    const active = this.running.size > 0 || this.led.size > 0
    if (active) this.idleSince = performance.now()
    await this.leaveHelped((scan) => scan.reading.deps.signal.aborted || (!active && performance.now() - this.idleSince > leaveAfterMs))
    // A worker that cannot join would keep parts from those who can read them.
    if (performance.now() < this.restUntil || this.joining.size > 0 || this.isBusy()) return void (await pause(nextPartMs))
    const [job] = await queue.boss.fetch<PartJob>(queue.parts)
    if (job === undefined) return void (await pause(active || this.helped.size > 0 ? lookAgainMs : lookIdleMs))
    this.running.set(job, this.run(job).finally(() => this.running.delete(job)))
    await pause(nextPartMs)
  }

  private isBusy(): boolean {
    if (this.running.size >= subscriptionsAtOnce) return true
    return [...this.led.values(), ...this.helped.values()].some(({ reading }) => reading.isBusy())
  }

  /** Never rejects: a part that failed for good fails its scan, any other goes back to the queue. */
  private async run(job: Job<PartJob>): Promise<void> {
    const { db, queue, worker } = this.options
    const { scanId, subscriptionId } = job.data
    let scan: Helped | null = null
    try {
      const led = this.led.get(scanId)
      // A scan that another leads by now is helped with.
      scan = led !== undefined && !led.reading.deps.signal.aborted ? led : await this.help(scanId)
      if (scan !== null) this.readers.set(job, scan)
      if (scan !== null && (await takePart(db, scan.seq, subscriptionId, worker, job.id))) {
        await scan.reading.takeOverLists()
        await scan.reading.read(subscriptionId)
      }
      await queue.boss.complete(queue.parts, job)
    } catch (error) {
      await this.giveBackAtLast(job, scan, error)
    }
  }

  /** Tells of it when the database can be told again: whoever leads the scan sees that this worker lives, and would wait for the part. */
  private async giveBackAtLast(job: Job<PartJob>, scan: Helped | null, error: unknown): Promise<void> {
    for (;;) {
      try {
        return await this.giveBack(job, scan, error)
      } catch (untold) {
        if (!isDatabaseLost(untold) || this.stopping.signal.aborted) return log('debug', 'a part is given back when its heartbeat is missed', { ...job.data, error: String(untold) })
        await pause(lookIdleMs)
      }
    }
  }

  private async giveBack(job: Job<PartJob>, scan: Helped | null, error: unknown): Promise<void> {
    const { db, queue, worker } = this.options
    const { scanId, subscriptionId } = job.data
    // It was given to others, who may be this worker once more.
    if (!this.running.has(job)) return
    if (scan === null) return await this.sendAgain(job)
    if (isDatabaseLost(error)) return void (await queue.boss.fail(queue.parts, job))
    const stopped = scan.reading.deps.signal.aborted || this.stopping.signal.aborted
    const isAway = !stopped && isOwnTrouble(scan, error)
    if (isAway) this.rest(scanId, error)
    if (!stopped && !isAway) {
      log('error', 'a part of a scan failed', { scanId, subscriptionId, error: error instanceof Error ? error.stack : String(error) })
      // Another may fare better than a helper.
      if (scan.leads) await savePartError(db, scan.seq, subscriptionId, toPartError(error))
    }
    await scan.reading.count()
    await leavePart(db, scan.seq, subscriptionId, worker)
    await (isAway ? this.sendAgain(job) : queue.boss.fail(queue.parts, job))
  }

  /** Gives a part back that this worker was not able to try: that is none of its attempts. */
  private async sendAgain(job: Job<PartJob>): Promise<void> {
    const { queue } = this.options
    await queue.boss.complete(queue.parts, job)
    await sendPart(queue, job.data)
  }

  /** Leaves parts to those who can read them for a while. */
  private rest(scanId: string, error: unknown): void {
    // Parts that are read at the same time fail alike.
    if (performance.now() >= this.restUntil) log('warn', 'this worker cannot read parts of a scan now', { scanId, error: String(error) })
    this.restUntil = performance.now() + noHelpMs
  }

  /** A way to Azure and all that is needed to read parts of a scan that another process leads; null when it does not run (any more). */
  private async help(scanId: string): Promise<Helped | null> {
    const known = this.helped.get(scanId)
    if (known !== undefined && !known.reading.deps.signal.aborted) return known
    // Parts of one scan that are taken together share one way to Azure.
    const joining = this.joining.get(scanId) ?? this.join(scanId)
    this.joining.set(scanId, joining)
    try {
      return await joining
    } catch (error) {
      // Whoever leads the scan can read it, or it would have failed.
      this.rest(scanId, error)
      throw error
    } finally {
      this.joining.delete(scanId)
    }
  }

  private async join(scanId: string): Promise<Helped | null> {
    const { db, policyPath, connect } = this.options
    const scan = await findLedScan(db, scanId)
    if (scan === null) return null
    const stop = new AbortController()
    const connection = await connect(AbortSignal.any([stop.signal, this.stopping.signal]), scan.delegatedSessionId)
    const joined = await joinScan({ db, azure: connection.azure, estateId: scan.estateId, scanId, policyPath, stop }).catch(async (error: unknown) => {
      await connection.close()
      throw error
    })
    if (joined === null) {
      await connection.close()
      return null
    }
    const helped: Helped = {
      seq: scan.seq,
      leads: false,
      reading: joined.reading,
      isHeard: () => performance.now() - joined.reportedAt() < this.silentMs,
      leave: async () => {
        stop.abort(new Error('The scan needs no more help.'))
        await joined.leave().catch((error: unknown) => log('debug', 'what was done last for a scan is not counted', { scanId, error: String(error) }))
        await connection.close()
      },
    }
    await this.helped.get(scanId)?.leave()
    this.helped.set(scanId, helped)
    return helped
  }

  private async leaveHelped(which: (scan: Helped) => boolean = () => true): Promise<void> {
    for (const [scanId, scan] of this.helped) {
      if (!which(scan)) continue
      this.helped.delete(scanId)
      await scan.leave()
    }
  }

  /** Tells the queue which parts are being read, and gives those to others whose reader is not heard any more. */
  private async touch(): Promise<void> {
    const { boss, parts } = this.options.queue
    const jobs = [...this.running.keys()]
    const silent = jobs.filter((job) => this.readers.get(job)?.isHeard() === false)
    // If one of them ends after all, its part is known to be read, or is sent again.
    for (const job of silent) this.running.delete(job)
    if (silent.length > 0) log('warn', 'parts of a scan are given to others, as nothing is heard of their reading', { parts: silent.length })
    const heard = jobs.filter((job) => !silent.includes(job))
    await Promise.all([heard.length > 0 && boss.touch(parts, heard), silent.length > 0 && boss.fail(parts, silent)])
      .catch((error: unknown) => log('warn', 'the queue could not be told which parts are being read', { error: String(error) }))
  }
}

/** True where it is this worker that cannot read just now, and not the part that cannot be read: Azure is out of its reach, or refuses a helper's sign-in. */
function isOwnTrouble({ leads }: Helped, error: unknown): boolean {
  return error instanceof AzureAwayError || (!leads && error instanceof KeypointError)
}

function toPartError(error: unknown): { message: string; remedy: string } {
  if (error instanceof KeypointError) return { message: error.message, remedy: error.remedy }
  return { message: 'The scan stopped on an unexpected error.', remedy: "The worker's log has the details." }
}
