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

export const incompleteCode = 'IncompleteAnswer'

export interface GraphPagesQuestion<T> extends Pick<GraphQuestion, 'query' | 'subscriptions' | 'authorizationScopeFilter'> {
  page: z.ZodType<GraphPage<T>>
  /** True: the rows were asked for before. That some are deleted meanwhile is then no reason to ask a third time. */
  again?: boolean
}

/**
 * The rows that one query gives over a group of subscriptions, page by page. What ends otherwise than with the last row ends with a failure, also where
 * Resource Graph cuts an answer without a word. A page that fails for its size is asked for again from where it begins.
 */
export async function* readGraphPages<T>(wire: Wire, { page, again = false, ...question }: GraphPagesQuestion<T>): AsyncGenerator<Collected<T[]>> {
  const tokens = new Set<string>()
  const size = new PageSize()
  const count = new RowCount()
  let skipToken: string | null = null
  for (;;) {
    const read: Collected<GraphPage<T>> = await queryGraph(wire, { ...question, top: size.rows, skipToken }, page)
    if (!read.ok) {
      if (isTooMuch(read) && size.shrink()) continue
      return yield read
    }
    size.passed(read.value.rows.length)
    count.add(read.value)
    yield collected(read.value.rows)
    skipToken = read.value.skipToken
    if (skipToken === null) break
    if (tokens.has(skipToken) || tokens.size >= pagesMax) return yield incomplete('Resource Graph repeats its pages.')
    tokens.add(skipToken)
  }
  if (count.isShort || (count.hasShrunk && !again)) yield incomplete('Resource Graph left rows out of its answer.')
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
  #rows = 0
  #least: number | null = null
  #last: number | null = null
  #cut = false
  hasShrunk = false

  add({ rows, total, cut }: GraphPage<unknown>): void {
    this.#rows += rows.length
    this.#cut ||= cut
    // An empty page that ends the list may count nothing.
    if (total === null || (rows.length === 0 && this.#least !== null)) return
    this.hasShrunk ||= this.#last !== null && total < this.#last
    this.#last = total
    this.#least = Math.min(this.#least ?? total, total)
  }

  get isShort(): boolean {
    return this.#cut || (this.#least !== null && this.#rows < this.#least)
  }
}
