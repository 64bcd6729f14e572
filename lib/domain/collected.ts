import type { ReasonCode } from './verdict'

/** Code of a read that was not made, because its subscription had failed again and again. */
export const circuitOpenCode = 'CircuitOpen'

/** A read that Azure refused or did not answer: a value, so that it can never look like an empty list. */
export interface ReadFailure {
  ok: false
  reason: ReasonCode
  /** One plain sentence for people, without secrets. */
  detail: string
  /** HTTP status of the last answer; null when there was none. */
  status: number | null
  /** Azure's error code, for example `AuthorizationFailed`. */
  code: string | null
  /** The action that was refused, as Azure named it, for example `Microsoft.Insights/diagnosticSettings/read`. */
  action: string | null
}

/** The resource does not exist any more, or the scope does not support what was asked: neither is a refusal. */
export interface ReadAbsent {
  ok: false
  reason: 'gone' | 'not-supported'
  detail: string
  status: number | null
  code: string | null
  action: null
}

export interface ReadSuccess<T> {
  ok: true
  value: T
}

/** What a collector returns for every read. It throws for bugs alone. */
export type Collected<T> = ReadSuccess<T> | ReadFailure | ReadAbsent

export function collected<T>(value: T): ReadSuccess<T> {
  return { ok: true, value }
}

/** True when the read failed for a reason that makes a verdict `unknown`. */
export function isFailure<T>(read: Collected<T>): read is ReadFailure {
  return !read.ok && read.reason !== 'gone' && read.reason !== 'not-supported'
}
