import type { ScanProgress, ScanStatus } from '@/lib/domain/scan'
import type { ScanDetail, ScanPartRow } from '@/lib/domain/views'

/** What the page of a running scan asks for again and again. */
export interface ScanProgressView {
  status: ScanStatus
  startedAt: string | null
  progress: ScanProgress | null
  parts: ScanPartRow[]
}

export function toProgressView(scan: Pick<ScanDetail, keyof ScanProgressView>): ScanProgressView {
  return { status: scan.status, startedAt: scan.startedAt, progress: scan.progress, parts: scan.parts }
}

export function hasEnded(status: ScanStatus): boolean {
  return status !== 'queued' && status !== 'running'
}

/** True when it ended by judging something and its findings are kept, so that it can be compared. */
export function hasResults({ status, pruned }: { status: ScanStatus; pruned: boolean }): boolean {
  return !pruned && (status === 'succeeded' || status === 'partial')
}
