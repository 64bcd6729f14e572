import { armError, ok, type Answer } from './answer'
import type { Call } from './call'

/** One page of a list by ARM's habit: `value` and, while there is more, an absolute `nextLink` with the api-version and a `$skiptoken` in it. */
export function pageOf(call: Call, items: readonly unknown[], pageSize = call.pageSize): Answer {
  const token = call.query.get('$skiptoken') ?? call.query.get('$skipToken')
  const from = token === null ? 0 : readToken(token)
  if (from === null) return armError(400, 'InvalidSkipToken', 'The provided $skiptoken is invalid.')
  const value = items.slice(from, from + pageSize)
  if (from + pageSize >= items.length) return ok({ value })
  const query = new URLSearchParams(call.query)
  query.delete('$skipToken')
  query.set('$skiptoken', Buffer.from(`next:${from + pageSize}`).toString('base64url'))
  return ok({ value, nextLink: `${call.baseUrl}${call.path}?${query}` })
}

function readToken(token: string): number | null {
  const at = /^next:(\d+)$/.exec(Buffer.from(token, 'base64url').toString())?.[1]
  return at === undefined ? null : Number(at)
}
