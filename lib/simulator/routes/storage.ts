import { nameOf } from '@/lib/domain/arm-id'
import { armError, ok } from '../answer'
import type { Route } from '../call'
import { obstacle } from '../subject'

const account = String.raw`^(.+\/providers\/microsoft\.storage\/storageaccounts\/[^/]+)`

export const storageRoutes: Route[] = [
  {
    kind: 'lifecycle',
    method: 'GET',
    pattern: new RegExp(String.raw`${account}\/managementPolicies\/default$`, 'i'),
    handle: (call, [subject = '']) =>
      obstacle(call, 'lifecycle', subject, 'Microsoft.Storage/storageAccounts/managementPolicies/read') ??
      call.tenant.read('lifecycle', subject) ??
      armError(404, 'ManagementPolicyNotFound', `No ManagementPolicy found for account ${nameOf(subject)}`),
  },
  {
    kind: 'containers',
    method: 'GET',
    pattern: new RegExp(String.raw`${account}\/blobServices\/default\/containers$`, 'i'),
    handle: (call, [subject = '']) =>
      obstacle(call, 'containers', subject, 'Microsoft.Storage/storageAccounts/blobServices/containers/read') ??
      call.tenant.read('containers', subject) ??
      ok({ value: [] }),
  },
]
