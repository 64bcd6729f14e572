import { isDebugging } from './config/environment'

type Level = 'debug' | 'info' | 'warn' | 'error'

/** One JSON object per line on stderr. Never pass tokens, secrets or response bodies. */
export function log(level: Level, message: string, fields: Record<string, unknown> = {}): void {
  if (level === 'debug' && !isDebugging()) return
  process.stderr.write(`${JSON.stringify({ at: new Date().toISOString(), level, message, ...fields })}\n`)
}

/** What an error says, also one that is no Error: some libraries pass plain objects on. */
export function toReason(error: unknown): string {
  if (error instanceof Error) return error.message
  if (typeof error === 'object' && error !== null && 'message' in error) return String(error.message)
  return typeof error === 'object' ? JSON.stringify(error) : String(error)
}
