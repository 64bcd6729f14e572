import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { ScanRow } from '@/lib/domain/views'
import { ScanPicker } from './scan-picker'

const at = (day: string) => `${day}T02:00:00.000Z`
const compared = (day: string, seq: number) => ({ scanId: day, seq, status: 'succeeded' as const, startedAt: at(day), azureStartedAt: at(day), finishedAt: at(day) })
const scan = (day: string): ScanRow => ({
  scanId: day, status: 'succeeded', mode: 'full', requestedBy: 'nightly', judgesAgain: null, createdAt: at(day), startedAt: at(day), finishedAt: at(day), resources: 1, score: 50, coverage: 100,
  subscriptionsRead: 1, subscriptionsTotal: 1, requests: null, error: null, pruned: false,
})
const pair = { from: compared('2026-03-01', 1), to: compared('2026-06-01', 9) }
const shown = (days: string[], until: string | null, all: number) =>
  renderToStaticMarkup(createElement(ScanPicker, { scans: days.map(scan), pair, until: until === null ? null : new Date(until), all }))
const optionsOf = (html: string, name: string) => [...(new RegExp(`<select id="${name}".*?</select>`).exec(html)?.[0] ?? '').matchAll(/value="([^"]*)"/g)].map((match) => match[1])

describe('ScanPicker', () => {
  it('asks for no day where its lists hold every scan', () => {
    expect(shown(['2026-06-01', '2026-03-01'], null, 2)).not.toContain('Offer scans until')
  })

  it('leads to older scans by a day, and says how many of how many it offers', () => {
    expect(shown(['2026-06-01', '2026-03-01'], null, 412)).toContain('The lists hold the newest 2 of 412 scans that can be compared.')
    expect(shown(['2026-02-02', '2026-02-01'], '2026-02-02', 412)).toMatch(/type="date"[^>]*value="2026-02-02"/)
  })

  it('keeps the two that are compared among the others, each where its time puts it', () => {
    const html = shown(['2026-04-02', '2026-04-01'], '2026-04-02', 412)
    expect(optionsOf(html, 'from')).toEqual(['2026-04-02', '2026-04-01', '2026-03-01'])
    expect(optionsOf(html, 'to')).toEqual(['2026-06-01', '2026-04-02', '2026-04-01'])
    expect(optionsOf(shown([], '2020-01-01', 412), 'from')).toEqual(['2026-03-01'])
  })
})
