import { hash } from 'node:crypto'

/** JSON text that PostgreSQL accepts: NUL characters and lone surrogates, which jsonb refuses, are taken out. */
export function toJson(value: unknown): string {
  const text = JSON.stringify(value)
  // Nearly no text has an escape, and looking for one first is far cheaper than the expression.
  return text.includes('\\u') && /\\u0000|\\ud[89a-f]/i.test(text) ? JSON.stringify(clean(value)) : text
}

/** Text that PostgreSQL accepts. */
export function toText(value: string): string {
  return value.includes('\0') || !value.isWellFormed() ? value.replaceAll('\0', '').toWellFormed() : value
}

function clean(value: unknown): unknown {
  if (typeof value === 'string') return toText(value)
  if (Array.isArray(value)) return value.map(clean)
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [toText(key), clean(item)]))
  }
  return value
}

/** A hash of JSON content that does not depend on the order of keys; 22 characters of SHA-256. */
export function hashOf(value: unknown): string {
  return hash('sha256', JSON.stringify(inKeyOrder(value)), 'base64url').slice(0, 22)
}

/** A copy whose keys come in order. Faster than a replacer, which takes the quick way of JSON.stringify away. */
function inKeyOrder(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(inKeyOrder)
  const copy: Record<string, unknown> = {}
  const from = toObject(value)
  for (const key of inOrder(Object.keys(from))) {
    // A tag may have this name, and assigning to it would set something else.
    if (key === '__proto__') Object.defineProperty(copy, key, { value: inKeyOrder(from[key]), enumerable: true })
    else copy[key] = inKeyOrder(from[key])
  }
  return copy
}

/** Sorts in place. Most are in order already, and sorting those, too, would take a third of the time to hash. */
export function inOrder(texts: string[]): string[] {
  for (let at = 1; at < texts.length; at += 1) if ((texts[at - 1] ?? '') > (texts[at] ?? '')) return texts.sort()
  return texts
}

/** An object read from a jsonb column that holds objects only. */
export function toObject(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/**
 * The items as JSON arrays that PostgreSQL accepts, each of at most so many characters, or of one item that alone is longer: a jsonb value of 256 MB is refused,
 * and one on its way is held several times.
 */
export function* jsonBatches(items: readonly unknown[], most = 4_000_000): Generator<string> {
  let batch: string[] = []
  let length = 0
  for (const item of items) {
    const text = toJson(item)
    if (batch.length > 0 && length + text.length > most) {
      yield `[${batch.join(',')}]`
      batch = []
      length = 0
    }
    batch.push(text)
    length += text.length
  }
  if (batch.length > 0) yield `[${batch.join(',')}]`
}

/** Slices of at most `size` items, for statements of bounded size. */
export function* batches<T>(items: readonly T[], size = 2_000): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size)
}
