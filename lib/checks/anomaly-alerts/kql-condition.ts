import type { KqlToken } from './kql-tokens'

/** Null: it depends on what is not known. */
export type Truth = boolean | null

/** What is known of a row: values by the column's name in lower case. */
export interface KnownRow {
  columns: ReadonlyMap<string, string>
  /** Names that a `let` gave to a list of texts. */
  lists: ReadonlyMap<string, readonly string[]>
  /**
   * True: a row of the activity log, which a rule looks for. It fills its columns, and what Azure writes in which casing has changed over the years, so that
   * casing is never compared. False: any row, of which no more is taken for granted than `columns` say.
   */
  ofActivityLog: boolean
}

/** A column, with what is known to be in it; texts; or something that cannot be worked out. */
type Operand = { kind: 'column'; name: string; value: string | undefined } | { kind: 'texts'; texts: readonly string[] } | { kind: 'open' }

/** Functions that leave a text what it is but for its casing. */
const plainFunctions = new Map([
  ['tolower', (text: string) => text.toLowerCase()],
  ['toupper', (text: string) => text.toUpperCase()],
  ['tostring', (text: string) => text],
])
const timeColumns = new Set(['timegenerated', 'eventsubmissiontimestamp'])

class NotUnderstood extends Error {}

/** Evaluates the condition of a `where` for a row of which some columns are known; null also for what is not understood. */
export function conditionHolds(tokens: readonly KqlToken[], row: KnownRow): Truth {
  try {
    const reader = new ConditionReader(tokens, row)
    const truth = reader.either()
    return reader.atEnd() ? truth : null
  } catch (error) {
    if (error instanceof NotUnderstood) return null
    throw error
  }
}

class ConditionReader {
  private at = 0

  constructor(private readonly tokens: readonly KqlToken[], private readonly row: KnownRow) {}

  atEnd(): boolean {
    return this.at >= this.tokens.length
  }

  either(): Truth {
    let truth = this.both()
    while (this.takeWord('or')) truth = or(truth, this.both())
    return truth
  }

  private both(): Truth {
    let truth = this.one()
    while (this.takeWord('and')) truth = and(truth, this.one())
    return truth
  }

  private one(): Truth {
    if (this.takeWord('not')) return negated(this.inBrackets())
    if (this.isSign('(')) return this.inBrackets()
    if (this.isCall('isnotempty') || this.isCall('isnotnull')) {
      this.at += 1
      return this.filled()
    }
    const left = this.operand()
    const operator = this.take().value.toLowerCase()
    return this.compared(left, operator)
  }

  /** Which columns an event leaves empty is not told. */
  private filled(): Truth {
    if (this.row.ofActivityLog) {
      this.skipBrackets()
      return true
    }
    this.expect('(')
    const operand = this.operand()
    this.expect(')')
    return operand.kind === 'column' && operand.value !== undefined && operand.value !== '' ? true : null
  }

  private inBrackets(): Truth {
    this.expect('(')
    const truth = this.either()
    this.expect(')')
    return truth
  }

  private compared(left: Operand, operator: string): Truth {
    if (['<', '>', '<=', '>=', 'between'].includes(operator)) {
      if (operator === 'between') this.skipBrackets()
      else this.operand()
      // A rule runs again and again over the newest rows, whatever span it asks for.
      return this.row.ofActivityLog && left.kind === 'column' && timeColumns.has(left.name) ? true : null
    }
    const negative = operator.startsWith('!') || operator === '<>'
    const plain = equalities.has(operator) ? 'equals' : operator.replace(/^!/, '').replace(/_cs$|~$/, '')
    const right = lists.has(plain) ? this.list() : this.operand()
    const value = left.kind === 'column' ? left.value : undefined
    const test = tests.get(plain)
    if (value === undefined || right.kind !== 'texts' || test === undefined) return null
    const holds = test(value.toLowerCase(), right.texts.map((text) => text.toLowerCase()))
    // Sources name one column in several casings: what only another casing decides is left open.
    if (!this.row.ofActivityLog && isCaseSensitive(operator) && test(value, right.texts) !== holds) return null
    return holds !== negative
  }

  private list(): Operand {
    this.expect('(')
    const texts: string[] = []
    let open = false
    while (!this.isSign(')')) {
      const one = this.operand()
      if (one.kind === 'texts') texts.push(...one.texts)
      else open = true
      if (!this.isSign(')')) this.expect(',')
    }
    this.expect(')')
    return open ? { kind: 'open' } : { kind: 'texts', texts }
  }

  private operand(): Operand {
    const token = this.take()
    if (token.kind === 'text' || token.kind === 'number') return textsIn([token])
    if (token.kind !== 'word') throw new NotUnderstood()
    const name = token.value.toLowerCase()
    if (this.isSign('(')) return this.call(name)
    if (this.isSign('[')) {
      this.skipBrackets()
      return { kind: 'open' }
    }
    const list = this.row.lists.get(name)
    return list === undefined ? { kind: 'column', name, value: this.row.columns.get(name) } : { kind: 'texts', texts: list }
  }

