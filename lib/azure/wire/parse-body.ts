import type { PipelineResponse } from '@azure/core-rest-pipeline'

const parsed = new WeakMap<PipelineResponse, { body: unknown }>()

/** The body of an answer, parsed once however often it is asked for. */
export function bodyOf(response: PipelineResponse): unknown {
  const known = parsed.get(response) ?? { body: parseBody(response.bodyAsText) }
  parsed.set(response, known)
  return known.body
}

/** True for an answer that is not whole: of status 200 whatever is not JSON, be it a proxy's page or nothing, and a refusal that breaks off. */
export function isMalformed(response: PipelineResponse): boolean {
  const body = bodyOf(response)
  if (response.status !== 200) return typeof body === 'string' && body.trimStart().startsWith('{')
  return typeof body !== 'object' || body === null
}

/** A body as JSON; as text when it is not JSON; undefined when there is none. */
export function parseBody(text: string | null | undefined): unknown {
  if (text === null || text === undefined || text.trim() === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
