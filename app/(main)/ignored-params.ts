/** An address's names with all of their values. */
export type RawParams = Record<string, string | string[] | undefined>

/** Whatever the names are: `constructor` is one like any other. */
export function rawParams(searchParams: URLSearchParams): RawParams {
  return Object.fromEntries([...new Set(searchParams.keys())].map((name) => [name, searchParams.getAll(name)]))
}

/** Parts of an address that were not understood, as `name=value`. `understood` has what was read of it, by the names in the address; null: nothing. */
export function ignoredOf(raw: RawParams, understood: Readonly<Record<string, unknown>>): string[] {
  const known = new Map(Object.entries(understood).map(([name, value]) => [name, value === null ? [] : [value].flat().map(String)]))
  return Object.entries(raw).flatMap(([name, given]) => {
    // Each value was read once, so that a second of a name that takes one is not understood.
    const left = [...(known.get(name) ?? [])]
    return (given === undefined ? [] : [given].flat()).flatMap((value) => {
      const at = left.indexOf(value)
      if (at < 0) return [`${name}=${value}`]
      left.splice(at, 1)
      return []
    })
  })
}
