import { describe, expect, it } from 'vitest'
import { estimateScan, scanTimeInWords, type EstateSizes } from './scan-time'

const each = (subscriptions: number, resources: number) => new Map(Array.from({ length: subscriptions }, (_, index) => [`s${index}`, resources]))
const none = new Map<string, number>()
const sizes = (over: Partial<EstateSizes>): EstateSizes => ({ all: none, logging: none, storageAccounts: none, sql: none, ...over })

describe('the time that a full scan takes', () => {
  it('is set by the fullest bucket where one subscription is large', () => {
    expect(estimateScan(sizes({ all: new Map([['a', 50_000], ['b', 10]]), logging: new Map([['a', 25_000], ['b', 10]]) }))).toMatchObject({ bound: 'bucket', seconds: (25_003 - 240) / 25 })
  })

  it('is set by all reads, or by the pages, where many are small', () => {
    const many = sizes({ all: each(5_000, 400), logging: each(5_000, 300) })
    expect(estimateScan(many)).toMatchObject({ bound: 'reads', reads: 5_000 * 303 })
    expect(estimateScan({ ...many, logging: each(5_000, 40) })).toMatchObject({ bound: 'pages', seconds: 2_000 })
    expect(scanTimeInWords(many)).toMatch(/2,000,000 resources takes about 50 minutes/)
  })

  it('counts what is asked and not what is listed: services of an account, the audit of a database, nothing of what logs nothing', () => {
    expect(estimateScan(sizes({ all: each(1, 100_000), storageAccounts: each(1, 100), sql: each(1, 7) })).reads).toBe(3 + 400 + 7)
  })

  it('is not told where Resource Graph tells no sizes', () => {
    expect(scanTimeInWords(sizes({}))).toContain('nothing can be said')
  })
})
