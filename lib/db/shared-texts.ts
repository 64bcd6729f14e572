/** Rows have a text each for the same few types, regions and subscriptions: what is made of them shares the first, which is looked up faster and held once. */
export class SharedTexts {
  private readonly texts = new Map<string, string>()

  of(text: string): string {
    const known = this.texts.get(text)
    if (known === undefined) this.texts.set(text, text)
    return known ?? text
  }
}
