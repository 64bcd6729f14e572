export type Json = null | boolean | number | string | Json[] | JsonObject

export interface JsonObject {
  [key: string]: Json | undefined
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The member that a dotted path leads to; undefined where it ends early. */
export function jsonAt(value: unknown, ...path: string[]): unknown {
  let at = value
  for (const name of path) {
    if (!isJsonObject(at)) return undefined
    at = at[name]
  }
  return at
}
