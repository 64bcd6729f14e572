/** KQL's view of values: strings compare by code units, absent dynamic members are null, and text operators take the text of a value. */

export type Row = Record<string, unknown>

export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** Null for what is no number. */
export function numberOf(value: unknown): number | null {
  const number =
    typeof value === 'boolean'
      ? Number(value)
      : typeof value === 'string' && value.trim() === ''
        ? Number.NaN
        : Number(value ?? Number.NaN)
  return Number.isNaN(number) ? null : number
}

export function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === ''
}

export function equal(a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (typeof a === 'number' || typeof b === 'number') return !isEmpty(a) && !isEmpty(b) && numberOf(a) === numberOf(b)
  if (typeof a === 'boolean' || typeof b === 'boolean') return !isEmpty(a) && textOf(a).toLowerCase() === textOf(b).toLowerCase()
  return textOf(a) === textOf(b)
}

/** Order of two values: nulls last in ascending order, numbers by size, text by code units. */
export function compare(a: unknown, b: unknown): number {
  const aNull = a === null || a === undefined
  const bNull = b === null || b === undefined
  if (aNull || bNull) return aNull && bNull ? 0 : aNull ? 1 : -1
  if (typeof a === 'number' && typeof b === 'number') return a - b
  const left = textOf(a)
  const right = textOf(b)
  return left < right ? -1 : left > right ? 1 : 0
}

/** `has`: the term stands in the text with no letter or digit on either side. */
export function hasTerm(text: string, term: string): boolean {
  if (term === '') return true
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    if (!isWordChar(text[at - 1]) && !isWordChar(text[at + term.length])) return true
  }
  return false
}

function isWordChar(char: string | undefined): boolean {
  return char !== undefined && /[\p{L}\p{N}]/u.test(char)
}
