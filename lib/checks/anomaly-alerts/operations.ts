/** One kind of event in the activity log: what each field of it may hold, in lower case. */
export type ActivityEvent = Readonly<Record<string, readonly string[]>>

/** What an alert must be raised for. */
export interface WatchedOperation {
  slug: string
  /** In words: "a policy assignment is created or changed". */
  happens: string
  /** All of these must be watched. */
  events: readonly ActivityEvent[]
  /** What a rule that watches it says, for the remedy. */
  category: string
  /** What the built-in policy has a rule say in its place. */
  policyCategory?: EventOfPolicy['category']
  operations: readonly string[]
  /** Number below the section on activity log alerts of CIS; null: CIS does not ask for it. */
  cis: number | null
  policy?: { id: string; displayName: string }
}

/** The event of an operation of Resource Manager that succeeded, which left one when it started, too. Azure files every write, deletion and action under Administrative. */
export function eventOf(operation: string, category = 'Administrative'): ActivityEvent {
  const name = operation.toLowerCase()
  const type = name.slice(0, name.lastIndexOf('/'))
  const provider = type.split('/')[0] ?? ''
  return {
    category: [category.toLowerCase()],
    operationname: [name],
    resourcetype: [type],
    resourceprovider: [provider],
    resourceprovidername: [provider],
    status: ['succeeded', 'started'],
    level: ['informational', 'warning'],
  }
}

/** An event as a built-in policy has it, where the category that it asks for is another than the documentation's. */
export interface EventOfPolicy {
  event: ActivityEvent
  category: 'Policy' | 'Security'
}

const ofPolicies = new WeakMap<ActivityEvent, EventOfPolicy>()

/** What a built-in policy makes of an event; undefined where it says what the documentation says, or there is none. */
export function eventOfPolicy(event: ActivityEvent): EventOfPolicy | undefined {
  return ofPolicies.get(event)
}

/** Two of Azure's own sources disagree on where these operations are filed: the policies that CIS is assigned with ask for alerts on Policy and Security. */
function filedByPolicies(operation: string, category: EventOfPolicy['category'] | undefined): ActivityEvent {
  const event = eventOf(operation)
  if (category !== undefined) ofPolicies.set(event, { event: eventOf(operation, category), category })
  return event
}

const administrative = {
  id: '/providers/Microsoft.Authorization/policyDefinitions/b954148f-4c11-4c38-8221-be76711e194a',
  displayName: 'An activity log alert should exist for specific Administrative operations',
}
const security = {
  id: '/providers/Microsoft.Authorization/policyDefinitions/3b980d31-7904-4bb7-8575-5665739a8052',
  displayName: 'An activity log alert should exist for specific Security operations',
}
const policy = {
  id: '/providers/Microsoft.Authorization/policyDefinitions/c5447c04-a4d7-4ba8-a263-c9ee321a6858',
  displayName: 'An activity log alert should exist for specific Policy operations',
}

interface Family {
  slug: string
  type: string
  thing: string
  /** The category that the built-in policy asks for, where that is another than Administrative. */
  policyCategory?: EventOfPolicy['category']
  cis: number
  policy?: WatchedOperation['policy']
}

const families: readonly Family[] = [
  { slug: 'policy-assignment', type: 'Microsoft.Authorization/policyAssignments', thing: 'a policy assignment', policyCategory: 'Policy', cis: 1, policy },
  { slug: 'network-security-group', type: 'Microsoft.Network/networkSecurityGroups', thing: 'a network security group', cis: 3, policy: administrative },
  { slug: 'security-solution', type: 'Microsoft.Security/securitySolutions', thing: 'a security solution', policyCategory: 'Security', cis: 5, policy: security },
  { slug: 'sql-firewall-rule', type: 'Microsoft.Sql/servers/firewallRules', thing: 'a firewall rule of a SQL server', cis: 7, policy: administrative },
  { slug: 'public-ip-address', type: 'Microsoft.Network/publicIPAddresses', thing: 'a public IP address', cis: 9 },
]

const serviceHealth: WatchedOperation = {
  slug: 'service-health',
  happens: 'Azure reports a problem of its services',
  category: 'ServiceHealth',
  operations: [],
  events: ['Incident', 'Maintenance', 'Informational', 'ActionRequired', 'Security'].map((incident) => ({
    category: ['servicehealth'],
    'properties.incidenttype': [incident.toLowerCase()],
    status: ['active'],
    level: ['informational', 'warning', 'error', 'critical'],
  })),
  cis: 11,
  policy: { id: '/providers/Microsoft.Authorization/policyDefinitions/98903777-a9f6-47f5-90a9-acaf62ab01a8', displayName: 'Configure subscriptions to enable service health alert monitoring rule' },
}

/** The operations of CIS, in its order. */
export const watchedOperations: readonly WatchedOperation[] = [
  ...families.flatMap(({ slug, type, thing, policyCategory, cis, policy: definition }) =>
    (['write', 'delete'] as const).map((action, index): WatchedOperation => ({
      slug: `${slug}-${action}`,
      happens: `${thing} is ${action === 'write' ? 'created or changed' : 'deleted'}`,
      category: 'Administrative',
      ...(policyCategory && { policyCategory }),
      operations: [`${type}/${action}`],
      events: [filedByPolicies(`${type}/${action}`, policyCategory)],
      cis: cis + index,
      ...(definition && { policy: definition }),
    }))),
  serviceHealth,
]

const tampering = ['Microsoft.Insights/diagnosticSettings/write', 'Microsoft.Insights/diagnosticSettings/delete', 'Microsoft.OperationalInsights/workspaces/delete']

/** What takes logs away. */
export const loggingTampering: WatchedOperation = {
  slug: 'logging-tamper',
  happens: 'someone changes or deletes a diagnostic setting, or deletes a log workspace',
  category: 'Administrative',
  operations: tampering,
  events: tampering.map((operation) => eventOf(operation)),
  cis: null,
}
