import { Reader } from './reader'

export interface HclBlock {
  type: string
  labels: string[]
  arguments: Set<string>
  blocks: HclBlock[]
}

const gap = /(?:[ \t]|#[^\n]*)*/
const lines = /(?:\s|#[^\n]*)*/
const identifier = /[A-Za-z_][A-Za-z0-9_-]*/

class HclReader extends Reader {
  readonly references: string[] = []

  /** A quoted string without templates: the remediations fill everything in themselves. */
  string(): string {
    this.want(/"/, 'a string')
    let text = ''
    while (!this.take(/"/)) {
      if (this.take(/\\/)) text += this.want(/[\\"nrt]/, 'an escape that HCL knows').replace('n', '\n').replace('r', '\r')
      else if (this.take(/\$\$\{/)) text += '${'
      else if (this.take(/%%\{/)) text += '%{'
      else if (this.peek(/[$%]\{/)) this.fail('no template')
      else text += this.want(/[^"\\\n]/, 'the end of the string')
    }
    return text
  }

  expression(): void {
    if (this.peek(/"/)) this.string()
    else if (this.take(/\[/)) {
      for (this.take(lines); !this.take(/\]/); this.take(lines)) {
        this.expression()
        if (!this.peek(/\s*\]/)) this.want(/\s*,/, 'a comma between items')
      }
    } else if (this.take(/\{/)) {
      for (this.take(lines); !this.take(/\}/); this.take(lines)) {
        if (this.peek(/"/)) this.string()
        else this.want(identifier, 'a key')
        this.want(/\s*[=:]\s*/, '=')
        this.expression()
        if (!this.peek(/\s*\}/)) this.want(/[ \t]*(?:,|\n)/, 'a comma or a new line')
      }
    } else if (!this.take(/-?\d+\b|true\b|false\b|null\b/)) {
      let name = this.want(identifier, 'a value')
      if (this.take(/\(/)) {
        for (this.take(lines); !this.take(/\)/); this.take(lines)) {
          this.expression()
          if (!this.peek(/\s*\)/)) this.want(/\s*,/, 'a comma between arguments')
        }
        return
      }
      while (this.take(/\./)) name += `.${this.want(identifier, 'an attribute')}`
      this.references.push(name)
    }
  }

  block(type: string): HclBlock {
    const labels: string[] = []
    while (this.peek(/"/)) {
      labels.push(this.string())
      this.want(/ /, 'a space')
    }
    this.want(/\{\n/, 'a block')
    const block: HclBlock = { type, labels, arguments: new Set(), blocks: [] }
    for (this.take(lines); !this.take(/\}/); this.take(lines)) {
      const name = this.want(identifier, 'an argument or a block')
      if (this.take(/[ \t]*=[ \t]*/)) {
        if (block.arguments.has(name)) this.fail(`no second ${name}`)
        block.arguments.add(name)
        this.expression()
      } else {
        this.want(/ /, 'a block')
        block.blocks.push(this.block(name))
      }
      this.take(gap)
      this.want(/\n/, 'a new line')
    }
    return block
  }
}

/** Reads the part of HCL that remediations are written in. Throws for anything else, doubled arguments and unknown references. */
export function readHcl(text: string): HclBlock[] {
  const reader = new HclReader(`${text}\n`)
  const blocks: HclBlock[] = []
  for (reader.take(lines); !reader.done; reader.take(lines)) {
    const type = reader.want(/resource|data|variable|locals/, 'a block')
    reader.want(/ /, 'a space')
    blocks.push(reader.block(type))
    reader.want(/\n/, 'a new line after a block')
  }
  const known = new Set(blocks.map(({ labels }) => labels.join('.')))
  if (known.size !== blocks.length) throw new Error(`two blocks of one name in\n${text}`)
  for (const reference of reader.references) {
    const [type, name] = reference.replace(/^data\./, '').split('.')
    if (!known.has(`${type}.${name}`) && type !== 'var') throw new Error(`nothing declares ${reference} in\n${text}`)
  }
  return blocks
}
