import { checks } from '@/lib/checks'

/** What a scan reads that is not the evidence of any one check. */
const ofTheScanItself = [
  'Microsoft.Authorization/permissions/read',
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

/** Every Azure action that a full scan needs in a subscription, sorted: those of the checks that are on by default and the scan's own. */
export function neededActions(): string[] {
  const ofChecks = checks.filter(({ optional }) => optional !== true).flatMap(({ permissions }) => permissions)
  return [...new Set([...ofChecks, ...ofTheScanItself])].filter(isOfSubscription).sort()
}

/** The checks that an action serves, by id. */
export function checksNeeding(action: string): string[] {
  return checks.filter(({ permissions }) => permissions.some((each) => each.toLowerCase() === action.toLowerCase())).map(({ id }) => id)
}

/** A custom role with these rights and no others, as `az role definition create --role-definition` takes it. */
export function roleDefinition(tenantId: string): Record<string, unknown> {
  return {
    Name: 'Keypoint Scanner',
    IsCustom: true,
    Description: 'Reads what Keypoint judges: inventory, diagnostic settings and the evidence of each check. No data, no secrets, no writes.',
    Actions: [...neededActions(), 'Microsoft.Management/managementGroups/read', 'Microsoft.Management/managementGroups/descendants/read'].sort(),
    NotActions: [],
    DataActions: [],
    NotDataActions: [],
    AssignableScopes: [`/providers/Microsoft.Management/managementGroups/${tenantId}`],
  }
}
