import type { Azure } from '@/lib/azure'
import { checksOfPolicyDefinition } from '@/lib/checks'
import { savePolicyExemptions, type Database } from '@/lib/db'
import { nameOf } from '@/lib/domain/arm-id'
import type { Policy } from '@/lib/domain/policy'
import type { ImportedExemption, PolicyExemption, UnmappedExemption } from '@/lib/domain/policy-exemption'

/**
 * Takes over the exemptions of Azure Policy whose definitions ask what a check asks; what stands for none is kept with why.
 * @param approver where the policy wants another person, they wait for approval.
 */
export async function importPolicyExemptions(
  db: Database, azure: Pick<Azure, 'readPolicyExemptions'>, estateId: number, subscriptionIds: readonly string[], approver: Policy['exemptionApprover'],
): Promise<void> {
  const { exemptions, failures } = await azure.readPolicyExemptions(subscriptionIds)
  const mapped = exemptions.map(mapExemption)
  const [failure] = failures.values()
  await savePolicyExemptions(db, estateId, {
    imported: mapped.flatMap((one) => one.imported), unmapped: mapped.flatMap((one) => one.unmapped),
    unclear: failures.size === 0 ? [] : exemptions.filter(({ definitions, selective }) => definitions === null && !selective),
    subscriptions: new Set(subscriptionIds.map((id) => id.toLowerCase()).filter((id) => !failures.has(id))),
    problem: failure === undefined ? null : `Of ${failures.size === 1 ? 'one subscription' : `${failures.size} subscriptions`} Azure said: ${failure.detail}`,
  }, approver)
}

/** The checks that an exemption stands for, each once, and what of it stands for none. */
export function mapExemption(source: PolicyExemption): { imported: ImportedExemption[]; unmapped: UnmappedExemption[] } {
  const unmapped = (what: string, why: string): UnmappedExemption =>
    ({ sourceId: source.id, sourceName: source.name, scope: source.scope, category: source.category, expiresAt: source.expiresAt, what, why })
  if (source.selective) return { imported: [], unmapped: [unmapped(source.assignment, 'It holds for some locations or types of its scope alone (resource selectors), which Keypoint does not follow.')] }
  if (source.definitions === null) return { imported: [], unmapped: [unmapped(source.assignment, 'Its assignment or its initiative cannot be read, so that its policies are not known.')] }
  const known = source.definitions.map((definition) => ({ definition, found: checksOfPolicyDefinition(definition.id) }))
  const byCheck = Map.groupBy(known.flatMap(({ found }) => found), ({ check }) => check)
  const imported = [...byCheck].map(([check, found]): ImportedExemption => ({
    source, check, resourceTypes: found.some(({ resourceTypes }) => resourceTypes.length === 0) ? [] : [...new Set(found.flatMap(({ resourceTypes }) => resourceTypes))].sort(),
  }))
  const others = known.filter(({ found }) => found.length === 0)
  if (others.length === 0) return { imported, unmapped: source.definitions.length === 0 ? [unmapped(source.assignment, 'Its initiative has none of the policies that it names.')] : [] }
  const [first] = others
  const what = others.length === 1 && first !== undefined ? `${source.assignment}: ${first.definition.reference ?? nameOf(first.definition.id)}` : `${source.assignment}: ${others.length} of ${known.length} policies`
  return { imported, unmapped: [unmapped(what, others.length === 1 ? 'No check asks what this policy asks.' : 'No check asks what these policies ask.')] }
}
