import type { KeyPoint } from './key-point'
import type { Severity } from './verdict'

/** What the user has decided; the defaults are proposals. */
export interface Policy {
  /** 0 for the built-in defaults; each saved change adds one. */
  version: number
  /** Workspaces that count as the central place. Null: nobody has decided, the scan proposes. */
  approvedWorkspaces: string[] | null
  /** Destinations outside our sight that the user vouches for (ARM ids). */
  approvedDestinations: string[]
  retentionDays: { total: number; interactive: number; byKeyPoint?: Partial<Record<KeyPoint, number>> }
  /** Required log categories by resource type, overruling the live `audit` group. */
  requiredCategories: Record<string, string[]>
  disabledChecks: string[]
  /** Optional checks that are on: they are off unless named here. */
  enabledChecks: string[]
  severityByCheck: Record<string, Severity>
}

export const defaultPolicy: Policy = {
  version: 0,
  approvedWorkspaces: null,
  approvedDestinations: [],
  retentionDays: { total: 365, interactive: 90 },
  requiredCategories: {},
  disabledChecks: [],
  enabledChecks: [],
  severityByCheck: {},
}

/** The central workspaces that a scan judged by, and how they came to be so. */
export interface CentralWorkspaces {
  ids: string[]
  /** `confirmed`: by the user's policy. The others are proposals. */
  basis: 'confirmed' | 'activity-log-or-sentinel' | 'most-used' | 'none'
}
