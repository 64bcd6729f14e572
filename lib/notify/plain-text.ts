/** Controls, and marks that turn the direction of text: a name that holds them could make a line say something else. */
const unprintable = /[\p{Cc}\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]+/gu

/** Text from Azure or a person as one printable line, at most `max` characters. */
export function plainText(text: string, max = 300): string {
  const line = text.toWellFormed().replace(unprintable, ' ').replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length <= max ? line : `${characters.slice(0, max - 1).join('')}…`
}
