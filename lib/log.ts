type Level = 'debug' | 'info' | 'warn' | 'error'

/** One JSON object per line on stderr. Never pass tokens, secrets or response bodies. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  if (level === 'debug' && !process.env.KEYPOINT_DEBUG) return
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`)
}
