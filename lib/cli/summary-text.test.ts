import { describe, expect, it } from 'vitest'
import type { ScanSummary } from '@/lib/domain/scan'
import { summaryText } from './summary-text'

const summary: ScanSummary = {
  schemaVersion: 1, scanId: 's', status: 'partial', mode: 'full', startedAt: '2026-01-01T00:00:00Z', finishedAt: '2026-01-01T00:00:09Z', subscriptions: [],
  resources: 1, requests: { total: 1_200, throttled: 0, retried: 30 }, score: null, coverage: 0, keyPoints: [],
}

describe('summaryText', () => {
  it('tells of subscriptions that were left alone for a while, where there were any', () => {
    expect(summaryText(summary, false)).toContain('Requests 1,200 · throttled 0 · retried 30\n')
    expect(summaryText({ ...summary, requests: { ...summary.requests, atLeast: true } }, false)).toContain('Requests at least ')
    expect(summaryText({ ...summary, requests: { ...summary.requests, circuitsOpened: 2 } }, false)).toContain('retried 30 · pauses for failing subscriptions 2\n')
  })

  it('tells what else was met on the way', () => {
    const requests = { ...summary.requests, timedOut: 3, batches: 12, pausedMs: 40_400, mostAtOnce: 48, tokensRenewed: 1 }
    expect(summaryText({ ...summary, requests }, false)).toContain('retried 30 · not answered in time 3\nMost at once 48 · batches 12 · tokens renewed 1 · pauses that Azure asked for 41 s\n')
  })

  it('tells what incremental scans missed, where they did', () => {
    expect(summaryText(summary, false)).not.toContain('missed it')
    expect(summaryText({ ...summary, missed: { missed: 1_200, perhapsMissed: 0 } }, false)).toContain('\n1,200 had changed without a trace in the activity log, so that incremental scans missed it\n')
    expect(summaryText({ ...summary, missed: { missed: 1, perhapsMissed: 2 } }, false)).toContain('missed it · 2 changed where the activity log could not be asked')
  })
})
