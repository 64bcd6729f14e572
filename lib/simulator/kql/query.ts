import { graphColumns, isGraphTable, type GraphTable } from '../graph-row'
import { argumentsOf, compileExpression, elementsOf, nameOf, required, unsupported, type Evaluate } from './expressions'
import { parseKql, type SyntaxNode } from './parser'
import { QueryError } from './query-error'
import { compare, textOf, type Row } from './values'

type Stage = (rows: readonly Row[]) => readonly Row[]

export interface CompiledQuery {
  table: GraphTable
  run(rows: readonly Row[]): readonly Row[]
  /** False when the query has `take`, `limit` or `top`, or gives no `id`: such a result cannot be paged. */
  pageable: boolean
}

interface Scope {
  columns: ReadonlySet<string>
  pageable: boolean
}

interface Named {
  name: string
  value: Evaluate
}

/**
 * Compiles the subset of KQL that this simulator answers; throws QueryError for everything else.
 * A query starts with a table: `resources | where … | project … | order by id asc`.
 */
export function compileQuery(text: string): CompiledQuery {
  const { root, problems } = parseKql(text)
  const problem = problems[0]
  if (problem) throw new QueryError('ParserFailure', problem.message, problem.text || '<EOF>', problem.start + 1)
  const statements = root.child('Statements')?.children ?? []
  const expression = statements[0]?.children[0]?.child('Expression')
  if (statements.length !== 1 || !expression)
    throw new QueryError('InvalidQueryLanguage', 'One tabular expression is expected.', text)

  const operators: SyntaxNode[] = []
  let source = expression
  while (source.type === 'PipeExpression') {
    operators.unshift(required(source, 'Operator'))
    source = required(source, 'Expression')
  }
  const table = nameOf(source).toLowerCase()
  if (source.type !== 'NameReference' || !isGraphTable(table)) {
    throw new QueryError('InvalidTableName', `Table ${nameOf(source)} is invalid, unsupported or disallowed.`, nameOf(source))
  }

  let scope: Scope = { columns: graphColumns, pageable: true }
  const stages: Stage[] = []
  for (const operator of operators) {
    const compiled = compileOperator(operator, scope)
    stages.push(compiled.stage)
    scope = compiled.scope
  }
  return {
    table,
    run: (rows) => stages.reduce((at, stage) => stage(at), rows),
    pageable: scope.pageable && scope.columns.has('id'),
  }
}

function compileOperator(node: SyntaxNode, scope: Scope): { stage: Stage; scope: Scope } {
  switch (node.type) {
    case 'FilterOperator': {
      const test = compileExpression(required(node, 'Condition'), scope.columns)
      return { scope, stage: (rows) => rows.filter((row) => test(row) === true) }
    }
    case 'ProjectOperator': {
      const columns = namedExpressions(node, scope)
      return { scope: { ...scope, columns: namesOf(columns) }, stage: (rows) => rows.map((row) => shape(columns, row, {})) }
    }
    case 'ProjectAwayOperator': {
      const away = new Set(namedExpressions(node, scope).map((each) => each.name))
      const columns = [...scope.columns].filter((name) => !away.has(name)).map(columnOf)
      return { scope: { ...scope, columns: namesOf(columns) }, stage: (rows) => rows.map((row) => shape(columns, row, {})) }
    }
    case 'ExtendOperator': {
      const columns = namedExpressions(node, scope)
      return {
        scope: { ...scope, columns: new Set([...scope.columns, ...namesOf(columns)]) },
        stage: (rows) => rows.map((row) => shape(columns, row, { ...row })),
      }
    }
    case 'SortOperator':
      return { scope, stage: sorter(listOf(node), scope) }
    case 'TopOperator': {
      const sort = sorter([required(node, 'ByExpression')], scope)
      const amount = amountOf(node)
      return { scope: { ...scope, pageable: false }, stage: (rows) => sort(rows).slice(0, amount) }
    }
    case 'TakeOperator': {
      const amount = amountOf(node)
      return { scope: { ...scope, pageable: false }, stage: (rows) => rows.slice(0, amount) }
    }
    case 'CountOperator':
      return { scope: { columns: new Set(['Count']), pageable: false }, stage: (rows) => [{ Count: rows.length }] }
    case 'DistinctOperator': {
      const columns = namedExpressions(node, scope)
      return {
        scope: { ...scope, columns: namesOf(columns) },
        stage: (rows) => [...groupRows(rows, columns).values()].map((each) => each.keys),
      }
    }
    case 'SummarizeOperator':
      return compileSummarize(node, scope)
    default:
      throw unsupported(node)
  }
}

