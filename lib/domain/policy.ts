import type { KeyPoint } from './key-point'
import type { Severity } from './verdict'

/** What can be decided for the whole tenant, and again for a part of it. */
export interface PolicyRules {
  /** Workspaces that count as the central place. Null: nobody has decided, the scan proposes. */
  approvedWorkspaces: string[] | null
  /** Destinations that the user vouches for (ARM ids): they exist where they are out of our sight, and count as central. */
  approvedDestinations: string[]
  retentionDays: { total: number; interactive: number; byKeyPoint?: Partial<Record<KeyPoint, number>> }
  /** Required log categories by resource type, overruling the live `audit` group. */
  requiredCategories: Record<string, string[]>
  disabledChecks: string[]
  /** Optional checks that are on: they are off unless named here. */
  enabledChecks: string[]
  severityByCheck: Record<string, Severity>
  /** Ids of `Check.alternatives` that count as the thing itself. */
  acceptedAlternatives: string[]
}

/** What the user has decided; the defaults are proposals. */
export interface Policy extends PolicyRules {
  /** 0 for the built-in defaults; each saved change adds one. */
  version: number
  /** Who may approve an exemption: any Admin, or another one than whoever asked for it. */
  exemptionApprover: 'any-admin' | 'another-person'
  /** An incremental scan reads in full what was last read so a whole number of nights ago. */
  fullEveryNights: number
  /** What holds for parts of the tenant, applied in order: of two that set the same, the later counts. */
  overrides: PolicyOverride[]
}

/** A part of the tenant. Names and ids are compared without case. */
export type PolicyScope =
  /** The group of that name (not display name) and everything below it. */
  | { kind: 'management-group'; name: string }
  | { kind: 'subscription'; subscriptionId: string }
  /** Resources with the tag, and their parts that have none of the name; an empty value stands for any. Tags of groups and subscriptions do not count. */
  | { kind: 'tag'; name: string; value: string }

export interface PolicyOverride {
  scope: PolicyScope
  /** Lists that are given replace the tenant's; days, categories, severities and switched checks are laid over it one by one. */
  rules: Partial<Omit<PolicyRules, 'retentionDays'>> & { retentionDays?: Partial<PolicyRules['retentionDays']> }
}

/** The most of `fullEveryNights`. Half of what the activity log goes back: changes that no log tells of are to be seen before. */
export const fullEveryNightsMax = 45

export const defaultPolicy: Policy = {
  version: 0,
  approvedWorkspaces: null,
  approvedDestinations: [],
  retentionDays: { total: 365, interactive: 90 },
  requiredCategories: {},
  disabledChecks: [],
  enabledChecks: [],
  severityByCheck: {},
  acceptedAlternatives: [],
  exemptionApprover: 'any-admin',
  fullEveryNights: 7,
  overrides: [],
}

/** The central workspaces that a scan judged by, and how they came to be so. */
export interface CentralWorkspaces {
  ids: string[]
  /** `confirmed`: by the user's policy. The others are proposals. */
  basis: 'confirmed' | 'activity-log-or-sentinel' | 'most-used' | 'none'
}
