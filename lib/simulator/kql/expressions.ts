import { isJsonObject } from '../json'
import type { SyntaxNode } from './parser'
import { QueryError } from './query-error'
import { compare, equal, hasTerm, isEmpty, numberOf, textOf, type Row } from './values'

export type Evaluate = (row: Row) => unknown

/** Makes a function from an expression. `columns` are the names in scope; anything else is an error as Azure gives. */
export function compileExpression(node: SyntaxNode, columns: ReadonlySet<string>): Evaluate {
  switch (node.type) {
    case 'ParenthesizedExpression':
      return compileExpression(innerExpression(node), columns)
    case 'LiteralExpression':
      return constant(literalValue(node))
    case 'PrefixUnaryExpression':
      return negate(node, columns)
    case 'NameReference':
      return columnReader(nameOf(node), columns, node)
    case 'PathExpression':
      return memberReader(compileExpression(required(node, 'Expression'), columns), constant(nameOf(required(node, 'Selector'))))
    case 'ElementExpression':
      return memberReader(
        compileExpression(required(node, 'Expression'), columns),
        compileExpression(innerExpression(required(node, 'Selector')), columns),
      )
    case 'BinaryExpression':
      return compileBinary(node, columns)
    case 'InExpression':
      return compileIn(node, columns)
    case 'FunctionCallExpression':
      return compileCall(node, columns)
    default:
      throw unsupported(node)
  }
}

/** Elements of a comma list, without their separators. */
export function elementsOf(list: SyntaxNode): SyntaxNode[] {
  return list.children.map((element) => element.children[0]).filter((element) => element !== undefined)
}

export function argumentsOf(call: SyntaxNode): SyntaxNode[] {
  const expressions = required(call, 'ArgumentList').child('Expressions')
  return expressions ? elementsOf(expressions) : []
}

