/** A body as JSON; as text when it is not JSON; undefined when there is none. */
export function parseBody(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
