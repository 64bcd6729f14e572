import { Reader } from './reader'

/** What a Bicep file declares, as far as tests ask. Strings are as Bicep reads them. */
export interface BicepFile {
  resources: { symbol: string; type: string; version: string; existing: boolean; body: Map<string, BicepValue> }[]
  strings: string[]
}

export type BicepValue = { kind: 'string'; text: string } | { kind: 'object'; properties: Map<string, BicepValue> } | { kind: 'array'; items: BicepValue[] } | { kind: 'name'; name: string } | { kind: 'literal' }

const gap = /(?:[ \t]|\/\/[^\n]*)*/
const lines = /(?:\s|\/\/[^\n]*)*/
const identifier = /[A-Za-z_][A-Za-z0-9_]*/
const placeholder = '<api version>'

class BicepReader extends Reader {
  readonly file: BicepFile = { resources: [], strings: [] }
  readonly symbols = new Set<string>()
  readonly used: string[] = []

  /** A literal string. The templates fill everything in themselves, so that interpolation would be a name that broke out. */
  string(): string {
    this.want(/'/, 'a string')
    let text = ''
    while (!this.take(/'/)) {
      if (this.take(/\\/)) text += this.want(/[\\'nrt]|\$|u\{[0-9a-fA-F]+\}/, 'an escape that Bicep knows').replace('n', '\n').replace('r', '\r')
      else if (this.peek(/\$\{/)) this.fail('no interpolation')
      else text += this.want(/[^'\\\n]/, 'the end of the string')
    }
    this.file.strings.push(text)
    return text
  }

  value(): BicepValue {
    if (this.peek(/'/)) return { kind: 'string', text: this.string() }
    if (this.peek(/\{/)) return { kind: 'object', properties: this.object() }
    if (this.take(/\[/)) {
      const items: BicepValue[] = []
      for (this.take(lines); !this.take(/\]/); this.take(lines)) {
        items.push(this.value())
        if (!this.peek(/\s*\]/)) this.want(/[ \t]*(?:,|\n)/, 'a comma or a new line between items')
      }
      return { kind: 'array', items }
    }
    if (this.take(/-?\d+\b|true\b|false\b|null\b/)) return { kind: 'literal' }
    const name = this.want(identifier, 'a value')
    this.used.push(name)
    while (this.take(/\./)) this.want(identifier, 'a property')
    if (this.take(/\(/)) {
      for (this.take(lines); !this.take(/\)/); this.take(lines)) {
        this.value()
        if (!this.peek(/\s*\)/)) this.want(/\s*,/, 'a comma between arguments')
      }
      while (this.take(/\./)) this.want(identifier, 'a property')
    }
    return { kind: 'name', name }
  }

  object(): Map<string, BicepValue> {
    this.want(/\{/, 'an object')
    const properties = new Map<string, BicepValue>()
    for (this.take(lines); !this.take(/\}/); this.take(lines)) {
      const name = this.peek(/'/) ? this.string() : this.want(identifier, 'a property')
      if (properties.has(name)) this.fail(`no second property ${name}`)
      this.want(/:[ ]*/, 'a colon')
      properties.set(name, this.value())
      this.take(gap)
      if (!this.peek(/\}/)) this.want(/,|\n/, 'a comma or a new line between properties')
    }
    return properties
  }

  declare(symbol: string): void {
    if (this.symbols.has(symbol)) this.fail(`no second ${symbol}`)
    this.symbols.add(symbol)
  }

  statement(): void {
    while (this.take(/@/)) {
      this.value()
      this.want(/\n/, 'a new line after a decorator')
    }
    const keyword = this.want(/targetScope|param|var|resource/, 'a statement')
    if (keyword === 'targetScope') {
      this.want(/ = /, '=')
      const scope = this.string()
      if (!['tenant', 'managementGroup', 'subscription', 'resourceGroup'].includes(scope)) this.fail('a scope that Bicep knows')
    } else {
      const symbol = this.want(/ [A-Za-z_][A-Za-z0-9_]*/, 'a symbol').trim()
      this.declare(symbol)
      if (keyword === 'param') {
        this.want(/ (?:string|int|bool|array|object)/, 'a type')
        if (this.take(/ = /)) this.value()
      } else if (keyword === 'var') {
        this.want(/ = /, '=')
        this.value()
      } else this.resource(symbol)
    }
    this.take(gap)
    if (!this.done) this.want(/\n/, 'a new line after a statement')
  }

  resource(symbol: string): void {
    this.want(/ /, 'a type')
    const written = this.string()
    const [, type = '', version = ''] = /^([A-Za-z.]+(?:\/[A-Za-z]+)+)@(.+)$/.exec(written) ?? this.fail('a type with its version')
    if (version !== placeholder && !/^\d{4}-\d{2}-\d{2}(?:-preview)?$/.test(version)) this.fail('a version')
    const existing = this.take(/ existing/) !== null
    this.want(/ = /, '=')
    const body = this.object()
    if (!body.has('name')) this.fail('a resource with a name')
    this.file.resources.push({ symbol, type, version, existing, body })
  }
}

/**
 * Reads the part of Bicep that remediations are written in: declarations, objects, arrays, literal strings, names and calls.
 * Throws where the text is anything else, for doubled symbols and properties, and for names that nothing declares.
 */
export function readBicep(text: string): BicepFile {
  const reader = new BicepReader(text)
  for (reader.take(lines); !reader.done; reader.take(lines)) reader.statement()
  const functions = new Set(['tenant', 'subscription', 'resourceGroup', 'resourceId', 'description', 'secure'])
  for (const name of reader.used) if (!reader.symbols.has(name) && !functions.has(name)) throw new Error(`nothing declares ${name} in\n${text}`)
  return reader.file
}