export function nameOf(node: SyntaxNode): string {
  const bracketed = /^\[\s*(['"])(.*)\1\s*\]$/s.exec(node.text)
  return bracketed?.[2] ?? node.text
}

export function required(node: SyntaxNode, name: string): SyntaxNode {
  const child = node.child(name)
  if (!child) throw unsupported(node)
  return child
}

export function unsupported(node: SyntaxNode): QueryError {
  const word = node.text.split(/[\s(]/, 1)[0] ?? node.text
  return new QueryError('InvalidQueryLanguage', `'${word}' is not supported (${node.type}).`, word)
}

function innerExpression(node: SyntaxNode): SyntaxNode {
  const inner = node.child('Expression') ?? node.children[1]
  if (!inner) throw unsupported(node)
  return inner
}

function constant(value: unknown): Evaluate {
  return () => value
}

function literalValue(node: SyntaxNode): unknown {
  const { text } = node
  const verbatim = /^[hH]?@(['"])(.*)\1$/s.exec(text)
  if (verbatim) return (verbatim[2] ?? '').replaceAll(`${verbatim[1]}${verbatim[1]}`, verbatim[1] ?? '')
  const quoted = /^[hH]?(['"])(.*)\1$/s.exec(text)
  if (quoted) return unescapeText(quoted[2] ?? '')
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true'
  if (/^-?\d+(\.\d+)?([eE][-+]?\d+)?$/.test(text)) return Number(text)
  if (/^dynamic\(null\)$/i.test(text)) return null
  throw unsupported(node)
}

function unescapeText(text: string): string {
  const escapes: Record<string, string> = { n: '\n', r: '\r', t: '\t', '0': '\0' }
  return text.replaceAll(/\\(.)/gs, (_, char: string) => escapes[char] ?? char)
}

function negate(node: SyntaxNode, columns: ReadonlySet<string>): Evaluate {
  const operand = compileExpression(required(node, 'Expression'), columns)
  if (!node.text.startsWith('-')) throw unsupported(node)
  return (row) => {
    const number = numberOf(operand(row))
    return number === null ? null : -number
  }
}

function columnReader(name: string, columns: ReadonlySet<string>, node: SyntaxNode): Evaluate {
  if (!columns.has(name)) {
    const position = node.start + 1
    throw new QueryError('SemanticError', `Failed to resolve scalar expression named '${name}'`, name, position)
  }
  return (row) => row[name]
}

function memberReader(target: Evaluate, member: Evaluate): Evaluate {
  return (row) => {
    const value = target(row)
    const key = member(row)
    if (Array.isArray(value)) {
      const index = numberOf(key)
      return index === null ? null : (value.at(index) ?? null)
    }
    return isJsonObject(value) ? (value[textOf(key)] ?? null) : null
  }
}

type TextTest = (value: string, wanted: string) => boolean

const textTests: Record<string, TextTest> = {
  '=~': (value, wanted) => value.toLowerCase() === wanted.toLowerCase(),
  '!~': (value, wanted) => value.toLowerCase() !== wanted.toLowerCase(),
  has: (value, wanted) => hasTerm(value.toLowerCase(), wanted.toLowerCase()),
  '!has': (value, wanted) => !hasTerm(value.toLowerCase(), wanted.toLowerCase()),
  contains: (value, wanted) => value.toLowerCase().includes(wanted.toLowerCase()),
  '!contains': (value, wanted) => !value.toLowerCase().includes(wanted.toLowerCase()),
  startswith: (value, wanted) => value.toLowerCase().startsWith(wanted.toLowerCase()),
  '!startswith': (value, wanted) => !value.toLowerCase().startsWith(wanted.toLowerCase()),
  endswith: (value, wanted) => value.toLowerCase().endsWith(wanted.toLowerCase()),
  '!endswith': (value, wanted) => !value.toLowerCase().endsWith(wanted.toLowerCase()),
}

const orderTests: Record<string, (order: number) => boolean> = {
  '<': (order) => order < 0,
  '<=': (order) => order <= 0,
  '>': (order) => order > 0,
  '>=': (order) => order >= 0,
}

function compileBinary(node: SyntaxNode, columns: ReadonlySet<string>): Evaluate {
  const operator = required(node, 'Operator').text
  const left = compileExpression(required(node, 'Left'), columns)
  const right = compileExpression(required(node, 'Right'), columns)
  if (operator === 'and') return (row) => left(row) === true && right(row) === true
  if (operator === 'or') return (row) => left(row) === true || right(row) === true
  if (operator === '==') return (row) => equal(left(row), right(row))
  if (operator === '!=' || operator === '<>') return (row) => !equal(left(row), right(row))
  const textTest = textTests[operator]
  if (textTest) return (row) => textTest(textOf(left(row)), textOf(right(row)))
  const orderTest = orderTests[operator]
  if (orderTest) {
    return (row) => {
      const a = left(row)
      const b = right(row)
      return !isEmpty(a) && !isEmpty(b) && orderTest(compare(a, b))
    }
  }
  throw new QueryError('InvalidQueryLanguage', `The operator '${operator}' is not supported.`, operator)
}

function compileIn(node: SyntaxNode, columns: ReadonlySet<string>): Evaluate {
  const operator = required(node, 'Operator').text
  const left = compileExpression(required(node, 'Left'), columns)
  const list = required(node, 'Right').child('Expressions')
  if (!list) throw unsupported(node)
  const folded = operator.endsWith('~')
  const fold = (value: unknown) => (folded ? textOf(value).toLowerCase() : textOf(value))
  const values = new Set(elementsOf(list).map((each) => fold(compileExpression(each, new Set())({}))))
  return operator.startsWith('!') ? (row) => !values.has(fold(left(row))) : (row) => values.has(fold(left(row)))
}

/** A scalar function over the values of its arguments. */
const scalarFunctions: Record<string, (values: unknown[]) => unknown> = {
  tostring: ([value]) => textOf(value),
  tolower: ([value]) => textOf(value).toLowerCase(),
  toupper: ([value]) => textOf(value).toUpperCase(),
  toint: ([value]) => numberOf(value),
  tolong: ([value]) => numberOf(value),
  todouble: ([value]) => numberOf(value),
  tobool: ([value]) => (isEmpty(value) ? null : textOf(value).toLowerCase() === 'true'),
  isempty: ([value]) => isEmpty(value),
  isnotempty: ([value]) => !isEmpty(value),
  isnull: ([value]) => value === null || value === undefined,
  isnotnull: ([value]) => value !== null && value !== undefined,
  not: ([value]) => value !== true,
  strlen: ([value]) => textOf(value).length,
  strcat: (values) => values.map(textOf).join(''),
  coalesce: (values) => values.find((value) => !isEmpty(value)) ?? null,
  iff: ([test, yes, no]) => (test === true ? yes : no),
  iif: ([test, yes, no]) => (test === true ? yes : no),
  array_length: ([value]) => (Array.isArray(value) ? value.length : null),
  parse_json: ([value]) => value ?? null,
  todynamic: ([value]) => value ?? null,
  split: ([value, separator]) => textOf(value).split(textOf(separator)),
  pack: packed,
  bag_pack: packed,
  pack_dictionary: packed,
  pack_array: (values) => values,
}

function packed(values: unknown[]): Row {
  const bag: Row = {}
  for (let at = 0; at + 1 < values.length; at += 2) bag[textOf(values[at])] = values[at + 1] ?? null
  return bag
}

function compileCall(node: SyntaxNode, columns: ReadonlySet<string>): Evaluate {
  const name = nameOf(required(node, 'Name'))
  const call = scalarFunctions[name]
  if (!call) throw new QueryError('InvalidQueryLanguage', `Unknown function: '${name}'.`, name)
  const values = argumentsOf(node).map((each) => compileExpression(each, columns))
  const [only] = values
  if (values.length === 1 && only) return (row) => call([only(row)])
  return (row) => call(values.map((value) => value(row)))
}
