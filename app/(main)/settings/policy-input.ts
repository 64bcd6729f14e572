import type { Policy } from '@/lib/domain/policy'
import { categoriesOf, daysByKeyPointOf, daysOf, destinationIdsOf, nightsOf, textOf, textsOf, versionOf, workspaceIdsOf, type Errors } from './policy-fields'

export interface PolicyInput extends Pick<Policy, 'approvedDestinations' | 'retentionDays' | 'requiredCategories' | 'exemptionApprover' | 'fullEveryNights'> {
  version: number
  approvedWorkspaces: string[]
}

/** What the policy form sends, checked; or what is wrong, by field. */
export function parsePolicyForm(form: FormData): { ok: true; value: PolicyInput } | { ok: false; errors: Errors } {
  const errors: Errors = {}
  const approvedWorkspaces = workspaceIdsOf([...textsOf(form, 'workspace'), textOf(form, 'otherWorkspaces')], 'otherWorkspaces', errors)
  const approvedDestinations = destinationIdsOf([textOf(form, 'destinations')], 'destinations', errors)
  const total = daysOf(form, 'total', 'Total retention', errors, true) ?? 0
  const interactive = daysOf(form, 'interactive', 'Interactive retention', errors, true) ?? 0
  const byKeyPoint = daysByKeyPointOf(form, errors)
  const requiredCategories = categoriesOf(textOf(form, 'categories'), 'categories', errors)
  const fullEveryNights = nightsOf(form, 'nights', errors) ?? 0
  if (Object.keys(errors).length === 0 && interactive > total) errors.interactive = 'Interactive retention cannot be longer than total retention, which includes it.'
  if (Object.keys(errors).length > 0) return { ok: false, errors }
  const figures = Object.keys(byKeyPoint).length === 0 ? {} : { byKeyPoint }
  return { ok: true, value: { version: versionOf(form), approvedWorkspaces, approvedDestinations, retentionDays: { total, interactive, ...figures }, requiredCategories, exemptionApprover: textOf(form, 'another') === '' ? 'any-admin' : 'another-person', fullEveryNights } }
}
