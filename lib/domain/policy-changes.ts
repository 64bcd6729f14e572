import { nameOf, toResourceKey } from './arm-id'
import { keyPointTitle, type KeyPoint } from './key-point'
import type { Policy, PolicyOverride, PolicyScope } from './policy'
import type { Severity } from './verdict'

/** How a check is called; ids that mean nothing any more stay as they are. */
export type CheckTitle = (id: string) => string

/** `management group production`, `subscription …`, `tag environment = prod`. */
export function scopeInWords(scope: PolicyScope): string {
  switch (scope.kind) {
    case 'management-group': return `management group ${scope.name}`
    case 'subscription': return `subscription ${scope.subscriptionId}`
    case 'tag': return scope.value === '' ? `tag ${scope.name}` : `tag ${scope.name} = ${scope.value}`
  }
}

function names(ids: readonly string[]): string {
  return ids.length === 0 ? 'none' : ids.map(nameOf).join(', ')
}

/** What an override sets, one line each. */
export function overrideInWords({ rules }: PolicyOverride, titleOf: CheckTitle): string[] {
  const { total, interactive, byKeyPoint = {} } = rules.retentionDays ?? {}
  return [
    ...(rules.approvedWorkspaces === undefined ? [] : [rules.approvedWorkspaces === null ? 'Central workspaces: as proposed' : `Central workspaces: ${names(rules.approvedWorkspaces)}`]),
    ...(rules.approvedDestinations === undefined ? [] : [`Approved destinations: ${names(rules.approvedDestinations)}`]),
    ...(total === undefined ? [] : [`Total retention: ${total} days`]),
    ...(interactive === undefined ? [] : [`Interactive retention: ${interactive} days`]),
    ...entries(byKeyPoint).map(([slug, days]) => `${keyPointTitle(slug)}: ${days} days`),
    ...Object.entries(rules.requiredCategories ?? {}).map(([type, categories]) => `Required of ${type}: ${categories.join(', ') || 'nothing'}`),
    ...(rules.enabledChecks ?? []).map((id) => `On: ${titleOf(id)}`),
    ...(rules.disabledChecks ?? []).map((id) => `Off: ${titleOf(id)}`),
    ...Object.entries(rules.severityByCheck ?? {}).map(([id, severity]) => `${titleOf(id)}: ${severity}`),
    ...(rules.acceptedAlternatives === undefined ? [] : [`Accepted alternatives: ${rules.acceptedAlternatives.map(titleOf).join(', ') || 'none'}`]),
  ]
}

function entries(byKeyPoint: Partial<Record<KeyPoint, number>>): [string, number][] {
  return Object.entries(byKeyPoint)
}

function listChanges(what: string, before: readonly string[], after: readonly string[], inWords: (one: string) => string, keyOf: (one: string) => string = (one) => one): string[] {
  const [had, has] = [new Set(before.map(keyOf)), new Set(after.map(keyOf))]
  const added = after.filter((one) => !had.has(keyOf(one)))
  const removed = before.filter((one) => !has.has(keyOf(one)))
  return [
    ...(added.length > 0 ? [`${what}: added ${added.map(inWords).join(', ')}`] : []),
    ...(removed.length > 0 ? [`${what}: removed ${removed.map(inWords).join(', ')}`] : []),
  ]
}

function figureChange(what: string, before: number | undefined, after: number | undefined): string[] {
  if (before === after) return []
  const words = (days: number | undefined): string => (days === undefined ? 'as the total' : `${days} days`)
  return [`${what}: ${words(before)} → ${words(after)}`]
}

function severityChanges(before: Readonly<Record<string, Severity>>, after: Readonly<Record<string, Severity>>, titleOf: CheckTitle): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().filter((id) => before[id] !== after[id])
    .map((id) => `Severity of ${titleOf(id)}: ${before[id] ?? 'its own'} → ${after[id] ?? 'its own'}`)
}

function categoryChanges(before: Readonly<Record<string, string[]>>, after: Readonly<Record<string, string[]>>): string[] {
  const words = (categories: string[] | undefined): string => (categories === undefined ? 'as Azure groups them' : categories.join(', ') || 'nothing')
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().filter((type) => words(before[type]) !== words(after[type]))
    .map((type) => `Required of ${type}: ${words(before[type])} → ${words(after[type])}`)
}

/** How often everything is read, `every night` or `every 7 nights`. */
export function nightsInWords(nights: number): string {
  return nights === 1 ? 'every night' : `every ${nights} nights`
}

const approverWords = { 'any-admin': 'any Admin', 'another-person': 'another Admin than whoever asked' } as const

function overrideChanges(before: readonly PolicyOverride[], after: readonly PolicyOverride[], titleOf: CheckTitle): string[] {
  const written = (one: PolicyOverride): string => `${scopeInWords(one.scope)} (${overrideInWords(one, titleOf).join('; ') || 'sets nothing'})`
  const [had, has] = [before.map(written), after.map(written)]
  const changes = listChanges('Overrides', had, has, (one) => one)
  const moved = changes.length === 0 && had.join('\n') !== has.join('\n')
  return moved ? [`Overrides: new order ${after.map(({ scope }) => scopeInWords(scope)).join(', ')}`] : changes
}

/** What a saved policy changed against the one before it, one line each; empty when it says the same. */
export function policyChanges(before: Policy, after: Policy, titleOf: CheckTitle): string[] {
  const workspaces = before.approvedWorkspaces === null && after.approvedWorkspaces !== null
    ? [`Central workspaces: confirmed ${names(after.approvedWorkspaces)}`]
    : listChanges('Central workspaces', before.approvedWorkspaces ?? [], after.approvedWorkspaces ?? [], nameOf, toResourceKey)
  const keyPointSlugs = [...new Set([...Object.keys(before.retentionDays.byKeyPoint ?? {}), ...Object.keys(after.retentionDays.byKeyPoint ?? {})])]
  const daysOf = (policy: Policy, slug: string): number | undefined => entries(policy.retentionDays.byKeyPoint ?? {}).find(([key]) => key === slug)?.[1]
  return [
    ...workspaces,
    ...listChanges('Approved destinations', before.approvedDestinations, after.approvedDestinations, nameOf, toResourceKey),
    ...figureChange('Total retention', before.retentionDays.total, after.retentionDays.total),
    ...figureChange('Interactive retention', before.retentionDays.interactive, after.retentionDays.interactive),
    ...keyPointSlugs.flatMap((slug) => figureChange(`Retention for ${keyPointTitle(slug)}`, daysOf(before, slug), daysOf(after, slug))),
    ...categoryChanges(before.requiredCategories, after.requiredCategories),
    ...listChanges('Checks switched off', before.disabledChecks, after.disabledChecks, titleOf),
    ...listChanges('Optional checks switched on', before.enabledChecks, after.enabledChecks, titleOf),
    ...severityChanges(before.severityByCheck, after.severityByCheck, titleOf),
    ...listChanges('Accepted alternatives', before.acceptedAlternatives, after.acceptedAlternatives, titleOf),
    ...(before.exemptionApprover === after.exemptionApprover ? [] : [`Exemptions are approved by: ${approverWords[before.exemptionApprover]} → ${approverWords[after.exemptionApprover]}`]),
    ...(before.fullEveryNights === after.fullEveryNights ? [] : [`Everything is read: ${nightsInWords(before.fullEveryNights)} → ${nightsInWords(after.fullEveryNights)}`]),
    ...overrideChanges(before.overrides, after.overrides, titleOf),
  ]
}
