import { passesOn } from './transformation'

/**
 * What an event log query lets through. The agent takes `Channel!XPath`, the XPath 1.0 subset of Windows events:
 * `Security!*[System[(EventID=4624 or EventID=4688)]]`.
 */

/** True and false are certain; null where the query asks for what an event's id does not tell. */
type Certainty = boolean | null

interface LoggedEvent {
  id: number
  /** Null: it differs by version, so that a query by level is in doubt. */
  level: number | null
  /** The audit bit of its keywords. */
  keywords: bigint
}

const auditSuccess = 0x20000000000000n
const auditFailure = 0x10000000000000n

/** Events whose loss blinds: sign-ins, privileged sign-ins, process creation, changed audit policy, cleared log. */
const vitalEvents: readonly LoggedEvent[] = [
  { id: 1102, level: 4, keywords: auditSuccess },
  { id: 4624, level: 0, keywords: auditSuccess },
  { id: 4625, level: 0, keywords: auditFailure },
  { id: 4672, level: 0, keywords: auditSuccess },
  { id: 4688, level: 0, keywords: auditSuccess },
  { id: 4719, level: 0, keywords: auditSuccess },
]

/** Microsoft Defender Antivirus: malware found and what was done about it, and real-time protection turned off. */
const malwareEvents: readonly LoggedEvent[] = [1006, 1007, 1008, 1116, 1117, 1118, 1119, 5001].map((id) => ({ id, level: null, keywords: 0n }))

/** The channel of a query, in lower case: `security`. */
export function channelOf(query: string): string {
  return (query.split('!')[0] ?? '').trim().toLowerCase()
}

export interface EventCoverage {
  collected: number[]
  /** Left out for certain by every query. */
  missing: number[]
  /** Depends on more than the id: on the event's data, or on a transformation. */
  doubtful: number[]
}

/** Queries of events and the transformation that their rows go through; null: none. */
export interface EventSource {
  queries: readonly string[]
  transform: string | null
}

/** Which of the vital events the sources of the Security channel bring, taken together. */
export function securityCoverage(sources: readonly EventSource[]): EventCoverage {
  return coverageOf(vitalEvents, 'Security', sources)
}

/** Which of the events on malware the sources of Defender's channel bring, taken together. */
export function malwareCoverage(channel: string, sources: readonly EventSource[]): EventCoverage {
  return coverageOf(malwareEvents, channel, sources)
}

function coverageOf(events: readonly LoggedEvent[], channel: string, sources: readonly EventSource[]): EventCoverage {
  const tests = sources.map(({ queries, transform }) => ({ transform, tests: queries.filter((query) => channelOf(query) === channel.toLowerCase()).map(compile) }))
  const coverage: EventCoverage = { collected: [], missing: [], doubtful: [] }
  for (const event of events) {
    const row = { eventid: String(event.id), channel, eventlog: channel }
    const answers = tests.map((source) => allOf([anyOf(source.tests.map((test) => test(event))), passesOn(source.transform, row)]))
    if (answers.includes(true)) coverage.collected.push(event.id)
    else if (answers.includes(null)) coverage.doubtful.push(event.id)
    else coverage.missing.push(event.id)
  }
  return coverage
}

type EventTest = (event: LoggedEvent) => Certainty

function compile(query: string): EventTest {
  const path = query.slice(query.indexOf('!') + 1).trim()
  if (path === '*') return () => true
  const alternatives = path.split('|').map((each) => each.trim()).filter((each) => each !== '')
  const tests = alternatives.map(compilePath)
  return (event) => anyOf(tests.map((test) => test(event)))
}

