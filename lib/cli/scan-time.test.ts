import { describe, expect, it } from 'vitest'
import { estimateScan, scanTimeInWords, type EstateSizes } from './scan-time'

const nothing = { logging: 0, storageAccounts: 0, audited: 0, databaseServers: 0, workspaces: 0 }
const having = (count: number, of: Partial<typeof nothing>) => ({ count, of: { ...nothing, ...of } })
const each = (subscriptions: number, count: number, of: Partial<typeof nothing>): EstateSizes => new Map(Array.from({ length: subscriptions }, (_, index) => [`s${index}`, having(count, of)]))

describe('the time that a full scan takes', () => {
  it('is set by the fullest bucket where one subscription is large', () => {
    expect(estimateScan(new Map([['a', having(50_000, { logging: 25_000 })], ['b', having(10, { logging: 10 })]]))).toMatchObject({ bound: 'bucket', seconds: (25_004 - 240) / 25 })
  })

  it('is set by all reads, or by the pages, where many are small', () => {
    const many = each(5_000, 400, { logging: 300 })
    expect(estimateScan(many)).toMatchObject({ bound: 'reads', reads: 5_000 * 304 })
    expect(estimateScan(each(5_000, 400, { logging: 40 }))).toMatchObject({ bound: 'pages', seconds: 2_000 })
    expect(scanTimeInWords(many)).toMatch(/2,000,000 resources takes about 50 minutes/)
  })

  it('counts what is asked and not what is listed: services of an account, the audit of a database, parameters, destinations, nothing of what logs nothing', () => {
    expect(estimateScan(each(1, 100_000, { storageAccounts: 100, audited: 7, databaseServers: 10, workspaces: 2 })).reads).toBe(4 + 400 + 7 + 30 + 12)
  })

  it('is not told where Resource Graph tells no sizes', () => {
    expect(scanTimeInWords(new Map())).toContain('nothing can be said')
  })
})
