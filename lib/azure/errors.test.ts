import { describe, expect, it } from 'vitest'
import { readAzureError, toReadFailure } from './errors'

const refusal =
  "The client 'scanner' with object id 'f3' does not have authorization to perform action 'Microsoft.Insights/diagnosticSettings/read' over scope '/subscriptions/x'."

const cases: { name: string; status: number; body: unknown; reason: string; code: string | null; action?: string }[] = [
  { name: '403 keeps the action', status: 403, body: { error: { code: 'AuthorizationFailed', message: refusal } }, reason: 'permission-denied', code: 'AuthorizationFailed', action: 'Microsoft.Insights/diagnosticSettings/read' },
  { name: '403 without a message', status: 403, body: { error: { code: 'AccessDenied' } }, reason: 'permission-denied', code: 'AccessDenied' },
  { name: '403 as a page', status: 403, body: '<html>no</html>', reason: 'permission-denied', code: null },
  { name: '401 after renewal', status: 401, body: { error: { code: 'InvalidAuthenticationTokenTenant' } }, reason: 'permission-denied', code: 'InvalidAuthenticationTokenTenant' },
  { name: '404 of the resource', status: 404, body: { error: { code: 'ResourceNotFound' } }, reason: 'gone', code: 'ResourceNotFound' },
  { name: '404 of its group', status: 404, body: { error: { code: 'ResourceGroupNotFound', message: 'x' } }, reason: 'gone', code: 'ResourceGroupNotFound' },
  { name: '404 of its parent', status: 404, body: { error: { code: 'ParentResourceNotFound' } }, reason: 'gone', code: 'ParentResourceNotFound' },
  { name: '404 of the subscription', status: 404, body: { error: { code: 'SubscriptionNotFound' } }, reason: 'gone', code: 'SubscriptionNotFound' },
  { name: '404 without a code must not hide a resource', status: 404, body: '<html>Not Found</html>', reason: 'api-error', code: null },
  { name: '404 with an empty body', status: 404, body: undefined, reason: 'api-error', code: null },
  { name: '400 bare, type without logs', status: 400, body: { code: 'ResourceTypeNotSupported', message: 'The resource type is not supported.' }, reason: 'not-supported', code: 'ResourceTypeNotSupported' },
  { name: '400 bare, type without logs, capitals', status: 400, body: { Code: 'ResourceTypeNotSupported' }, reason: 'not-supported', code: 'ResourceTypeNotSupported' },
  { name: '404 type unknown there', status: 404, body: { error: { code: 'InvalidResourceType' } }, reason: 'unsupported', code: 'InvalidResourceType' },
  { name: '400 provider unknown there', status: 400, body: { error: { code: 'NoRegisteredProviderFound' } }, reason: 'unsupported', code: 'NoRegisteredProviderFound' },
  { name: '409 provider not registered', status: 409, body: { error: { code: 'MissingSubscriptionRegistration' } }, reason: 'unsupported', code: 'MissingSubscriptionRegistration' },
  { name: '404 not onboarded', status: 404, body: { error: { code: 'ResourceNotOnboarded' } }, reason: 'not-onboarded', code: 'ResourceNotOnboarded' },
  { name: '429 to the end', status: 429, body: { error: { code: 'SubscriptionRequestsThrottled' } }, reason: 'throttled', code: 'SubscriptionRequestsThrottled' },
  { name: '429 bare with capitals', status: 429, body: { Code: '429', Message: 'Retry later.' }, reason: 'throttled', code: '429' },
  { name: '503 without a body', status: 503, body: undefined, reason: 'api-error', code: null },
  { name: '500 with a message alone', status: 500, body: { Message: 'An error has occurred.' }, reason: 'api-error', code: null },
  { name: '400 of another kind', status: 400, body: { error: { code: 'BadRequest', message: 'No.' } }, reason: 'api-error', code: 'BadRequest' },
  { name: 'a code that is a number', status: 400, body: { error: { code: 400089 } }, reason: 'api-error', code: '400089' },
  { name: 'an error that is a text', status: 502, body: { error: 'bad gateway' }, reason: 'api-error', code: null },
]

describe('toReadFailure', () => {
  it.each(cases)('$name', ({ status, body, reason, code, action }) => {
    expect(toReadFailure(status, body)).toMatchObject({ ok: false, reason, status, code, action: action ?? null })
  })

  it('says the same at every scan: ids and times stay out of the detail', () => {
    const message = (id: string, at: string) => `Encountered internal error: tracking id '${id}', timestamp '${at}'. More.`
    const first = toReadFailure(500, { error: { code: 'E', message: message('5336a00c-2d41-4e8d-a981-d13dccfbe3eb', '20231215T084351Z') } })
    const second = toReadFailure(500, { error: { code: 'E', message: message('11111111-2d41-4e8d-a981-d13dccfbe3eb', '20260101T000000Z') } })
    expect(second).toEqual(first)
  })

  it('reads the codes of all details', () => {
    expect(readAzureError({ error: { code: 'BadRequest', details: [{ code: 'InvalidQuery' }, { code: 'ParserFailure' }] } }).codes)
      .toEqual(['BadRequest', 'InvalidQuery', 'ParserFailure'])
  })
})