function compilePath(path: string): EventTest {
  const inSystem = /^(?:\*|Event)\s*\[\s*System\s*\[(.*)\]\s*\]$/s.exec(path)?.[1]
  // The other way to write the same: `*[System/EventID=4688]`. Without System the event has no such child.
  const ofEvent = /^(?:\*|Event)\s*\[([^[]*)\]$/s.exec(path)?.[1]?.replaceAll(/\bSystem\s*\/\s*/g, 'System/')
  const condition = inSystem ?? ofEvent
  if (condition === undefined) return () => null
  return new ConditionParser(condition, inSystem === undefined ? 'System/' : '').parse() ?? (() => null)
}

function anyOf(answers: readonly Certainty[]): Certainty {
  return answers.includes(true) ? true : answers.includes(null) ? null : false
}

function allOf(answers: readonly Certainty[]): Certainty {
  return answers.includes(false) ? false : answers.includes(null) ? null : true
}

/** `EventID=4624 or (EventID>=4700 and EventID<=4800)`, `band(Keywords,…)`, `Level=0`; every other term is beyond the event's id. Names are compared with their casing, as XPath does. */
class ConditionParser {
  private readonly tokens: string[]
  private at = 0

  /** @param prefix what stands before each name. */
  constructor(condition: string, private readonly prefix: '' | 'System/') {
    this.tokens = condition.match(/band\s*\(\s*(?:System\/)?Keywords\s*,\s*\d+\s*\)|'[^']*'|"[^"]*"|<=|>=|!=|[()=<>[\]]|[^\s()=<>![\]]+/g) ?? []
  }

  /** Null when the text is no condition that can be read. */
  parse(): EventTest | null {
    const test = this.or()
    return this.at === this.tokens.length ? test : null
  }

  private or(): EventTest {
    const tests = [this.and()]
    while (this.takes('or')) tests.push(this.and())
    return (event) => anyOf(tests.map((test) => test(event)))
  }

  private and(): EventTest {
    const tests = [this.term()]
    while (this.takes('and')) tests.push(this.term())
    return (event) => allOf(tests.map((test) => test(event)))
  }

  private term(): EventTest {
    if (this.takes('(')) {
      const inner = this.or()
      return this.takes(')') ? inner : this.fail()
    }
    const name = this.next()
    const [, masked, mask] = /^band\s*\(\s*([\w/]+)\s*,\s*(\d+)\s*\)$/.exec(name) ?? []
    if (mask !== undefined) return masked === `${this.prefix}Keywords` ? (event) => (event.keywords & BigInt(mask)) !== 0n : this.fail()
    if (name === `${this.prefix}EventID`) return this.comparison((event) => event.id)
    if (name === `${this.prefix}Level`) return this.comparison((event) => event.level)
    if (/^[A-Za-z]+$/.test(name) && this.peek() === '[') return this.bracketed()
    return this.fail()
  }

  private comparison(read: (event: LoggedEvent) => number | null): EventTest {
    const operator = this.next()
    const text = this.next().replace(/^(['"])(\d+)\1$/, '$2')
    const compare = comparisons.get(operator)
    if (compare === undefined || !/^\d+$/.test(text)) return this.fail()
    return (event) => {
      const value = read(event)
      return value === null ? null : compare(value, Number(text))
    }
  }

  /** `Provider[@Name='…']` and the like: read over, never decided. */
  private bracketed(): EventTest {
    let depth = 0
    do {
      const token = this.next()
      if (token === '') return this.fail()
      depth += token === '[' ? 1 : token === ']' ? -1 : 0
    } while (depth > 0)
    return () => null
  }

  private peek(): string {
    return this.tokens[this.at] ?? ''
  }

  private next(): string {
    return this.tokens[this.at++] ?? ''
  }

  private takes(token: string): boolean {
    if (this.peek() !== token) return false
    this.at += 1
    return true
  }

  /** Leaves the tokens unread, which makes the whole condition unreadable. */
  private fail(): EventTest {
    this.at = Number.POSITIVE_INFINITY
    return () => null
  }
}

const comparisons = new Map(Object.entries<(a: number, b: number) => boolean>({
  '=': (a, b) => a === b,
  '!=': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
}))
