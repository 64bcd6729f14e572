import type { z } from 'zod'
import { collected, isFailure, type Collected, type ReadAbsent, type ReadFailure } from '../domain/collected'
import { KeySet } from '../domain/key-set'
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

/** Rows of a page, at most, that the next one begins with again: while they meet, nothing was passed over between them, whatever was added or deleted meanwhile. */
const sharedRows = 25

export const incompleteCode = 'IncompleteAnswer'

export interface GraphPagesQuestion<T> extends Pick<GraphQuestion, 'query' | 'subscriptions' | 'authorizationScopeFilter'> {
  page: z.ZodType<GraphPage<T>>
}

/**
 * The rows that one query gives over a group of subscriptions, page by page, each once. What ends otherwise than with the last row ends with a failure, also where
 * Resource Graph cuts an answer without a word, gives a page twice, or where rows were deleted between two pages until they do not meet any more. A page that fails
 * for its size is asked for again from where it begins.
 */
export async function* readGraphPages<T>(wire: Wire, { page, ...question }: GraphPagesQuestion<T>): AsyncGenerator<Collected<T[]>> {
  const size = new PageSize()
  const chain = new PageChain()
  for (let asked = 0; asked < pagesMax; asked += 1) {
    const read: Collected<GraphPage<T>> = await queryGraph(wire, { ...question, top: size.rows, ...chain.next }, page)
    if (!read.ok) {
      if (isTooMuch(read) && size.shrink()) continue
      return yield read
    }
    size.passed(read.value.rows.length)
    const { rows, outcome } = chain.add(read.value)
    if (rows.length > 0) yield collected(rows)
    if (outcome === 'end') return
    if (outcome !== 'more') return yield incomplete(outcome === 'repeats' ? 'Resource Graph repeats its pages.' : 'Resource Graph left rows out of its answer.')
  }
  yield incomplete('Resource Graph has no last page.')
}

/** All rows of a group; listed once more where some were missing. */
export async function readGraphRows<T>(wire: Wire, question: GraphPagesQuestion<T>): Promise<Collected<T[]>> {
  const read = await readToTheEnd(wire, question)
  return !read.ok && read.code === incompleteCode ? await readToTheEnd(wire, question) : read
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

/** Rows of Resource Graph that do not make a whole: some may be missing among them. */
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

interface Added<T> {
  /** The rows of the page that had not come before. */
  rows: T[]
  outcome: 'more' | 'end' | 'repeats' | 'lacks'
}

/**
 * Puts page to page. A page begins after so many rows, so that a row is passed over when one before it is deleted, and comes twice when one is added; Resource Graph's
 * count of rows tells neither where as many are added as deleted. So each page is asked for from a little before the end of the one before, and must share a row with what has come.
 */
class PageChain {
  readonly #seen = new KeySet()
  /** Where the next page begins, and where the furthest of those before ended, in rows of the result. */
  #at = 0
  #end = 0
  #token: string | null = null
  #usesTokens = true
  #length = 0
  #isBack = false
  #idle = false

  /** What the next page is asked by. The number of rows to leave out overrules the token's own. */
  get next(): Pick<GraphQuestion, 'skipToken' | 'skip'> {
    return this.#at === 0 ? { skipToken: null } : { skipToken: this.#token, skip: this.#at }
  }

  add<T>(page: GraphPage<T>): Added<T> {
    if (this.#at > 0 && !page.keys.some((key) => this.#seen.has(key))) return { rows: [], outcome: this.#stepBack() ? 'more' : 'lacks' }
    const rows = page.rows.filter((_, index) => {
      const key = page.keys[index]
      return key !== undefined && this.#seen.add(key)
    })
    const end = this.#at + page.rows.length
    const repeats = rows.length === 0 && (end > this.#end || this.#idle)
    const isShort = page.cut || (page.skipToken === null && page.total !== null && end < page.total)
    this.#isBack = false
    this.#idle = rows.length === 0
    this.#length = page.rows.length
    this.#end = Math.max(this.#end, end)
    this.#at = end - Math.min(sharedRows, this.#length >> 2)
    this.#token = this.#usesTokens ? page.skipToken : null
    return { rows, outcome: repeats ? 'repeats' : isShort ? 'lacks' : page.skipToken === null ? 'end' : 'more' }
  }

  /** Many were deleted at once, or the token was not overruled: without it, and from further back. False: that was tried. */
  #stepBack(): boolean {
    if (this.#isBack) return false
    this.#isBack = true
    this.#usesTokens = false
    this.#token = null
    this.#at = Math.max(0, this.#at - Math.ceil(this.#length / 2))
    return true
  }
}