  private call(name: string): Operand {
    const change = plainFunctions.get(name)
    if (change !== undefined) {
      this.expect('(')
      const inner = this.operand()
      this.expect(')')
      return changed(inner, change)
    }
    // Inside of the brackets are square ones.
    if (name === 'dynamic' && this.tokens[this.at + 1]?.value === '[') return textsIn(this.skipBrackets().slice(1, -1))
    this.skipBrackets()
    if (this.isSign('.') || this.isSign('[')) throw new NotUnderstood()
    return { kind: 'open' }
  }

  /** Moves behind a pair of brackets and gives what is between them. */
  private skipBrackets(): KqlToken[] {
    const from = this.at + 1
    let depth = 0
    do {
      const { kind, value } = this.take()
      if (kind === 'sign' && '(['.includes(value)) depth += 1
      if (kind === 'sign' && ')]'.includes(value)) depth -= 1
    } while (depth > 0)
    return this.tokens.slice(from, this.at - 1)
  }

  private take(): KqlToken {
    const token = this.tokens[this.at]
    if (token === undefined) throw new NotUnderstood()
    this.at += 1
    return token
  }

  private takeWord(word: string): boolean {
    const token = this.tokens[this.at]
    const found = token?.kind === 'word' && token.value.toLowerCase() === word
    if (found) this.at += 1
    return found
  }

  private isSign(sign: string): boolean {
    const token = this.tokens[this.at]
    return token?.kind === 'sign' && token.value === sign
  }

  private isCall(name: string): boolean {
    const next = this.tokens[this.at + 1]
    return this.tokens[this.at]?.value.toLowerCase() === name && next?.kind === 'sign' && next.value === '('
  }

  private expect(sign: string): void {
    if (!this.isSign(sign)) throw new NotUnderstood()
    this.at += 1
  }
}

/** The texts of a list, in lower case. */
export function textsOf(tokens: readonly KqlToken[]): string[] {
  return tokens.flatMap(({ kind, value }) => (kind === 'text' ? value.toLowerCase() : []))
}

/** The values of a list; open where one of them is anything but a text or a number. Numbers are as JavaScript writes them: 4688 for `4688.0`. */
function textsIn(tokens: readonly KqlToken[]): Operand {
  const texts: string[] = []
  for (const { kind, value } of tokens) {
    const number = kind === 'number' ? Number(value) : Number.NaN
    if (kind === 'text') texts.push(value)
    else if (!Number.isNaN(number)) texts.push(String(number))
    else if (value !== ',') return { kind: 'open' }
  }
  return { kind: 'texts', texts }
}

function changed(operand: Operand, change: (text: string) => string): Operand {
  if (operand.kind === 'column') return { ...operand, value: operand.value === undefined ? undefined : change(operand.value) }
  return operand.kind === 'texts' ? { kind: 'texts', texts: operand.texts.map(change) } : operand
}

type Test = (value: string, wanted: readonly string[]) => boolean

function hasTerm(value: string, term: string): boolean {
  for (let at = value.indexOf(term); at >= 0; at = value.indexOf(term, at + 1)) {
    if (!/\w/.test(value[at - 1] ?? ' ') && !/\w/.test(value[at + term.length] ?? ' ')) return true
  }
  return false
}

const equalities = new Set(['==', '=~', '!=', '!~', '<>'])
const lists = new Set(['in', 'has_any', 'has_all'])

function isCaseSensitive(operator: string): boolean {
  return ['==', '!=', '<>', 'in', '!in'].includes(operator) || operator.endsWith('_cs')
}

const tests = new Map(Object.entries<Test>({
  equals: (value, wanted) => wanted.includes(value),
  in: (value, wanted) => wanted.includes(value),
  has: (value, wanted) => wanted.some((one) => hasTerm(value, one)),
  has_any: (value, wanted) => wanted.some((one) => hasTerm(value, one)),
  has_all: (value, wanted) => wanted.every((one) => hasTerm(value, one)),
  contains: (value, wanted) => wanted.some((one) => value.includes(one)),
  startswith: (value, wanted) => wanted.some((one) => value.startsWith(one)),
  endswith: (value, wanted) => wanted.some((one) => value.endsWith(one)),
}))

function and(a: Truth, b: Truth): Truth {
  return a === false || b === false ? false : a === null || b === null ? null : true
}

function or(a: Truth, b: Truth): Truth {
  return a === true || b === true ? true : a === null || b === null ? null : false
}

function negated(truth: Truth): Truth {
  return truth === null ? null : !truth
}
