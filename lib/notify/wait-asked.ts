/** No receiver keeps a channel waiting for longer: a message is given up after a day. */
const longestMs = 6 * 3_600_000

/** Milliseconds that the header Retry-After asks to wait, in seconds or until a date, bounded; null when it says nothing that can be read. */
export function waitAskedMs(retryAfter: string | null, now: Date): number | null {
  const text = retryAfter?.trim() ?? ''
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text) - now.getTime()
  return Number.isNaN(ms) ? null : Math.min(Math.max(ms, 0), longestMs)
}
