import { describe, expect, it } from 'vitest'
import type { ScanProgress } from '@/lib/domain/scan'
import { progressLine, secondsLeft } from './progress-line'

const collecting: ScanProgress = {
  stage: 'collect', subscriptionsTotal: 6, subscriptionsDone: 0, resourcesFound: 1_840, readsPlanned: 2_000, readsDone: 500,
  requests: { total: 520, throttled: 0, retried: 0 },
}

describe('progressLine', () => {
  it('gives counts and the time left at the rate so far', () => {
    expect(progressLine(collecting, 10_000)).toBe('Reading · 0 of 6 subscriptions judged · 1,840 resources · 500 of 2,000 reads · about 30 s left')
  })

  it('turns to minutes when it takes long, and names throttling', () => {
    const slow = { ...collecting, readsDone: 100, requests: { total: 130, throttled: 12, retried: 12 } }
    expect(progressLine(slow, 60_000)).toContain('12 throttled · about 19 min left')
  })

  it('guesses no time before it has something to go by', () => {
    expect(secondsLeft({ ...collecting, readsDone: 3 }, 60_000)).toBeNull()
    expect(secondsLeft(collecting, 100)).toBeNull()
    expect(secondsLeft({ ...collecting, stage: 'evaluate' }, 60_000)).toBeNull()
  })
})
