import type { ExemptionCategory } from './exemption'

/** A policy definition that an exemption in Azure Policy is from. */
export interface ExemptedDefinition {
  /** ARM id of the definition. */
  id: string
  /** Its name in the initiative; null: the assignment is of this definition alone. */
  reference: string | null
}

/** An exemption as it stands in Azure Policy. */
export interface PolicyExemption {
  id: string
  /** Its display name, or its name. */
  name: string
  /** ARM id of the resource, resource group, subscription or management group that it is made on. */
  scope: string
  category: ExemptionCategory
  description: string | null
  /** ISO 8601 UTC; null: no end. */
  expiresAt: string | null
  /** By its metadata, where people wrote it there. */
  requestedBy: string | null
  approvedBy: string | null
  /** What it is from; null: its assignment or its initiative could not be read. */
  definitions: ExemptedDefinition[] | null
  /** Names of the initiative or policy that is assigned, for people. */
  assignment: string
  /** True: it is narrowed to some locations or types of its scope. */
  selective: boolean
}

/** An exemption of Azure Policy, from one check. */
export interface ImportedExemption {
  source: PolicyExemption
  check: string
  /** Lower case; empty: every type. */
  resourceTypes: readonly string[]
}

/** What of an exemption in Azure Policy stands for no check, and why. */
export interface UnmappedExemption {
  sourceId: string
  sourceName: string
  scope: string
  category: ExemptionCategory
  expiresAt: string | null
  what: string
  why: string
}
