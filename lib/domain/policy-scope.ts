import { nameOf, parentOf } from './arm-id'
import type { Policy, PolicyOverride, PolicyScope } from './policy'

/** Where something lies, as far as overrides of the policy ask. */
export interface PolicyPlace {
  /** Null for management groups and the tenant. */
  subscriptionId: string | null
  /** Names of the management groups that hold it. */
  managementGroups: readonly string[]
  /** Its own and those of what it is a part of (see `tagsOver`). */
  tags: Tags
}

export type Tags = Readonly<Record<string, string>>

/**
 * The tags that hold for a resource: its own, and those of the resources that it is a part of where it has none of the name: an
 * account's for its blob service, a server's for a database. Those of its resource group and subscription are not among them, as in Azure.
 * @param tagsOf the resource's own tags, by id; undefined where none are known.
 */
export function tagsOver(id: string, tagsOf: (id: string) => Tags | undefined): Tags {
  const parent = parentOf(id)
  const own = tagsOf(id) ?? {}
  if (parent === null) return own
  const above = tagsOver(parent, tagsOf)
  const names = new Set(Object.keys(own).map((name) => name.toLowerCase()))
  const inherited = Object.entries(above).filter(([name]) => !names.has(name.toLowerCase()))
  return inherited.length === 0 ? own : { ...Object.fromEntries(inherited), ...own }
}

/**
 * Names of a management group and of those above it, the nearest first.
 * @param parentIdOf the id of a group's parent; null or undefined: none is known.
 */
export function groupsOver(id: string, parentIdOf: (id: string) => string | null | undefined): string[] {
  const names: string[] = []
  for (let at: string | null | undefined = id; at && !names.includes(nameOf(at)); at = parentIdOf(at)) names.push(nameOf(at))
  return names
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** True when the scope holds the place. */
export function holds(scope: PolicyScope, place: PolicyPlace): boolean {
  switch (scope.kind) {
    case 'management-group': return place.managementGroups.some((name) => same(name, scope.name))
    case 'subscription': return place.subscriptionId !== null && same(place.subscriptionId, scope.subscriptionId)
    case 'tag': return Object.entries(place.tags).some(([name, value]) => same(name, scope.name) && (scope.value === '' || same(value, scope.value)))
  }
}

function without(list: readonly string[], taken: readonly string[] = []): string[] {
  return list.filter((one) => !taken.includes(one))
}

function union(list: readonly string[], added: readonly string[] = []): string[] {
  return [...new Set([...list, ...added])]
}

function laidOver(policy: Policy, { rules }: PolicyOverride): Policy {
  const { retentionDays, requiredCategories, disabledChecks, enabledChecks, severityByCheck, ...lists } = rules
  const base = policy.retentionDays
  return {
    ...policy,
    ...lists,
    retentionDays: { ...base, ...retentionDays, byKeyPoint: { ...base.byKeyPoint, ...retentionDays?.byKeyPoint } },
    requiredCategories: { ...policy.requiredCategories, ...requiredCategories },
    // What an override switches on is no longer off, and the other way round.
    disabledChecks: union(without(policy.disabledChecks, enabledChecks), disabledChecks),
    enabledChecks: union(without(policy.enabledChecks, disabledChecks), enabledChecks),
    severityByCheck: { ...policy.severityByCheck, ...severityByCheck },
  }
}

/** The policy with these of its overrides laid over it, in their order. */
export function withOverrides(policy: Policy, overrides: readonly PolicyOverride[]): Policy {
  return overrides.reduce(laidOver, policy)
}

/** The policy as it holds at a place; the same object where no override holds. */
export function policyAt(policy: Policy, place: PolicyPlace): Policy {
  return withOverrides(policy, policy.overrides.filter(({ scope }) => holds(scope, place)))
}
