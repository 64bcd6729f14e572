import { toResourceKey } from './arm-id'

/** What a person asks for. */
export interface ExemptionInput {
  /** An ARM id, which stands for itself and all below it; empty for the whole tenant. */
  scope: string
  /** Null: every check. */
  check: string | null
  reason: string
  /** ISO 8601 UTC. */
  expiresAt: string
}

export interface ExemptionRow extends ExemptionInput {
  id: string
  requestedBy: string
  requestedAt: string
  /** Null while nobody has approved it: then it has no effect. */
  approvedBy: string | null
  approvedAt: string | null
  /** Who refused, withdrew or ended it before its time. */
  endedBy: string | null
  endedAt: string | null
}

export type ExemptionState = 'requested' | 'in-force' | 'expired' | 'ended'

export function exemptionState(exemption: Pick<ExemptionRow, 'expiresAt' | 'approvedAt' | 'endedAt'>, now: Date): ExemptionState {
  if (exemption.endedAt !== null) return 'ended'
  if (Date.parse(exemption.expiresAt) <= now.getTime()) return 'expired'
  return exemption.approvedAt === null ? 'requested' : 'in-force'
}

/** An exemption as reports write it beside the fail that it marks. */
export interface ExemptionMark {
  id: string
  reason: string
  requestedBy: string
  approvedBy: string
  expiresAt: string
}

/** The exemptions in force, ready to be looked up. */
export class Exemptions {
  private readonly byScope: Map<string, ExemptionRow[]>

  constructor(rows: readonly ExemptionRow[], now: Date) {
    this.byScope = Map.groupBy(rows.filter((row) => exemptionState(row, now) === 'in-force'), (row) => scopeKey(row.scope))
  }

  /** What marks a fail of this check on this resource: the exemption of the nearest scope, and there the one that lasts longest; null when none does. */
  markOf(resourceId: string, check: string): ExemptionMark | null {
    if (this.byScope.size === 0) return null
    for (let scope: string = toResourceKey(resourceId); ; scope = scope.slice(0, scope.lastIndexOf('/'))) {
      const found = this.byScope.get(scope)?.filter((row) => row.check === null || row.check === check).sort((a, b) => Date.parse(b.expiresAt) - Date.parse(a.expiresAt))[0]
      if (found !== undefined) return { id: found.id, reason: found.reason, requestedBy: found.requestedBy, approvedBy: found.approvedBy ?? '', expiresAt: found.expiresAt }
      if (scope === '') return null
    }
  }
}

/** A scope as it is stored and compared: the ARM id in lower case, without a slash at its end. */
export function scopeKey(scope: string): string {
  const trimmed = scope.trim().replace(/\/+$/, '')
  return trimmed === '' ? '' : toResourceKey(trimmed)
}

/** Longer than this nobody should look away. */
export const exemptionDaysMax = 730
