/** A piece of a Kusto query. Texts are without their quotes; words and signs are as written. */
export interface KqlToken {
  kind: 'text' | 'word' | 'number' | 'sign'
  value: string
}

const comment = String.raw`//[^\n]*`
const verbatim = String.raw`[hH]?@'(?:[^']|'')*'|[hH]?@"(?:[^"]|"")*"`
const quoted = String.raw`[hH]?'(?:\\.|[^'\\\n])*'|[hH]?"(?:\\.|[^"\\\n])*"`
const number = String.raw`\d+(?:\.\d+)?[a-z]*`
const word = String.raw`![a-z_]+~?|[A-Za-z_]\w*(?:-[a-z]+)*(?:\.\w+)*~?`
const sign = String.raw`==|=~|!=|!~|<>|<=|>=|\.\.|[^\s]`
const pattern = new RegExp(`(${comment})|(${verbatim}|${quoted})|(${number})|(${word})|(${sign})`, 'g')

/** The tokens of a query, comments left out. What is no Kusto at all comes out as signs, which nothing understands. */
export function kqlTokens(query: string): KqlToken[] {
  const tokens: KqlToken[] = []
  for (const [whole, isComment, isText, isNumber, isWord] of query.matchAll(pattern)) {
    if (isComment !== undefined) continue
    if (isText !== undefined) tokens.push({ kind: 'text', value: unquoted(isText) })
    else tokens.push({ kind: isNumber !== undefined ? 'number' : isWord !== undefined ? 'word' : 'sign', value: whole })
  }
  return tokens
}

function unquoted(literal: string): string {
  const inner = literal.replace(/^[hH]?@?['"]/, '').slice(0, -1)
  return literal.includes('@') && /^[hH]?@/.test(literal) ? inner.replace(/''|""/g, (pair) => pair.charAt(0)) : inner.replace(/\\(.)/g, '$1')
}

/** Splits at a sign (`;` or `|`) outside of brackets; empty parts are left out. */
export function splitAt(tokens: readonly KqlToken[], separator: string): KqlToken[][] {
  const parts: KqlToken[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (token.kind === 'sign' && '([{'.includes(token.value)) depth += 1
    if (token.kind === 'sign' && ')]}'.includes(token.value)) depth -= 1
    if (depth === 0 && token.kind === 'sign' && token.value === separator) parts.push([])
    else parts.at(-1)?.push(token)
  }
  return parts.filter((part) => part.length > 0)
}
