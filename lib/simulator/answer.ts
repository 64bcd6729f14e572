/** What one call answers. A string body is sent as it is, anything else as JSON. */
export interface Answer {
  status: number
  body: unknown
  headers?: Record<string, string>
}

export function ok(body: unknown, headers?: Record<string, string>): Answer {
  return { status: 200, body, headers }
}

/** ARM's usual error envelope. */
export function armError(status: number, code: string, message: string, headers?: Record<string, string>): Answer {
  return { status, body: { error: { code, message } }, headers }
}

/** The envelope without `error`, as Microsoft.Insights among others sends it. */
export function bareError(status: number, code: string, message: string): Answer {
  return { status, body: { code, message } }
}

const fromGateway = { 'x-ms-failure-cause': 'gateway' }

export function subscriptionNotFound(subscriptionId: string): Answer {
  return armError(404, 'SubscriptionNotFound', `The subscription '${subscriptionId}' could not be found.`, fromGateway)
}

export function resourceGroupNotFound(name: string): Answer {
  return armError(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`, fromGateway)
}

export function resourceNotFound(typeAndName: string, resourceGroup: string): Answer {
  const message =
    `The Resource '${typeAndName}' under resource group '${resourceGroup}' was not found. ` +
    'For more details please go to https://aka.ms/ARMResourceNotFoundFix'
  return armError(404, 'ResourceNotFound', message, fromGateway)
}

/** Who asks, as error texts name him. */
export interface Principal {
  clientId: string
  objectId: string
}

export function authorizationFailed(principal: Principal, action: string, scope: string): Answer {
  const message =
    `The client '${principal.clientId}' with object id '${principal.objectId}' does not have authorization to perform action ` +
    `'${action}' over scope '${scope}' or the scope is invalid. If access was recently granted, please refresh your credentials.`
  return armError(403, 'AuthorizationFailed', message, fromGateway)
}

export function deniedByAssignment(principal: Principal, action: string, scope: string, assignment: string): Answer {
  const message =
    `The client '${principal.clientId}' with object id '${principal.objectId}' has permission to perform action '${action}' on scope ` +
    `'${scope}'; however, the access is denied because of the deny assignment with name '${assignment}' at scope '${scope}'.`
  return armError(403, 'DenyAssignmentAuthorizationFailed', message, fromGateway)
}