function compileSummarize(node: SyntaxNode, scope: Scope): { stage: Stage; scope: Scope } {
  const by = node.child('ByClause')
  const keys = by ? elementsOf(required(by, 'Expressions')).map((each, index) => namedExpression(each, index, scope)) : []
  const aggregates = elementsOf(required(node, 'Aggregates')).map((each) => {
    const call = each.type === 'SimpleNamedExpression' ? required(each, 'Expression') : each
    return { name: each === call ? '' : nameOf(required(each, 'Name')), ...aggregateOf(call, scope) }
  })
  const names = aggregates.map((each) => each.name || each.defaultName)
  const stage: Stage = (rows) => {
    const groups = [...groupRows(rows, keys).values()]
    if (groups.length === 0 && keys.length === 0) groups.push({ keys: {}, rows: [] })
    return groups.map((group) => {
      const result: Row = { ...group.keys }
      aggregates.forEach((each, index) => (result[names[index] ?? ''] = each.over(group.rows)))
      return result
    })
  }
  return { scope: { ...scope, columns: new Set([...namesOf(keys), ...names]) }, stage }
}

function aggregateOf(call: SyntaxNode, scope: Scope): { defaultName: string; over: (rows: Row[]) => unknown } {
  if (call.type !== 'FunctionCallExpression') throw unsupported(call)
  const name = nameOf(required(call, 'Name'))
  const [argument] = argumentsOf(call).map((each) => compileExpression(each, scope.columns))
  if (name === 'count' && !argument) return { defaultName: 'count_', over: (rows) => rows.length }
  const defaultName = `${name}_${argumentsOf(call)[0]?.text ?? ''}`
  if (name === 'countif' && argument) {
    return { defaultName: 'countif_', over: (rows) => rows.filter((row) => argument(row) === true).length }
  }
  if (name === 'dcount' && argument)
    return { defaultName, over: (rows) => new Set(rows.map((row) => textOf(argument(row)))).size }
  if ((name === 'max' || name === 'min') && argument) {
    const sign = name === 'max' ? 1 : -1
    const better = (best: unknown, each: unknown) => (best === null || compare(each, best) * sign > 0 ? each : best)
    return {
      defaultName,
      over: (rows) =>
        rows
          .map(argument)
          .filter((each) => each !== null && each !== undefined)
          .reduce(better, null),
    }
  }
  throw unsupported(call)
}

function groupRows(rows: readonly Row[], keys: Named[]): Map<string, { keys: Row; rows: Row[] }> {
  const groups = new Map<string, { keys: Row; rows: Row[] }>()
  for (const row of rows) {
    const values = shape(keys, row, {})
    const key = JSON.stringify(Object.values(values))
    const group = groups.get(key)
    if (group) group.rows.push(row)
    else groups.set(key, { keys: values, rows: [row] })
  }
  return groups
}

/** `order by`: descending unless told otherwise, as KQL has it. */
function sorter(expressions: SyntaxNode[], scope: Scope): Stage {
  const orders = expressions.map((each) => {
    const ordered = each.type === 'OrderedExpression'
    const value = compileExpression(ordered ? required(each, 'Expression') : each, scope.columns)
    return { value, sign: ordered && /^asc\b/.test(each.child('Ordering')?.text ?? '') ? 1 : -1 }
  })
  return (rows) =>
    rows.toSorted((a, b) => {
      for (const { value, sign } of orders) {
        const order = compare(value(a), value(b))
        if (order !== 0) return order * sign
      }
      return 0
    })
}

function listOf(node: SyntaxNode): SyntaxNode[] {
  return elementsOf(required(node, 'Expressions'))
}

function namedExpressions(node: SyntaxNode, scope: Scope): Named[] {
  return listOf(node).map((each, index) => namedExpression(each, index, scope))
}

function namedExpression(node: SyntaxNode, index: number, scope: Scope): Named {
  if (node.type === 'SimpleNamedExpression') {
    return { name: nameOf(required(node, 'Name')), value: compileExpression(required(node, 'Expression'), scope.columns) }
  }
  return { name: impliedName(node) ?? `Column${index + 1}`, value: compileExpression(node, scope.columns) }
}

/** The name that KQL gives an expression without one: `properties.a.b` becomes `properties_a_b`, also inside `tostring()`. */
function impliedName(node: SyntaxNode): string | null {
  if (node.type === 'NameReference') return nameOf(node)
  if (node.type === 'PathExpression') return node.text.replaceAll(/\s*\.\s*/g, '_')
  const [argument] =
    node.type === 'FunctionCallExpression' && /^to(string|int|long|bool|double)\b/.test(node.text) ? argumentsOf(node) : []
  return argument ? impliedName(argument) : null
}

function amountOf(node: SyntaxNode): number {
  const value = compileExpression(required(node, 'Expression'), new Set())({})
  if (typeof value !== 'number') throw unsupported(node)
  return value
}

function columnOf(name: string): Named {
  return { name, value: (row) => row[name] }
}

function namesOf(columns: Named[]): Set<string> {
  return new Set(columns.map((each) => each.name))
}

function shape(columns: Named[], row: Row, onto: Row): Row {
  for (const { name, value } of columns) onto[name] = value(row) ?? null
  return onto
}
