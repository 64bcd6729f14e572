'use client'

import { useEffect, useState } from 'react'
import { hasEnded, type ScanProgressView } from './scan-progress-view'

const visibleMs = 2_000
const hiddenMs = 10_000

export interface LiveScan {
  view: ScanProgressView
  /** By the server's clock, as of the last answer. */
  elapsedMs: number
  /** One sentence while the server cannot be asked; it is asked again all the same. */
  problem: string | null
}

/** Asks for a running scan's progress until it has ended; less often while nobody looks. */
export function useScanProgress(scanId: string, first: ScanProgressView, firstElapsedMs: number): LiveScan {
  const [live, setLive] = useState<LiveScan>({ view: first, elapsedMs: firstElapsedMs, problem: null })
  const ended = hasEnded(live.view.status)

  useEffect(() => {
    if (ended) return
    const abort = new AbortController()
    let etag: string | null = null
    let timer: ReturnType<typeof setTimeout> | undefined

    async function ask() {
      try {
        const response = await fetch(`/api/scans/${encodeURIComponent(scanId)}`, { headers: etag === null ? {} : { 'if-none-match': etag }, signal: abort.signal, cache: 'no-store' })
        const now = Date.parse(response.headers.get('date') ?? '') || Date.now()
        if (response.status === 304) setLive((before) => ({ ...before, elapsedMs: elapsed(before.view, now), problem: null }))
        else if (response.ok) {
          etag = response.headers.get('etag')
          const view = toView(await response.json())
          setLive({ view, elapsedMs: elapsed(view, now), problem: null })
        } else setLive((before) => ({ ...before, problem: response.status === 401 ? 'You were signed out. Reload the page to sign in again.' : `The server answered ${response.status}; asking again.` }))
      } catch (error) {
        if (abort.signal.aborted) return
        setLive((before) => ({ ...before, problem: `The server cannot be reached (${error instanceof Error ? error.message : 'no answer'}); asking again. The scan goes on without this page.` }))
      }
      timer = setTimeout(ask, document.hidden ? hiddenMs : visibleMs)
    }

    timer = setTimeout(ask, visibleMs)
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [scanId, ended])

  return live
}

/** The route handler of the same build wrote it, so its shape is known. */
function toView(json: unknown): ScanProgressView {
  return json as ScanProgressView
}

function elapsed(view: ScanProgressView, now: number): number {
  return view.startedAt === null ? 0 : now - Date.parse(view.startedAt)
}
