import { describe, expect, it } from 'vitest'
import { portions } from './portions'

const named = (count: number) => Array.from({ length: count }, (_, index) => `s${index}`)

describe('portions of subscriptions', () => {
  it('hold all, each once, within their bounds', () => {
    const all = portions(named(1_000), (id) => Number(id.slice(1)) % 70)
    expect(all.flat()).toEqual(named(1_000))
    expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(150)
    expect(Math.max(...all.map((some) => some.reduce((sum, id) => sum + (Number(id.slice(1)) % 70), 0)))).toBeLessThanOrEqual(2_000)
  })

  it('give a subscription with many machines one of its own, and ask for none where there is none', () => {
    expect(portions(['a', 'huge', 'b'], (id) => (id === 'huge' ? 50_000 : 1))).toEqual([['a'], ['huge'], ['b']])
    expect(portions([], () => 0)).toEqual([])
  })
})
