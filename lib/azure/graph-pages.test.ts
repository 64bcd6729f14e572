import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { collected } from '../domain/collected'
import { uniform } from '../simulator/random'
import { graphPageOf } from './graph'
import { incompleteCode, readGraphPages } from './graph-pages'
import type { Wire } from './wire/wire'

interface Asked {
  options: { top: number; skip?: number; skipToken?: string }
}

/** A table whose rows come and go before each page, and whose pages come twice now and then; all drawn from a seed. */
class MovingTable {
  rows: string[]
  readonly #began: readonly string[]
  #asked = 0
  #last: string[] = []

  constructor(private readonly seed: number) {
    this.rows = Array.from({ length: Math.floor(this.#draw('rows') * 4_500) }, (_, index) => String(index * 10).padStart(6, '0'))
    this.#began = [...this.rows]
  }

  #draw(...what: (string | number)[]): number {
    return uniform(this.seed, ...what)
  }

  /** What was there all the time. */
  get stayed(): string[] {
    const now = new Set(this.rows)
    return this.#began.filter((row) => now.has(row))
  }

  page({ options: { top, skip = 0, skipToken } }: Asked): unknown {
    const asked = (this.#asked += 1)
    if (asked > 1) this.#move(asked)
    const ignoresSkip = skipToken !== undefined && this.#draw('ignores skip') < 0.1
    const from = ignoresSkip ? Number(skipToken) : skip
    const own = this.rows.slice(from, from + top)
    const given = this.#draw('repeats', asked) < 0.1 && this.#last.length > 0 ? this.#last : own
    this.#last = given
    const more = from + own.length < this.rows.length
    return { data: given.map((id) => ({ id })), totalRecords: this.rows.length, ...(more && { $skipToken: String(from + own.length) }) }
  }

  /** As many are deleted as added, or more, or fewer. */
  #move(asked: number): void {
    const most = this.#draw('storm') < 0.2 ? 1_200 : 40
    const [deleted, added] = ['deleted', 'added'].map((what) => Math.floor(this.#draw(what, asked) * most))
    const near = this.#draw('where', asked)
    for (let index = 0; index < (deleted ?? 0) && this.rows.length > 0; index += 1) this.rows.splice(Math.floor(near * this.#draw('row', asked, index) * this.rows.length), 1)
    const fresh = Array.from({ length: added ?? 0 }, (_, index) => `${String(Math.floor(this.#draw('new', asked, index) * 45_000)).padStart(6, '0')}-${asked}-${index}`)
    this.rows = [...this.rows, ...fresh].toSorted()
  }
}

/** All that the pages give; null: they are incomplete, and say so. */
async function read(table: MovingTable): Promise<string[] | null> {
  const wire = {
    graph: { resources: async (asked: Asked) => table.page(asked) },
    call: async (operation: (onResponse: () => void) => Promise<unknown>) => collected({ status: 200, body: await operation(() => undefined) }),
  } as unknown as Wire
  const given: string[] = []
  for await (const page of readGraphPages(wire, { query: '', subscriptions: [], page: graphPageOf(z.object({ id: z.string() })) })) {
    if (!page.ok) {
      expect(page.code).toBe(incompleteCode)
      return null
    }
    given.push(...page.value.map(({ id }) => id))
  }
  return given
}

describe('pages of rows that come and go', () => {
  it('have all that was there all the time, each once, or say that they are incomplete', async () => {
    let complete = 0
    for (let seed = 0; seed < 150; seed += 1) {
      const table = new MovingTable(seed)
      const given = await read(table)
      if (given === null) continue
      complete += 1
      expect(new Set(given).size, `twice, seed ${seed}`).toBe(given.length)
      const seen = new Set(given)
      expect(table.stayed.filter((row) => !seen.has(row)), `passed over, seed ${seed}`).toEqual([])
    }
    expect(complete).toBeGreaterThan(75)
  }, 120_000)
})
