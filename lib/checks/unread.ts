import type { Collected, ReadAbsent, ReadFailure } from '@/lib/domain/collected'
import type { Judgement } from '@/lib/domain/finding'

type UnknownJudgement = Extract<Judgement, { verdict: 'unknown' }>

/** The verdict where a read was refused or never made. `what` completes "… could not be read". */
export function unreadJudgement(what: string, read: ReadFailure | ReadAbsent | undefined, permission: string): UnknownJudgement {
  if (read === undefined) return { verdict: 'unknown', reasonCode: 'api-error', reason: `${what} were not read in this scan.` }
  if (read.reason === 'gone' || read.reason === 'not-supported') {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: `${what} could not be read: ${withoutFullStop(read.detail)}.` }
  }
  const evidence = { read: { status: read.status, code: read.code, action: read.action } }
  const reason = `${what} could not be read: ${withoutFullStop(read.detail)}.`
  if (read.reason !== 'permission-denied') return { verdict: 'unknown', reasonCode: read.reason, reason, evidence }
  return { verdict: 'unknown', reasonCode: read.reason, reason, evidence, permission: read.action ?? permission }
}

function withoutFullStop(text: string): string {
  return text.trim().replace(/\.+$/, '')
}

/** The value of a successful read; undefined for every other outcome. */
export function valueOf<T>(read: Collected<T> | undefined): T | undefined {
  return read?.ok ? read.value : undefined
}
