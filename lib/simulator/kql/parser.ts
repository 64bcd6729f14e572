import { createRequire } from 'node:module'

/** A node of the parser's tree. Its members are named as in Kusto.Language.Syntax; absent ones are null or undefined. */
export interface SyntaxNode {
  readonly type: string
  readonly text: string
  readonly start: number
  readonly children: SyntaxNode[]
  /** The child that its parent knows by this name, for example `Condition`. */
  child(name: string): SyntaxNode | undefined
}

export interface ParseProblem {
  message: string
  start: number
  text: string
}

interface RawNode {
  readonly constructor: { readonly $$name?: string }
  readonly ChildCount: number
  readonly NameInParent: string | null
  readonly TextStart: number
  GetChild(index: number): RawNode | null
  toString(includeTrivia?: unknown): string
}

interface RawDiagnostics {
  readonly Count: number
  getItem(index: number): { readonly Start: number; readonly Length: number; readonly Message: string }
}

interface KustoCode {
  readonly Syntax: RawNode
  GetDiagnostics(): RawDiagnostics
}

interface KustoLanguage {
  KustoCode: { Parse(text: string): KustoCode }
}

let loaded: KustoLanguage | undefined

/**
 * Microsoft's own KQL parser. It is written for a browser: its runtime puts `Bridge` and then `Kusto` into the global object, so it is
 * loaded by require and on first use (it takes about two seconds to make its tables).
 */
function kustoLanguage(): KustoLanguage {
  if (!loaded) {
    const require = createRequire(import.meta.url)
    require('@kusto/language-service-next/bridge.min.js')
    require('@kusto/language-service-next/Kusto.Language.Bridge.min.js')
    loaded = globalKusto()
  }
  return loaded
}

/** The parser declares no module: its global is typed here, once. */
function globalKusto(): KustoLanguage {
  const { Kusto } = globalThis as unknown as { Kusto?: { Language: KustoLanguage } }
  if (!Kusto) throw new Error('@kusto/language-service-next did not define Kusto')
  return Kusto.Language
}

/** Parses a query; problems of syntax come back beside the tree. */
export function parseKql(text: string): { root: SyntaxNode; problems: ParseProblem[] } {
  const code = kustoLanguage().KustoCode.Parse(text)
  const diagnostics = code.GetDiagnostics()
  const problems = Array.from({ length: diagnostics.Count }, (_, index) => {
    const each = diagnostics.getItem(index)
    return { message: each.Message, start: each.Start, text: text.slice(each.Start, each.Start + each.Length) }
  })
  return { root: wrap(code.Syntax), problems }
}

/** Loads the parser and lets it make its tables, so that the first query does not wait for it. */
export function warmParser(): void {
  parseKql('resources | take 1')
}

function wrap(raw: RawNode): SyntaxNode {
  const children: SyntaxNode[] = []
  const named = new Map<string, SyntaxNode>()
  for (let index = 0; index < raw.ChildCount; index++) {
    const child = raw.GetChild(index)
    if (!child) continue
    const node = wrap(child)
    children.push(node)
    if (child.NameInParent) named.set(child.NameInParent, node)
  }
  const type = raw.constructor.$$name?.split('.').at(-1) ?? 'Unknown'
  return { type, text: raw.toString().trim(), start: raw.TextStart, children, child: (name) => named.get(name) }
}
