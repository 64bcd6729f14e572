import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { TrendChart } from '@/components/charts/trend-chart'
import type { TrendPoint } from '@/lib/domain/trend'
import { TrendTable } from './trend-table'

const point = (at: string, score: number | null, coverage: number): TrendPoint => ({
  scanId: at, at, status: 'succeeded', score: 90, coverage: 91, fails: 3, keyPoints: { 'log-review': { score, coverage, fails: 2 } },
})
const points = [point('2026-01-01T02:00:00Z', 12.5, 34.5), point('2026-01-02T02:00:00Z', null, 6)]
const span = { since: new Date('2026-01-01'), until: new Date('2026-01-03') }

it('tells the coverage of each key point in each scan, to readers of the page as a word too', () => {
  const html = renderToStaticMarkup(createElement(TrendTable, { points, keyPoints: ['log-review', 'time-sync'], page: 1, hrefFor: String }))
  const text = html.replaceAll(/<[^>]*>/g, '')
  expect(text).toContain('90.0, coverage 91.0 %')
  expect(text).toContain('12.5, coverage 34.5 %')
  expect(text).toContain('Not scored, coverage 6.0 %')
})

it('shows the newest scans, and older ones page by page, open', () => {
  const many = Array.from({ length: 120 }, (_, index) => point(new Date(Date.UTC(2026, 0, 1 + index)).toISOString(), 50, 80))
  const shown = (page: number | null) => renderToStaticMarkup(createElement(TrendTable, { points: many, keyPoints: [], page, hrefFor: (to: number) => `/trends?page=${to}` }))
  const daysOf = (html: string) => [...html.matchAll(/\/scans\/(\d{4}-\d\d-\d\d)/g)].map((match) => match[1])
  expect([daysOf(shown(null)).length, daysOf(shown(null))[0], shown(null).includes('<details class="disclosure">')]).toEqual([50, '2026-04-30', true])
  expect([daysOf(shown(1))[0], shown(1).includes('<details class="disclosure" open="">')]).toEqual(['2026-04-30', true])
  expect([daysOf(shown(9)).length, daysOf(shown(9)).at(-1), shown(9).includes('<details class="disclosure" open="">')]).toEqual([20, '2026-01-01', true])
  expect(shown(null)).toContain('href="/trends?page=2"')
  expect(shown(2)).toContain('href="/trends?page=1"')
})

it('draws the coverage of a key point, with a dot of its own where there is no score', () => {
  const drawn = (one: Pick<TrendPoint, 'score' | 'coverage'>) => renderToStaticMarkup(createElement(TrendChart, { points: points.map((each) => ({ ...each, ...one })), ...span, small: true }))
  const coverageLines = (html: string) => html.match(/stroke="var\(--unknown\)"/g)?.length
  expect(coverageLines(drawn({ score: 50, coverage: 80 }))).toBe(1)
  expect(coverageLines(drawn({ score: null, coverage: 80 }))).toBe(2)
})
