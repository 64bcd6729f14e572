import type { ScanProgress, ScanStage } from '@/lib/domain/scan'

const stageWords: Record<ScanStage, string> = { discover: 'Listing subscriptions', collect: 'Reading', evaluate: 'Judging', finish: 'Finishing' }
const number = new Intl.NumberFormat('en')

/** Time left of the reads, from their rate so far; null while there is nothing to go by. */
export function secondsLeft(progress: ScanProgress, elapsedMs: number): number | null {
  if (progress.stage !== 'collect' || progress.readsDone < 20 || elapsedMs < 2_000) return null
  const left = progress.readsPlanned - progress.readsDone
  return Math.ceil((left * elapsedMs) / progress.readsDone / 1_000)
}

/** One line of progress: stage, counts, time left. */
export function progressLine(progress: ScanProgress, elapsedMs: number): string {
  const parts = [`${stageWords[progress.stage]}`]
  if (progress.subscriptionsTotal !== null) parts.push(`${number.format(progress.subscriptionsDone)} of ${number.format(progress.subscriptionsTotal)} subscriptions judged`)
  parts.push(`${number.format(progress.resourcesFound)} resources`)
  parts.push(`${number.format(progress.readsDone)} of ${number.format(progress.readsPlanned)} reads`)
  if (progress.requests.throttled > 0) parts.push(`${number.format(progress.requests.throttled)} throttled`)
  const left = secondsLeft(progress, elapsedMs)
  if (left !== null) parts.push(left < 90 ? `about ${left} s left` : `about ${Math.ceil(left / 60)} min left`)
  return parts.join(' · ')
}

/** Shows progress on stderr: one line that is rewritten on a terminal, a line every ten seconds elsewhere. */
export class ProgressPrinter {
  private readonly startedAt = Date.now()
  private lastPrintedAt = 0
  private lastStage: ScanStage | null = null

  show(progress: ScanProgress): void {
    const now = Date.now()
    const line = progressLine(progress, now - this.startedAt)
    if (process.stderr.isTTY) {
      process.stderr.write(`\r\u001b[K${line}`)
    } else if (progress.stage !== this.lastStage || now - this.lastPrintedAt >= 10_000) {
      process.stderr.write(`${line}\n`)
      this.lastPrintedAt = now
      this.lastStage = progress.stage
    }
  }

  end(): void {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  }
}
