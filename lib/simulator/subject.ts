import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import {
  armError,
  authorizationFailed,
  deniedByAssignment,
  resourceGroupNotFound,
  resourceNotFound,
  subscriptionNotFound,
  type Answer,
} from './answer'
import type { Call } from './call'
import type { FactKind, SimulatedTenant } from './tenant'

/** Which of a storage account's services it has, by its kind. */
function storageServicesOf(accountKind: string): string[] {
  const kind = accountKind.toLowerCase()
  if (kind === 'blobstorage' || kind === 'blockblobstorage') return ['blobservices']
  if (kind === 'filestorage') return ['fileservices']
  return ['blobservices', 'fileservices', 'queueservices', 'tableservices']
}

/** The refusal or the 404 that a read of this subject meets before anything else; null when it may be answered. */
export function obstacle(call: Call, kind: FactKind | null, subject: string, action: string): Answer | null {
  const { tenant, principal } = call
  const subscriptionId = subscriptionIdOf(subject)
  if (subscriptionId) {
    if (!tenant.subscription(subscriptionId)) return subscriptionNotFound(subscriptionId)
    if (!tenant.isVisible(subscriptionId)) return authorizationFailed(principal, action, call.path)
  }
  if (!tenant.isGranted(action)) return authorizationFailed(principal, action, call.path)
  const refusal = kind === null ? undefined : tenant.refusal(kind, subject)
  if (refusal?.denyAssignment) return deniedByAssignment(principal, action, call.path, refusal.denyAssignment)
  if (refusal) return authorizationFailed(principal, action, call.path)
  return missing(tenant, subject)
}

/** 404 as ARM gives it, from the outside in; null when the subject exists. */
function missing(tenant: SimulatedTenant, subject: string): Answer | null {
  const group = resourceGroupOf(subject)
  const subscriptionId = subscriptionIdOf(subject)
  if (group && subscriptionId) {
    if (tenant.row(subject) || isStorageService(tenant, subject)) return null
    if (!tenant.hasResourceGroup(subscriptionId, group)) return resourceGroupNotFound(group)
    return resourceNotFound(subject.split(/\/providers\//i).at(-1) ?? nameOf(subject), group)
  }
  const managementGroup = /^\/providers\/microsoft\.management\/managementgroups\/([^/]+)$/i.exec(subject)?.[1]
  if (managementGroup && !tenant.managementGroups.some((each) => each.name.toLowerCase() === managementGroup.toLowerCase())) {
    return armError(404, 'NotFound', `Management group '${managementGroup}' was not found.`)
  }
  return null
}

function isStorageService(tenant: SimulatedTenant, subject: string): boolean {
  const service = /^(.*\/providers\/microsoft\.storage\/storageaccounts\/[^/]+)\/(blob|file|queue|table)services\/default$/i.exec(
    subject,
  )
  const account = service?.[1] ? tenant.row(service[1]) : undefined
  return account !== undefined && storageServicesOf(account.kind).includes(`${service?.[2]?.toLowerCase()}services`)
}
