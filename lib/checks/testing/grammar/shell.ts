import { Reader } from './reader'

export interface ShellCommand {
  words: string[]
  /** Where its output goes; null: the screen. */
  into: string | null
}

class ShellReader extends Reader {
  /** One word with its quotes taken away; unquoted it may hold what no shell reads a meaning into. */
  word(): string {
    const nested: string[] = []
    let word = ''
    while (!this.done && !this.peek(/[ \t\n]/)) {
      if (this.take(/'/)) word += this.want(/[^']*/, 'the end of the quotes') + this.want(/'/, 'the end of the quotes').slice(1)
      else if (this.take(/\\'/)) word += "'"
      else if (this.take(/"\$\(/)) {
        nested.push(this.nested())
        word += '$'
      } else if (this.peek(/"/)) word += this.want(/"[^"$`\\!\n]*"/, 'quotes without a meaning inside').slice(1, -1)
      else word += this.want(/[A-Za-z0-9_./:=@,+%>-]/, 'a character that needs no quotes')
    }
    for (const command of nested) this.inner.push(command)
    return word
  }

  /** The command inside `"$(…)"`. */
  nested(): string {
    const start = this.at
    while (!this.take(/\)"/)) if (!this.take(/'[^']*'|\\'|[^'")]/)) this.fail('the end of the inner command')
    return this.text.slice(start, this.at - 2)
  }

  readonly inner: string[] = []
}

/** Splits a pasted text into commands as a POSIX shell would; throws for anything that the shell would read a meaning into. */
export function readShell(text: string): ShellCommand[] {
  const reader = new ShellReader(text.replaceAll(/^#.*\n/gm, ''))
  const commands: ShellCommand[] = []
  let words: string[] = []
  const end = (): void => {
    const into = words.indexOf('>')
    if (words.length > 0) commands.push(into < 0 ? { words, into: null } : { words: words.slice(0, into), into: words.slice(into + 1).join(' ') })
    words = []
  }
  while (!reader.done) {
    if (reader.take(/[ \t]*\\\n[ \t]*|[ \t]+/)) continue
    if (reader.take(/\n/)) end()
    else words.push(reader.word())
  }
  end()
  return [...commands, ...reader.inner.flatMap(readShell)]
}
