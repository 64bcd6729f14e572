import { createHttpHeaders, type PipelineRequest, type PipelineResponse } from '@azure/core-rest-pipeline'
import { z } from 'zod'
import { toResourceKey } from '../../domain/arm-id'

const item = z.object({
  name: z.string().nullish(),
  httpStatusCode: z.int().min(200).max(599),
  headers: z.record(z.string(), z.unknown()).nullish(),
  content: z.unknown().optional(),
})

const batch = z.object({ responses: z.array(item) })

type Item = z.infer<typeof item>

/**
 * The answers of ARM's batch, in the order of the requests, whose names were given with them. Null where anything does not add up: another number of answers,
 * names that are not ours, a shape that is not the known one, or a setting of another resource.
 * @see https://github.com/Azure/azure-rest-api-specs/issues/39106 (the endpoint is not documented)
 */
export function parseBatch(body: unknown, requests: readonly { name: string; request: PipelineRequest }[]): PipelineResponse[] | null {
  const parsed = batch.safeParse(body)
  if (!parsed.success || parsed.data.responses.length !== requests.length) return null
  const items = inOrder(parsed.data.responses, requests.map(({ name }) => name))
  if (items === null) return null
  const answers: PipelineResponse[] = []
  for (const [index, { request }] of requests.entries()) {
    const answer = items[index]
    if (answer === undefined || !belongsTo(answer, request.url)) return null
    answers.push(toResponse(answer, request))
  }
  return answers
}

/** By name where all have one; as they come where none has. */
function inOrder(items: readonly Item[], names: readonly string[]): Item[] | null {
  if (items.every(({ name }) => name === null || name === undefined)) return [...items]
  const byName = new Map(items.map((each) => [each.name, each]))
  const ordered = names.flatMap((name) => byName.get(name) ?? [])
  return ordered.length === names.length && byName.size === names.length ? ordered : null
}

/** False when it lists something that lies below another resource. */
function belongsTo({ content }: Item, url: string): boolean {
  const listed = z.object({ value: z.array(z.object({ id: z.string() })) }).safeParse(content)
  if (!listed.success) return true
  const path = decoded(new URL(url).pathname).toLowerCase()
  const scope = toResourceKey(path.slice(0, path.lastIndexOf('/providers/')))
  return listed.data.value.every(({ id }) => toResourceKey(id).startsWith(`${scope}/`))
}

/** The path with its escapes undone; as it is where an escape is broken. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch (error) {
    if (error instanceof URIError) return path
    throw error
  }
}

function toResponse({ httpStatusCode, headers, content }: Item, request: PipelineRequest): PipelineResponse {
  const told = Object.entries(headers ?? {}).flatMap(([name, value]) => (typeof value === 'string' || typeof value === 'number' ? [[name, String(value)]] : []))
  return {
    request, status: httpStatusCode, headers: createHttpHeaders(Object.fromEntries(told)),
    bodyAsText: content === undefined || content === null ? '' : typeof content === 'string' ? content : JSON.stringify(content),
  }
}
