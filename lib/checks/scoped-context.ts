import { toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, Destinations, Subject } from '@/lib/domain/check'
import type { Policy, PolicyOverride } from '@/lib/domain/policy'
import { groupsOver, holds, tagsOver, withOverrides } from '@/lib/domain/policy-scope'
import { memoByContext, memoByScan } from './context-memo'
import { approvedCentral } from './propose-central'

const noTags = {}

interface Scoped {
  policy: Policy
  destinations: Destinations
}

/** What overrides make of the policy and of the central workspaces; shared by all subscriptions, so that what checks share by scan stays shared. */
const scopedByScan = memoByScan(() => new Map<string, Scoped>())

function scopedUnder(overrides: readonly PolicyOverride[], key: string, context: CheckContext): Scoped {
  const known = scopedByScan(context).get(key)
  if (known) return known
  const { destinations } = context.estate
  const policy = withOverrides(context.policy, overrides)
  const { approvedWorkspaces } = policy
  const own = approvedWorkspaces !== context.policy.approvedWorkspaces && approvedWorkspaces !== null
  const made = { policy, destinations: own ? { ...destinations, central: approvedCentral(approvedWorkspaces) } : destinations }
  scopedByScan(context).set(key, made)
  return made
}

/**
 * The context of one subject: with the overrides of the policy that hold for it. Subjects under the same overrides share a
 * context, so that what checks work out from one is worked out once; without overrides all share the one given.
 */
const finder = memoByContext((context): ((subject: Subject) => CheckContext) => {
  const { policy, estate } = context
  if (policy.overrides.length === 0) return () => context
  const place = { subscriptionId: estate.subscription?.subscriptionId ?? null, managementGroups: estate.managementGroupNames, tags: noTags }
  const made = new Map<string, CheckContext>()
  const contextFor = (chosen: readonly PolicyOverride[], key: string): CheckContext => {
    if (chosen.length === 0) return context
    let found = made.get(key)
    if (!found) {
      const { policy: scoped, destinations } = scopedUnder(chosen, key, context)
      made.set(key, (found = { ...context, policy: scoped, estate: { ...estate, destinations } }))
    }
    return found
  }
  // Only tags differ between the resources of one part: the other scopes are decided once.
  const candidates = policy.overrides.flatMap((override, index) => {
    if (override.scope.kind === 'tag') return [{ override, index, byTag: true }]
    return holds(override.scope, place) ? [{ override, index, byTag: false }] : []
  })
  const fixed = candidates.filter(({ byTag }) => !byTag)
  const key = (chosen: readonly { index: number }[]): string => chosen.map(({ index }) => index).join(',')
  const ofPart = contextFor(fixed.map(({ override }) => override), key(fixed))
  const parents = new Map(estate.managementGroups.map(({ id, parentId }) => [toResourceKey(id), parentId]))
  const askTags = candidates.length > fixed.length
  return (subject) => {
    if (subject.kind === 'management-group') {
      const inGroup = { ...place, managementGroups: groupsOver(subject.id, (id) => parents.get(toResourceKey(id))) }
      const chosen = policy.overrides.map((override, index) => ({ override, index })).filter(({ override }) => holds(override.scope, inGroup))
      return contextFor(chosen.map(({ override }) => override), key(chosen))
    }
    if (!askTags || subject.kind !== 'resource') return ofPart
    const tags = tagsOver(subject.id, (id) => (id === subject.id ? subject.resource : estate.resource(id))?.tags)
    const chosen = candidates.filter(({ override, byTag }) => !byTag || holds(override.scope, { ...place, tags }))
    return contextFor(chosen.map(({ override }) => override), key(chosen))
  }
})

/** The context that a subject is judged in. */
export function contextOfSubject(subject: Subject, context: CheckContext): CheckContext {
  return finder(context)(subject)
}
