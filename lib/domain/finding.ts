import type { KeyPoint } from './key-point'
import type { ReasonCode, Severity } from './verdict'

/** JSON that a finding was decided from: settings as read, destinations, retention found. Never secrets, never times of reading. */
export type Evidence = Record<string, unknown>

/** What a check concludes. The contract's illegal states (unknown without reason code, fail without evidence) do not compile. */
export type Judgement =
  | { verdict: 'pass'; reason: string; evidence: Evidence; severity?: Severity }
  | { verdict: 'fail'; reason: string; evidence: Evidence; severity?: Severity }
  | { verdict: 'not-applicable'; reason: string; evidence?: Evidence; severity?: Severity }
  | { verdict: 'unknown'; reasonCode: ReasonCode; reason: string; evidence?: Evidence; severity?: Severity
      /** The Azure action whose grant would cure it. */
      permission?: string }

/** One verdict about one (resource, check). */
export interface Finding {
  /** Null for management groups and the tenant. Lower case. */
  subscriptionId: string | null
  resourceId: string
  resourceType: string
  resourceName: string
  location: string
  keyPoint: KeyPoint
  check: string
  checkVersion: number
  severity: Severity
  judgement: Judgement
}
