'use client'

import { useRouter } from 'next/navigation'
import { useEffect, useRef, useState } from 'react'
import { formatCount, formatDuration } from '@/components/format'
import { Notice } from '@/components/ui/notice'
import { scanStatusWords, stageWords } from '@/components/vocabulary'
import type { ScanProgress } from '@/lib/domain/scan'
import { PartTable } from './part-table'
import { ProgressBar } from './progress-bar'
import { RequestCounters } from './request-counters'
import { hasEnded, type ScanProgressView } from './scan-progress-view'
import { useScanProgress } from './use-scan-progress'

interface LiveProgressProps {
  scanId: string
  first: ScanProgressView
  elapsedMs: number
}

/** A running scan: stage, counts and a row per subscription, updated in place; the page is made anew when it ends. */
export function LiveProgress({ scanId, first, elapsedMs }: LiveProgressProps) {
  const live = useScanProgress(scanId, first, elapsedMs)
  const router = useRouter()
  const { status, progress, parts } = live.view
  const ended = hasEnded(status)
  const announcement = useAnnouncement(live.view)

  useEffect(() => {
    if (ended) router.refresh()
  }, [ended, router])

  return (
    <section aria-label="Progress" className="space-y-4">
      <p role="status" className="sr-only">{announcement}</p>
      <div className="space-y-2">
        <p className="text-lg font-semibold">{progress === null ? scanStatusWords[status] : stageWords[progress.stage]}</p>
        <ProgressBar {...barOf(status, progress)} />
        <p className="text-sm text-muted tabular-nums">{progress === null ? 'A worker will take it in a moment.' : countsLine(progress)} · {formatDuration(live.elapsedMs)} so far</p>
        <p className="text-sm text-muted">You can leave this page; the scan goes on.</p>
      </div>
      {live.problem !== null && <Notice kind="warning" role="alert" title={live.problem} />}
      {progress !== null && <RequestCounters requests={progress.requests} />}
      {parts.length > 0 && <PartTable parts={parts} />}
    </section>
  )
}

function countsLine(progress: ScanProgress): string {
  const { subscriptionsTotal, subscriptionsDone, resourcesFound, readsDone, readsPlanned } = progress
  const subscriptions = subscriptionsTotal === null ? 'Counting subscriptions' : `${formatCount(subscriptionsDone)} of ${formatCount(subscriptionsTotal)} subscriptions`
  const reads = readsPlanned === 0 ? '' : ` · ${formatCount(readsDone)} of about ${formatCount(readsPlanned)} reads`
  return `${subscriptions} · ${formatCount(resourcesFound)} resources found${reads}`
}

/** No invented share: without a known total the bar is indeterminate. */
function barOf(status: ScanProgressView['status'], progress: ScanProgress | null): { share: number | null; text: string } {
  if (progress === null) return { share: null, text: scanStatusWords[status] }
  const known = progress.stage !== 'discover' && progress.readsPlanned > 0
  return { share: known ? Math.min(1, progress.readsDone / progress.readsPlanned) : null, text: `${stageWords[progress.stage]}: ${countsLine(progress)}` }
}

/** Speaks at changes of stage, at a quarter, half and three quarters, and at the end; never at each answer. */
function useAnnouncement(view: ScanProgressView): string {
  const [text, setText] = useState('')
  const spoken = useRef('')
  const { share } = barOf(view.status, view.progress)
  const quarter = share === null ? 0 : Math.floor(share * 4) * 25
  const stage = view.progress?.stage
  const next = hasEnded(view.status) ? `Scan ended: ${scanStatusWords[view.status]}`
    : stage === undefined ? '' : quarter > 0 && quarter < 100 ? `${stageWords[stage]}, ${quarter} percent` : stageWords[stage]
  useEffect(() => {
    if (next === spoken.current) return
    spoken.current = next
    setText(next)
  }, [next])
  return text
}
