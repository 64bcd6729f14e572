import { hash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOf, jsonBatches, toJson } from './json'

/** What the stored hashes were made from. */
function asStored(value: unknown): string {
  const sorted = (_key: string, item: unknown) =>
    typeof item !== 'object' || item === null || Array.isArray(item) ? item : Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)))
  return hash('sha256', JSON.stringify(value, sorted), 'base64url').slice(0, 22)
}

describe('hashOf', () => {
  it('gives what is stored already, for any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => hashOf(value) === asStored(value)), { numRuns: 500 })
  })

  it.each([
    [{ b: 1, a: undefined, c: [undefined, null] }],
    [{ 10: 'ten', 9: 'nine', '01': 'text', x: { 2: 0, 1: 0 } }],
    [[{ 'é': '\u2028', '\u0000': '\ud800', '￿': 1, '😀': 2 }, -0, 1e21]],
    [JSON.parse('{"tags":{"__proto__":"a","constructor":{"z":1,"a":2}}}')],
  ])('gives what is stored already for %j', (value) => {
    expect(hashOf(value)).toBe(asStored(value))
  })

  it('tells contents apart and does not depend on the order of keys', () => {
    expect(hashOf({ a: 1, b: { c: 2, d: 3 } })).toBe(hashOf({ b: { d: 3, c: 2 }, a: 1 }))
    expect(hashOf(JSON.parse('{"__proto__":"a"}'))).not.toBe(hashOf({}))
  })
})

describe('toJson', () => {
  it('leaves out what PostgreSQL refuses, and nothing else', () => {
    expect(toJson({ a: 'x\u0000y', b: '\ud800', c: '\u2028 \u0001 é', d: '\\u0000' })).toBe(JSON.stringify({ a: 'xy', b: '\ufffd', c: '\u2028 \u0001 é', d: '\\u0000' }))
  })
})

describe('jsonBatches', () => {
  it('holds every item once, in order, and no more in one array than asked but for one item alone', () => {
    fc.assert(fc.property(fc.array(fc.string({ maxLength: 30 })), fc.integer({ min: 1, max: 60 }), (items, most) => {
      const batches = [...jsonBatches(items, most)].map((text): unknown[] => JSON.parse(text))
      expect(batches.flat()).toEqual(items.map((item) => JSON.parse(toJson(item))))
      for (const batch of batches) expect(batch.length === 1 || batch.reduce<number>((sum, item) => sum + JSON.stringify(item).length, 0) <= most).toBe(true)
    }))
  })

  it('takes out of each item what PostgreSQL refuses', () => {
    expect([...jsonBatches([{ a: 'x\0y' }, 'z\uD800'])]).toEqual(['[{"a":"xy"},"z\uFFFD"]'])
  })
})
