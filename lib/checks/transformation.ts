import { conditionHolds, type Truth } from './anomaly-alerts/kql-condition'
import { kqlTokens, splitAt, type KqlToken } from './anomaly-alerts/kql-tokens'

/** Steps of a transformation that leave out no row, although they may change what is in it. */
const harmless = new Set(['extend', 'project', 'project-away', 'project-keep', 'project-rename', 'project-reorder', 'serialize', 'as'])
/** The same, but any word in them may be a column that they make. */
const parsing = new Set(['parse', 'parse-kv'])

const lists = new Map<string, readonly string[]>()
const parsed = new Map<string, KqlToken[][] | null>()

/** The steps after `source`; null for what begins otherwise. */
function stepsOf(transformKql: string): KqlToken[][] | null {
  const known = parsed.get(transformKql)
  if (known !== undefined) return known
  const [source, ...steps] = splitAt(kqlTokens(transformKql), '|')
  const made = source?.length === 1 && source[0]?.value.toLowerCase() === 'source' ? steps : null
  parsed.set(transformKql, made)
  return made
}

/**
 * Whether a transformation of a data collection rule passes a row on, by what is known of the row; null: it depends on more.
 * @param known values by the column's name in lower case.
 */
export function passesOn(transformKql: string | null, known: Readonly<Record<string, string>>): Truth {
  if (transformKql === null) return true
  const steps = stepsOf(transformKql)
  if (steps === null) return null
  const columns = new Map(Object.entries(known))
  let truth: Truth = true
  for (const [operator, ...rest] of steps) {
    const name = operator?.value.toLowerCase() ?? ''
    if (name === 'where' || name === 'filter') {
      const holds = conditionHolds(rest, { columns, lists, ofActivityLog: false })
      if (holds === false) return false
      if (holds === null) truth = null
    } else if (harmless.has(name)) {
      rest.forEach(({ value }, at) => void (rest[at + 1]?.value === '=' && columns.delete(value.toLowerCase())))
    } else if (parsing.has(name)) {
      for (const { value } of rest) columns.delete(value.toLowerCase())
    } else {
      columns.clear()
      truth = null
    }
  }
  return truth
}
