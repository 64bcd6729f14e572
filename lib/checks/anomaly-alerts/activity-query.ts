import { conditionHolds, textsOf, type KnownRow, type Truth } from './kql-condition'
import { kqlTokens, splitAt, type KqlToken } from './kql-tokens'
import type { ActivityEvent } from './operations'

/** Whether a query on AzureActivity gives the rows of an event. */
export type QueryAnswer =
  | { kind: 'all' | 'other' | 'unclear' }
  /** It gives some of them alone, by these columns. */
  | { kind: 'some'; narrowedBy: string[] }

type Columns = Readonly<Record<string, string>>

/** Columns that say which operation a row is about. */
const operationColumns = ['operationname', 'operationnamevalue']

/** A change leaves rows for its start and its end, whose words have changed over the years. */
const statuses: readonly Columns[] = [
  { activitystatus: 'started', activitystatusvalue: 'start' },
  { activitystatus: 'started', activitystatusvalue: 'started' },
  { activitystatus: 'succeeded', activitystatusvalue: 'success' },
  { activitystatus: 'succeeded', activitystatusvalue: 'succeeded' },
]
const narrowingColumns = ['activitystatus', 'activitystatusvalue', 'level']

/** Steps of a query that leave out no row. */
const harmless = new Set(['project', 'project-away', 'project-keep', 'project-rename', 'project-reorder', 'extend', 'sort', 'order', 'distinct', 'summarize', 'serialize', 'as', 'render'])

/** The rows of an event by the columns that tell what happened. */
function identities({ operationname, category = [], resourceprovider }: ActivityEvent): Columns[] {
  const operation = operationname?.[0]
  const provider = resourceprovider?.[0]
  return category.map((one) => ({
    category: one,
    categoryvalue: one,
    ...(operation !== undefined && { operationname: operation, operationnamevalue: operation }),
    ...(provider !== undefined && { resourceprovider: provider, resourceprovidervalue: provider }),
  }))
}

/** The same rows with all that is known of them. */
function wholeRows(event: ActivityEvent): Columns[] {
  const levels = [...(event.level ?? []), 'information']
  return identities(event).flatMap((identity) => statuses.flatMap((status) => levels.map((level) => ({ ...identity, ...status, level }))))
}

interface Steps {
  lists: ReadonlyMap<string, readonly string[]>
  steps: readonly KqlToken[][]
}

/** The steps after `AzureActivity`; undefined where the query begins with something else. */
function stepsOf(query: string): Steps | undefined {
  const lists = new Map<string, readonly string[]>()
  const statements = splitAt(kqlTokens(query), ';')
  const last = statements.pop() ?? []
  for (const [word, name, , ...value] of statements) {
    const isList = word?.value === 'let' && value.every(({ kind, value: each }) => kind === 'text' || ['dynamic', '(', ')', '[', ']', ','].includes(each))
    if (isList && name !== undefined) lists.set(name.value.toLowerCase(), textsOf(value))
  }
  const [source, ...steps] = splitAt(last, '|')
  return source?.length === 1 && source[0]?.value.toLowerCase() === 'azureactivity' ? { lists, steps } : undefined
}

/** Walks one row through the steps; a column that a step makes anew is not known any more. */
function passes({ lists, steps }: Steps, known: Columns): Truth {
  const columns = new Map(Object.entries(known))
  const row: KnownRow = { columns, lists, ofActivityLog: true }
  let truth: Truth = true
  for (const [operator, ...rest] of steps) {
    const name = operator?.value.toLowerCase() ?? ''
    if (name === 'where' || name === 'filter') {
      const holds = conditionHolds(rest, row)
      if (holds === false) return false
      if (holds === null) truth = null
    } else if (harmless.has(name)) {
      rest.forEach(({ value }, at) => void (rest[at + 1]?.value === '=' && columns.delete(value.toLowerCase())))
    } else {
      truth = null
    }
  }
  return truth
}

/** One row that passes is enough. */
function somePass(steps: Steps, rows: readonly Columns[]): Truth {
  const truths = rows.map((row) => passes(steps, row))
  return truths.includes(true) ? true : truths.includes(null) ? null : false
}

const answers = new WeakMap<ActivityEvent, Map<string, QueryAnswer>>()

/** What a query gives of an event. It is asked for each subscription, and the answer is the same. */
export function answerOf(query: string, event: ActivityEvent): QueryAnswer {
  const known = answers.get(event) ?? new Map<string, QueryAnswer>()
  answers.set(event, known)
  const found = known.get(query) ?? workOut(query, event)
  known.set(query, found)
  return found
}

function workOut(query: string, event: ActivityEvent): QueryAnswer {
  const [operation] = event.operationname ?? event.category ?? []
  const named = operation !== undefined && query.toLowerCase().includes(operation)
  const parsed = stepsOf(query)
  if (parsed === undefined) return { kind: named ? 'unclear' : 'other' }
  if (somePass(parsed, identities(event)) === false) return { kind: 'other' }
  const whole = somePass(parsed, wholeRows(event))
  if (whole === true) return { kind: 'all' }
  if (whole === false) {
    const words = new Set(parsed.steps.flat().map(({ value }) => value.toLowerCase()))
    return { kind: 'some', narrowedBy: narrowingColumns.filter((name) => words.has(name)) }
  }
  // A query that says nothing of the operation is for something else, unless it asks for operations that are not to be seen.
  return { kind: named || asksUnseenOperations(parsed) ? 'unclear' : 'other' }
}

/** True where the operation is compared with something that is no text, such as a watchlist. */
function asksUnseenOperations({ lists, steps }: Steps): boolean {
  return steps.some((step) => {
    if (!/^(where|filter)$/i.test(step[0]?.value ?? '') || step.some(({ kind }) => kind === 'text')) return false
    const words = step.map(({ value }) => value.toLowerCase())
    return words.some((word) => operationColumns.includes(word)) && !words.some((word) => lists.has(word))
  })
}
