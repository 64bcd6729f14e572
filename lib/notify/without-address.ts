import { answerMax } from './post'

/** What an address has in parts that are no longer than this is a word, as `hooks` and `services`. */
const wordMax = 8
const secretMin = 3

/** What a receiver answered, without what it repeats of its own address: path and query of a webhook are its password. */
export function withoutAddress(text: string, address: string): string {
  const secrets = secretsOf(new URL(address))
  const rest = secrets.reduce((left, secret) => left.replace(new RegExp(RegExp.escape(secret), 'gi'), '…'), text)
  // Where the answer was cut off, the beginning of a secret may stand last.
  return text.length < answerMax ? rest : rest.slice(0, rest.length - Math.max(0, ...secrets.map((secret) => begunAtEnd(rest, secret))))
}

/** How many characters at the end of a text are the beginning of a secret. */
function begunAtEnd(text: string, secret: string): number {
  const [end, begin] = [text.toLowerCase(), secret.toLowerCase()]
  for (let length = begin.length; length >= secretMin; length -= 1) if (end.endsWith(begin.slice(0, length))) return length
  return 0
}

/** The longest first, each as it is in the URL, decoded, and as JSON and HTML write it. */
function secretsOf({ pathname, search, username, password, searchParams }: URL): string[] {
  const values = search.slice(1).split('&').map((pair) => pair.replace(/^[^=]*=/, ''))
  const long = [...pathname.split('/'), ...values, ...searchParams.values()].filter((part) => part.length > wordMax)
  const raw = [`${pathname}${search}`, pathname, search, search.slice(1), username, password, ...long]
  const written = raw.flatMap((one) => [one, decoded(one)]).flatMap((one) => [one, one.replaceAll('/', '\\/'), one.replaceAll('&', '&amp;')])
  return [...new Set(written)].filter((one) => one.length >= secretMin).sort((a, b) => b.length - a.length)
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
