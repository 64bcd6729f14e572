import { describe, expect, it } from 'vitest'
import { growthOf, predictedBytes } from './database-growth'

const sizes = (...bytes: number[]) => bytes.map((one, index) => ({ at: new Date(Date.UTC(2026, 0, 1 + index)).toISOString(), bytes: one }))

describe('the growth of the database', () => {
  it.each([
    ['no scan', [], null],
    ['one scan', [100], null],
    ['three nights', [100, 130, 120], { scans: 2, bytesPerScan: 10, bytesPerDay: 10 }],
    ['a database that shrank', [100, 50], { scans: 1, bytesPerScan: 0, bytesPerDay: 0 }],
  ])('%s', (_, bytes, growth) => {
    expect(growthOf(sizes(...bytes))).toEqual(growth)
  })

  it('is not told from two scans of one hour', () => {
    expect(growthOf([{ at: '2026-01-01T02:00:00Z', bytes: 1 }, { at: '2026-01-01T03:00:00Z', bytes: 2 }])).toBeNull()
  })

  it('of several scans a day is told for each and for the day', () => {
    const four = ['01T00', '01T12', '02T00', '02T12', '03T00'].map((time, index) => ({ at: `2026-01-${time}:00:00Z`, bytes: index * 10 }))
    expect(growthOf(four)).toEqual({ scans: 4, bytesPerScan: 10, bytesPerDay: 20 })
  })
})

describe('the size to come', () => {
  const growth = { scans: 30, bytesPerScan: 10, bytesPerDay: 10 }
  it.each([
    ['grows on while history is younger than it is kept', 400, 0, 5_000],
    ['until it is that old', 90, 30, 1_600],
    ['and no further', 90, 90, 1_000],
    ['nor when it is older still', 90, 120, 1_000],
    ['for all the time where it is kept for longer', 3_650, 400, 5_000],
  ])('%s', (_, keptDays, oldestDays, bytes) => {
    expect(predictedBytes({ bytes: 1_000, growth, keptDays, oldestDays }, 400)).toBe(bytes)
  })
})
