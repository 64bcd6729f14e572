import { checks, isEnabled } from '@/lib/checks'
import type { Check } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { withOverrides } from '@/lib/domain/policy-scope'

/** What a scan reads that is not the evidence of any one check. */
const ofTheScanItself = [
  'Microsoft.Authorization/permissions/read',
  'Microsoft.Authorization/policyAssignments/read',
  'Microsoft.Authorization/policyExemptions/read',
  'Microsoft.Authorization/policySetDefinitions/read',
  'Microsoft.Insights/eventtypes/values/Read',
  'Microsoft.Network/networkInterfaces/read',
  'Microsoft.ResourceGraph/resources/read',
  'Microsoft.Resources/subscriptions/providers/read',
  'Microsoft.Resources/subscriptions/read',
  'Microsoft.Resources/subscriptions/resourceGroups/read',
  'Microsoft.Resources/subscriptions/resources/read',
]

/** Rights that subscriptions do not grant: management groups and Entra have scopes of their own. */
function isOfSubscription(action: string): boolean {
  return !/^(microsoft\.aadiam|microsoft\.management)\//i.test(action)
}

/**
 * Tells of each check whether a policy asks it in a subscription, or anywhere for null. Which groups and tags hold what is there is
 * not looked up: an override for one of them may turn a check on, and turns none off.
 */
function askedBy(policy: Policy, subscriptionId: string | null): (check: Check) => boolean {
  const own = policy.overrides.filter(({ scope }) => scope.kind === 'subscription' && scope.subscriptionId.toLowerCase() === subscriptionId?.toLowerCase())
  const perhaps = policy.overrides.filter(({ scope }) => scope.kind !== 'subscription' || subscriptionId === null)
  const whole = withOverrides(policy, own)
  const turnedOn = new Set(perhaps.flatMap(({ rules }) => rules.enabledChecks ?? []))
  return (check) => isEnabled(check, whole) || [check.id, ...(check.aliases ?? [])].some((id) => turnedOn.has(id))
}

function sortedActions(of: readonly Check[]): string[] {
  return [...new Set(of.flatMap(({ permissions }) => permissions))].filter(isOfSubscription).sort()
}

/** Every Azure action that a full scan needs in a subscription (null: in any), sorted: those of the checks that the policy asks and the scan's own. */
export function neededActions(policy: Policy, subscriptionId: string | null = null): string[] {
  return [...new Set([...sortedActions(checks.filter(askedBy(policy, subscriptionId))), ...ofTheScanItself])].sort()
}

/** Actions that only checks need which the policy does not ask in a subscription. */
export function actionsOfChecksOff(policy: Policy, subscriptionId: string | null = null): string[] {
  const needed = new Set(neededActions(policy, subscriptionId).map((action) => action.toLowerCase()))
  return sortedActions(checks).filter((action) => !needed.has(action.toLowerCase()))
}

/** The checks that an action serves, by id; `asked`: those of them alone that the policy asks in a subscription, or does not. */
export function checksNeeding(action: string, asked?: { policy: Policy; subscriptionId: string | null; on: boolean }): string[] {
  const isOn = asked && askedBy(asked.policy, asked.subscriptionId)
  return checks
    .filter((check) => check.permissions.some((each) => each.toLowerCase() === action.toLowerCase()) && (isOn === undefined || isOn(check) === asked?.on))
    .map(({ id }) => id)
}

/** A custom role with the rights that a policy calls for and no others, as `az role definition create --role-definition` takes it. */
export function roleDefinition(tenantId: string, policy: Policy): Record<string, unknown> {
  return {
    Name: 'Keypoint Scanner',
    IsCustom: true,
    Description: 'Reads what Keypoint judges: inventory, diagnostic settings and the evidence of each check. No data, no secrets, no writes.',
    Actions: [...neededActions(policy), 'Microsoft.Management/managementGroups/read', 'Microsoft.Management/managementGroups/descendants/read'].sort(),
    NotActions: [],
    DataActions: [],
    NotDataActions: [],
    AssignableScopes: [`/providers/Microsoft.Management/managementGroups/${tenantId}`],
  }
}
