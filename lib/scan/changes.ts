import type { ActivityEvent } from '@/lib/azure'
import { eventHubNamespaceOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { FactSource } from '@/lib/domain/fact'

/** Evidence that a write or deletion may have changed. */
export interface Change {
  eventId: string
  subject: ResourceKey
  source: FactSource
  operation: string
  caller: string | null
  /** ISO 8601 UTC. */
  at: string
}

interface Rule {
  operation: RegExp
  source: FactSource
  /** The subject's key, from the key of what was written. */
  subject: (key: string) => string
}

/** Everything before a part of the key; the key itself where the part is missing. */
function before(part: string): (key: string) => string {
  return (key) => {
    const at = key.lastIndexOf(part)
    return at < 0 ? key : key.slice(0, at)
  }
}

/** Operations that change what a scan reads one by one (api-facts 6). What Resource Graph tells is read in every scan and needs none. */
const rules: readonly Rule[] = [
  { operation: /^microsoft\.insights\/diagnosticsettings\/(write|delete)$/, source: 'diagnostic-settings', subject: before('/providers/microsoft.insights/diagnosticsettings') },
  { operation: /^microsoft\.sql\/servers\/(extended|devops)?auditing(settings|policies)\/(write|delete)$/, source: 'sql-auditing', subject: (key) => key.replace(/\/(extended|devops)?auditing(settings|policies)(\/[^/]+)?$/, '') },
  { operation: /^microsoft\.synapse\/workspaces\/(sqlpools\/)?(extended)?auditing(settings|policies)\/(write|delete)$/, source: 'sql-auditing', subject: (key) => key.replace(/\/(extended)?auditing(settings|policies)(\/[^/]+)?$/, '') },
  // A database's own audit is read with its server's.
  { operation: /^microsoft\.sql\/servers\/databases\/(extended)?auditing(settings|policies)\/(write|delete)$/, source: 'sql-auditing', subject: before('/databases/') },
  { operation: /^microsoft\.dbfor(postgresql|mysql)\/flexibleservers\/(configurations\/write|updateconfigurations\/action)$/, source: 'database-parameters', subject: before('/configurations/') },
  { operation: /^microsoft\.operationalinsights\/workspaces\/(write|delete|tables\/.+)$/, source: 'workspace-tables', subject: before('/tables/') },
  { operation: /^microsoft\.operationalinsights\/workspaces\/dataexports\/(write|delete)$/, source: 'data-exports', subject: before('/dataexports/') },
  { operation: /^microsoft\.security\/pricings\/(write|delete)$/, source: 'defender-plans', subject: before('/providers/microsoft.security') },
  { operation: /^microsoft\.security\/securitycontacts\/(write|delete)$/, source: 'security-contacts', subject: before('/providers/microsoft.security') },
  { operation: /^microsoft\.storage\/storageaccounts\/managementpolicies\/(write|delete)$/, source: 'storage-lifecycle', subject: before('/managementpolicies') },
  { operation: /^microsoft\.storage\/storageaccounts\/blobservices\/containers\/.*(write|delete|action)$/, source: 'log-containers', subject: before('/blobservices/') },
  { operation: /^microsoft\.eventhub\/namespaces\/(write|(networkrulesets?|eventhubs|authorizationrules)\/(write|delete))$/, source: 'event-hub-namespace', subject: (key) => eventHubNamespaceOf(key) ?? key },
]

const grant = /^microsoft\.authorization\/(roleassignments\/write|denyassignments\/(write|delete))$/
const revocation = /^microsoft\.authorization\/(roleassignments\/delete|denyassignments\/write)$/
/** Filed under the resource group that is left. */
const move = 'microsoft.resources/subscriptions/resourcegroups/moveresources/action'

/** True for an operation (lower case) that changes evidence or who may read it: that of a rule, or what takes anything away, which may be there anew. */
export function changesEvidence(operation: string): boolean {
  return takesAway(operation) || grant.test(operation) || revocation.test(operation) || rules.some((rule) => rule.operation.test(operation))
}

function takesAway(operation: string): boolean {
  return operation === move || (operation.endsWith('/delete') && !operation.startsWith('microsoft.authorization/') && !rules.some((rule) => rule.operation.test(operation)))
}

/** The resource or resource group that an event deleted, or moved resources out of: what is there now, and below it, may be another. Null for every other event. */
export function leftScopeOf({ operation, resourceId }: ScopedEvent): ResourceKey | null {
  return takesAway(operation) ? toResourceKey(resourceId) : null
}

/** The scope at and below which an event may have given access; null for every other event. */
export function grantedScopeOf({ operation, resourceId }: ScopedEvent): ResourceKey | null {
  return grant.test(operation) ? assignedScopeOf(resourceId) : null
}

/** The scope at and below which an event may have taken access; null for every other event. */
export function revokedScopeOf({ operation, resourceId }: ScopedEvent): ResourceKey | null {
  return revocation.test(operation) ? assignedScopeOf(resourceId) : null
}

type ScopedEvent = Pick<ActivityEvent, 'operation' | 'resourceId'>

function assignedScopeOf(assignmentId: string): ResourceKey {
  return toResourceKey(before('/providers/microsoft.authorization')(toResourceKey(assignmentId)))
}

/** What an event changed; null where no rule names its operation. */
export function changeOf(event: ActivityEvent): Change | null {
  const rule = rules.find(({ operation }) => operation.test(event.operation))
  if (rule === undefined) return null
  const subject = toResourceKey(rule.subject(toResourceKey(event.resourceId)))
  return { eventId: event.eventId, subject, source: rule.source, operation: event.operation, caller: event.caller, at: event.at }
}
