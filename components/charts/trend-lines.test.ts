import { describe, expect, it } from 'vitest'
import { dotsPath, linePath, type LinePoint } from './trend-lines'

const day = (index: number) => new Date(Date.UTC(2026, 0, 1 + index)).toISOString()
const points = (values: Record<number, number | null>): LinePoint[] => Object.entries(values).map(([index, value]) => ({ at: day(Number(index)), value }))
const path = (values: Record<number, number | null>) => linePath(points(values), new Date(day(0)), new Date(day(10)))

describe('the path of a line', () => {
  it.each([
    ['nothing', {}, ''],
    ['one scan', { 5: 50 }, 'M500 50'],
    ['several', { 0: 0, 5: 100, 10: 25.5 }, 'M0 100L500 0L1000 74.5'],
    ['a scan without a value', { 0: 10, 1: null, 2: 10, 3: 20 }, 'M0 90M200 90L300 80'],
    ['a long pause', { 0: 10, 1: 10, 2: 10, 7: 10, 8: 10 }, 'M0 90L100 90L200 90M700 90L800 90'],
    ['scans a week apart as usual', { 0: 10, 7: 10 }, 'M0 90L700 90'],
  ])('%s', (_, values, expected) => {
    expect(path(values)).toBe(expected)
  })
})

it('dots are where there is a value', () => {
  expect(dotsPath(points({ 0: 0, 1: null, 10: 25.5 }), new Date(day(0)), new Date(day(10)))).toBe('M0 100h0M1000 74.5h0')
})
