import type { z } from 'zod'
import { collected, isFailure, type Collected, type ReadAbsent, type ReadFailure } from '../domain/collected'
import { tooLargeCode, unexpectedAnswer } from './errors'
import { queryGraph, type GraphPage, type GraphQuestion } from './graph'
import type { Wire } from './wire/wire'

/** Resource Graph advises fewer than 300 subscriptions in a request. */
export const groupSize = 150
/** Rows in a page: fewer where an answer would be too large or a query too heavy. */
const pageSizes = [1000, 250, 50] as const
const pagesMax = 50_000
/** Rows in a page, at most. */
export const pageRows = pageSizes[0]

/** Rows on either side of where two pages meet that are asked for again after rows were deleted. */
const marginRows = 50

export const incompleteCode = 'IncompleteAnswer'

export interface GraphPagesQuestion<T> extends Pick<GraphQuestion, 'query' | 'subscriptions' | 'authorizationScopeFilter'> {
  page: z.ZodType<GraphPage<T>>
  /** True: the rows were asked for before. That some are deleted meanwhile is then no reason to ask a third time. */
  again?: boolean
  /** What the query sorts by, alone in each row: where rows are deleted meanwhile, those between two pages are asked for by it, and not everything once more. */
  keyOf?: (row: T) => string
}

/**
 * The rows that one query gives over a group of subscriptions, page by page. What ends otherwise than with the last row ends with a failure, also where
 * Resource Graph cuts an answer without a word. A page that fails for its size is asked for again from where it begins.
 */
export async function* readGraphPages<T>(wire: Wire, { page, again = false, keyOf, ...question }: GraphPagesQuestion<T>): AsyncGenerator<Collected<T[]>> {
  const tokens = new Set<string>()
  const size = new PageSize()
  const count = new RowCount()
  let skipToken: string | null = null
  let before: readonly T[] = []
  let hasGaps = false
  for (;;) {
    const read: Collected<GraphPage<T>> = await queryGraph(wire, { ...question, top: size.rows, skipToken }, page)
    if (!read.ok) {
      if (isTooMuch(read) && size.shrink()) continue
      return yield read
    }
    size.passed(read.value.rows.length)
    const at = count.rows
    const deleted = count.add(read.value)
    yield collected(read.value.rows)
    if (deleted > 0) {
      const between = keyOf === undefined ? null : await readBetween(wire, { ...question, page, keyOf }, { at, deleted, before, after: read.value.rows })
      hasGaps ||= between === null
      count.rows += between?.length ?? 0
      if (between !== null && between.length > 0) yield collected(between)
    }
    before = read.value.rows
    skipToken = read.value.skipToken
    if (skipToken === null) break
    if (tokens.has(skipToken) || tokens.size >= pagesMax) return yield incomplete('Resource Graph repeats its pages.')
    tokens.add(skipToken)
  }
  if (count.isShort || (hasGaps && !again)) yield incomplete('Resource Graph left rows out of its answer.')
}

interface Boundary<T> {
  /** Rows before the second page, as it was asked for. */
  at: number
  /** So many fewer rows were counted with it than with the one before. */
  deleted: number
  before: readonly T[]
  after: readonly T[]
}

/** What was passed over between two pages; null: the answer does not reach from the one to the other. */
async function readBetween<T>(wire: Wire, { page, keyOf, ...question }: GraphPagesQuestion<T> & { keyOf: (row: T) => string }, { at, deleted, before, after }: Boundary<T>): Promise<T[] | null> {
  const skip = Math.max(0, at - deleted - marginRows)
  const read: Collected<GraphPage<T>> = await queryGraph(wire, { ...question, skip, top: Math.min(pageRows, at - skip + marginRows), skipToken: null }, page)
  if (!read.ok) return null
  const [earlier, later] = [before, after].map((rows) => new Set(rows.map(keyOf)))
  const from = read.value.rows.findLastIndex((row) => earlier?.has(keyOf(row)))
  const to = read.value.rows.findIndex((row) => later?.has(keyOf(row)))
  return from === -1 || to === -1 ? null : read.value.rows.slice(from + 1, to)
}

/** All rows of a group; listed once more where some were missing. */
export async function readGraphRows<T>(wire: Wire, question: GraphPagesQuestion<T>): Promise<Collected<T[]>> {
  const read = await readToTheEnd(wire, question)
  return !read.ok && read.code === incompleteCode ? await readToTheEnd(wire, { ...question, again: true }) : read
}

async function readToTheEnd<T>(wire: Wire, question: GraphPagesQuestion<T>): Promise<Collected<T[]>> {
  const rows: T[] = []
  for await (const page of readGraphPages(wire, question)) {
    if (!page.ok) return page
    for (const row of page.value) rows.push(row)
  }
  return collected(rows)
}

/** True for an answer that fewer rows or fewer subscriptions may get through. */
export function isTooMuch({ code, status }: ReadFailure | ReadAbsent): boolean {
  return code === tooLargeCode || status === 413 || status === 500 || status === 504
}

/** True for what may be otherwise a while later, as a query that Azure does not understand is not. */
export function mayPass(failure: ReadFailure | ReadAbsent): boolean {
  return isFailure(failure) && (failure.reason === 'throttled' || (failure.reason === 'api-error' && (failure.status === null || failure.status === 200 || failure.status === 408 || failure.status >= 500)))
}

export function incomplete(detail: string): ReadFailure {
  return { ...unexpectedAnswer(detail), code: incompleteCode }
}

/** How many rows are asked for: fewer after a failure, and more again when as many have come as a larger page has. */
class PageSize {
  #index = 0
  #passed = 0

  get rows(): number {
    return pageSizes[this.#index] ?? 50
  }

  /** False: it is the smallest. */
  shrink(): boolean {
    this.#passed = 0
    if (this.#index + 1 >= pageSizes.length) return false
    this.#index += 1
    return true
  }

  passed(rows: number): void {
    this.#passed += rows
    if (this.#index === 0 || this.#passed < (pageSizes[this.#index - 1] ?? 0)) return
    this.#index -= 1
    this.#passed = 0
  }
}

/** Compares what has come with what Resource Graph counted, which changes while pages are read. A page begins after so many rows, so that a row is passed over when one before it is deleted. */
class RowCount {
  rows = 0
  #least: number | null = null
  #last: number | null = null
  #cut = false

  /** Returns how many rows fewer there are than with the page before. */
  add({ rows, total, cut }: GraphPage<unknown>): number {
    this.rows += rows.length
    this.#cut ||= cut
    // An empty page that ends the list may count nothing.
    if (total === null || (rows.length === 0 && this.#least !== null)) return 0
    const deleted = Math.max(0, (this.#last ?? total) - total)
    this.#last = total
    this.#least = Math.min(this.#least ?? total, total)
    return deleted
  }

  get isShort(): boolean {
    return this.#cut || (this.#least !== null && this.rows < this.#least)
  }
}
