import { hash } from 'node:crypto'
import type { ResourceKey } from './arm-id'

const smallest = 1 << 10

/**
 * A set of resource keys by 64 bits of their SHA-256: 16 to 32 bytes a key, so that the keys of a million resources fit beside the rest.
 * Two keys of an estate of a million share their bits once in thirty million estates.
 */
export class KeySet {
  private slots = new Uint32Array(smallest * 2)
  private count = 0

  get size(): number {
    return this.count
  }

  has(key: ResourceKey): boolean {
    const [high, low] = bitsOf(key)
    return this.find(high, low) < 0
  }

  /** True when the key is new. */
  add(key: ResourceKey): boolean {
    const [high, low] = bitsOf(key)
    const at = this.find(high, low)
    if (at < 0) return false
    this.slots[at] = high
    this.slots[at + 1] = low
    this.count += 1
    if (this.count * 4 > this.slots.length) this.grow()
    return true
  }

  /** Index of the free slot for these bits; negative when they are there. */
  private find(high: number, low: number): number {
    const mask = this.slots.length - 1
    for (let at = (low * 2) & mask; ; at = (at + 2) & mask) {
      if (this.slots[at] === high && this.slots[at + 1] === low) return -1
      if (this.slots[at] === 0 && this.slots[at + 1] === 0) return at
    }
  }

  private grow(): void {
    const before = this.slots
    this.slots = new Uint32Array(before.length * 2)
    for (let at = 0; at < before.length; at += 2) {
      const [high, low] = [before[at] ?? 0, before[at + 1] ?? 0]
      if (high === 0 && low === 0) continue
      const free = this.find(high, low)
      this.slots[free] = high
      this.slots[free + 1] = low
    }
  }
}

/** Never both zero, which marks a free slot. */
function bitsOf(key: ResourceKey): [high: number, low: number] {
  const digest = hash('sha256', key, 'buffer')
  return [(digest.readUInt32LE(0) | 1) >>> 0, digest.readUInt32LE(4)]
}
