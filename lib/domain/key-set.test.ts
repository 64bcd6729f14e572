import { describe, expect, it } from 'vitest'
import { toResourceKey } from './arm-id'
import { KeySet } from './key-set'

const key = (n: number) => toResourceKey(`/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv${n}`)

describe('KeySet', () => {
  it('knows what was added and nothing else, also after it grew', () => {
    const keys = new KeySet()
    for (let n = 0; n < 20_000; n += 1) expect(keys.add(key(n))).toBe(true)
    for (let n = 0; n < 20_000; n += 1) expect(keys.has(key(n))).toBe(true)
    for (let n = 20_000; n < 40_000; n += 1) expect(keys.has(key(n))).toBe(false)
    expect(keys.size).toBe(20_000)
  })

  it('takes a key once', () => {
    const keys = new KeySet()
    expect(keys.add(key(1))).toBe(true)
    expect(keys.add(key(1))).toBe(false)
    expect(keys.size).toBe(1)
  })
})
