import { bareError, ok, armError, type Answer } from '../answer'
import type { Call, Route } from '../call'
import { isJsonObject } from '../json'
import { obstacle } from '../subject'

const aadiamScope = '/providers/microsoft.aadiam'

function list(call: Call, subject: string): Answer {
  const stopped = obstacle(call, 'diagnostic-settings', subject, 'Microsoft.Insights/diagnosticSettings/read')
  return stopped ?? call.tenant.read('diagnostic-settings', subject) ?? typeNotSupported(call, subject)
}

function categories(call: Call, subject: string): Answer {
  const stopped = obstacle(
    call,
    'diagnostic-settings-categories',
    subject,
    'Microsoft.Insights/diagnosticSettingsCategories/read',
  )
  return stopped ?? call.tenant.read('diagnostic-settings-categories', subject) ?? typeNotSupported(call, subject)
}

function one(call: Call, subject: string, name: string): Answer {
  const answer = list(call, subject)
  if (answer.status !== 200 || !isJsonObject(answer.body) || !Array.isArray(answer.body.value)) return answer
  const found = answer.body.value.find((each) => isJsonObject(each) && String(each.name).toLowerCase() === name.toLowerCase())
  return found ? ok(found) : armError(404, 'ResourceNotFound', `The diagnostic setting '${name}' doesn't exist.`)
}

function typeNotSupported(call: Call, subject: string): Answer {
  const type = call.tenant.row(subject)?.type ?? subject
  return bareError(400, 'ResourceTypeNotSupported', `The resource type '${type}' does not support diagnostic settings.`)
}

/** Settings of resources, their services, subscriptions and management groups; the tenant's by microsoft.aadiam. */
export const diagnosticSettingsRoutes: Route[] = [
  {
    kind: 'entra-diagnostic-settings',
    method: 'GET',
    pattern: /^\/providers\/microsoft\.aadiam\/diagnosticSettings$/i,
    handle: (call) =>
      obstacle(call, 'diagnostic-settings', aadiamScope, 'microsoft.aadiam/diagnosticSettings/read') ??
      call.tenant.read('diagnostic-settings', aadiamScope) ??
      ok({ value: [] }),
  },
  {
    kind: 'entra-diagnostic-settings-categories',
    method: 'GET',
    pattern: /^\/providers\/microsoft\.aadiam\/diagnosticSettingsCategories$/i,
    handle: (call) =>
      obstacle(call, 'diagnostic-settings-categories', aadiamScope, 'microsoft.aadiam/diagnosticSettingsCategories/read') ??
      call.tenant.read('diagnostic-settings-categories', aadiamScope) ??
      ok({ value: [] }),
  },
  {
    kind: 'diagnostic-settings',
    method: 'GET',
    pattern: /^(\/.+)\/providers\/microsoft\.insights\/diagnosticSettings$/i,
    handle: (call, [subject = '']) => list(call, subject),
  },
  {
    kind: 'diagnostic-setting',
    method: 'GET',
    pattern: /^(\/.+)\/providers\/microsoft\.insights\/diagnosticSettings\/([^/]+)$/i,
    handle: (call, [subject = '', name = '']) => one(call, subject, name),
  },
  {
    kind: 'diagnostic-settings-categories',
    method: 'GET',
    pattern: /^(\/.+)\/providers\/microsoft\.insights\/diagnosticSettingsCategories$/i,
    handle: (call, [subject = '']) => categories(call, subject),
  },
]
