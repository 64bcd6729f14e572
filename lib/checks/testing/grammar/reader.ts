/** Walks over a text and says where it does not go on as it must. */
export class Reader {
  at = 0

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.at >= this.text.length
  }

  fail(expected: string): never {
    const line = this.text.slice(0, this.at).split('\n').length
    throw new Error(`line ${line}: expected ${expected}, found ${JSON.stringify(this.text.slice(this.at, this.at + 40))} in\n${this.text}`)
  }

  /** The match of a sticky pattern here, taken; null when there is none. */
  take(pattern: RegExp): string | null {
    const sticky = new RegExp(pattern.source, `${pattern.flags.replace('y', '')}y`)
    sticky.lastIndex = this.at
    const found = sticky.exec(this.text)
    if (found === null) return null
    this.at += found[0].length
    return found[0]
  }

  want(pattern: RegExp, expected: string): string {
    return this.take(pattern) ?? this.fail(expected)
  }

  peek(pattern: RegExp): boolean {
    const before = this.at
    const found = this.take(pattern) !== null
    this.at = before
    return found
  }
}
