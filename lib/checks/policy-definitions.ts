import { nameOf } from '@/lib/domain/arm-id'
import { allAzurePolicyNotes } from './azure-policy-notes'
import { checks } from './list'

/** A check that asks what a policy definition asks, and of which types (lower case; empty: all of its own). */
export interface DefinedCheck {
  check: string
  resourceTypes: readonly string[]
  /** The definition's display name. */
  policy: string
}

const byDefinition = Map.groupBy(
  checks.flatMap(({ id }) => allAzurePolicyNotes(id).map((note) => ({ definition: note.id, check: id, resourceTypes: note.resourceTypes ?? [], policy: note.displayName }))),
  ({ definition }) => definition,
)

/** The checks that ask what a built-in policy definition (by its ARM id) asks; none where no check does, or where it is a definition of one's own. */
export function checksOfPolicyDefinition(definitionId: string): DefinedCheck[] {
  const isBuiltIn = /^\/providers\/microsoft\.authorization\/policydefinitions\//i.test(definitionId)
  return isBuiltIn ? (byDefinition.get(nameOf(definitionId).toLowerCase()) ?? []).map(({ check, resourceTypes, policy }) => ({ check, resourceTypes, policy })) : []
}
