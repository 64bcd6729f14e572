import { AuthError } from '@azure/msal-node'
import { isGuid } from '@/lib/domain/guid'

/** Why a sign-in came to nothing. `code` is `AADSTS…` or one of ours; both are safe to carry in an address. */
export interface SignInProblem {
  code: string
  /** Entra's id of the attempt, by which an administrator finds it in the sign-in log. */
  correlationId: string | null
}

/** A sign-in that must not go on. */
export class SignInRefused extends Error {
  constructor(
    readonly problem: SignInProblem,
    options?: ErrorOptions,
  ) {
    super(`sign-in refused: ${problem.code}`, options)
    this.name = 'SignInRefused'
  }
}

interface Explanation {
  title: string
  remedy: string
}

const again = 'Start again from this page.'
const appRegistration = 'An administrator corrects it in the app registration in Entra, or in the environment of Keypoint.'

const explanations: Record<string, Explanation> = {
  // Ours.
  'attempt-missing': { title: 'This sign-in took too long, or began in another browser.', remedy: again },
  'state-mismatch': { title: 'The answer from Microsoft does not belong to the sign-in that this browser began.', remedy: `${again} If you opened several sign-in tabs, use the last one.` },
  'token-invalid': { title: 'Microsoft sent an identity that does not fit this app.', remedy: `${again} If it happens again, an administrator compares ENTRA_CLIENT_ID and AZURE_TENANT_ID with the app registration.` },
  'wrong-tenant': { title: 'You signed in with an account of another tenant.', remedy: 'Start again and choose an account of this tenant.' },
  'other-person': { title: 'You gave access with another account than the one you are signed in with.', remedy: 'Start the scan again and choose the account that you are signed in with.' },
  'authority-unreachable': { title: 'The sign-in server cannot be reached.', remedy: 'Check the network, proxy and DNS of the machine that runs Keypoint, and for a private authority NODE_EXTRA_CA_CERTS.' },
  'access-denied': { title: 'The sign-in was cancelled.', remedy: again },
  unexpected: { title: 'Microsoft refused the sign-in.', remedy: `${again} If it happens again, give the code and the correlation id to an administrator.` },
  // https://learn.microsoft.com/entra/identity-platform/reference-error-codes
  AADSTS50011: { title: 'The address of Keypoint is not a redirect URI of the app registration.', remedy: 'An administrator adds KEYPOINT_URL followed by /auth/callback as a redirect URI of type Web.' },
  AADSTS50020: { title: 'Your account does not exist in this tenant.', remedy: 'Start again and choose an account of this tenant, or ask an administrator to invite you as a guest.' },
  AADSTS50034: { title: 'Your account does not exist in this tenant.', remedy: 'Start again and choose an account of this tenant.' },
  AADSTS50057: { title: 'Your account is disabled.', remedy: 'Ask an administrator of the tenant to enable it.' },
  AADSTS50105: { title: 'You are not assigned to Keypoint.', remedy: 'Ask an administrator to assign you a role in the enterprise application, under Users and groups.' },
  AADSTS50126: { title: 'The name or the password is wrong.', remedy: again },
  AADSTS53003: { title: 'A conditional access policy of your tenant blocks this sign-in.', remedy: 'Try from a managed device or network, or ask an administrator which policy applied.' },
  AADSTS54005: { title: 'This sign-in was already used.', remedy: again },
  AADSTS65001: { title: 'Consent is missing for a permission that Keypoint asked for.', remedy: 'Give the consent when asked, or ask an administrator to grant it in the app registration, under API permissions.' },
  AADSTS65004: { title: 'The consent was declined.', remedy: 'Keypoint can read Azure with your rights only with your consent. Start again to give it.' },
  AADSTS70008: { title: 'This sign-in expired before it was finished.', remedy: again },
  AADSTS90002: { title: 'The tenant was not found.', remedy: 'An administrator corrects AZURE_TENANT_ID, or AZURE_CLOUD for a tenant of another cloud.' },
  AADSTS90094: { title: 'An administrator must consent to the permission that Keypoint asked for.', remedy: 'Ask an administrator to grant it in the app registration, under API permissions.' },
  AADSTS650057: { title: 'The app registration does not have the permission to reach Azure with your rights.', remedy: 'An administrator adds Azure Service Management, user_impersonation, in the app registration under API permissions.' },
  AADSTS700016: { title: 'The app registration was not found in the tenant.', remedy: `ENTRA_CLIENT_ID or AZURE_TENANT_ID is wrong. ${appRegistration}` },
  AADSTS7000215: { title: 'The client secret of Keypoint is wrong.', remedy: 'An administrator sets ENTRA_CLIENT_SECRET to the value of the secret, not to its id.' },
  AADSTS7000222: { title: 'The client secret of Keypoint has expired.', remedy: 'An administrator makes a new secret in the app registration and sets ENTRA_CLIENT_SECRET.' },
}

/** A title and a remedy for a code, known or not. */
export function explainProblem(code: string): Explanation {
  return explanations[code] ?? { title: `Microsoft refused the sign-in with ${code}.`, remedy: 'Give the code and the correlation id to an administrator of the tenant.' }
}

/** A code from an address, as `explainProblem` takes it; anything else becomes `unexpected`. */
export function toProblemCode(value: string): string {
  return value in explanations || /^AADSTS\d{4,8}$/.test(value) ? value : 'unexpected'
}

/** Entra's refusal as it stands in an authorization answer. */
export function toRedirectProblem(params: URLSearchParams): SignInProblem {
  const description = params.get('error_description') ?? ''
  return {
    code: aadstsCode(description) ?? (params.get('error') === 'access_denied' ? 'access-denied' : 'unexpected'),
    correlationId: correlationIdIn(description),
  }
}

/** What a failed call to the token endpoint means; null when the error is not the authority's or the network's. */
export function toTokenProblem(error: unknown): SignInProblem | null {
  if (!(error instanceof AuthError)) return null
  const text = `${error.errorCode} ${error.errorMessage}`
  const code = aadstsCode(text)
  if (code !== null) return { code, correlationId: correlationIdIn(text) ?? toGuid(error.correlationId) }
  if (unreachableCodes.has(error.errorCode)) return { code: 'authority-unreachable', correlationId: null }
  if (/nonce|token_parsing|invalid_state|claims/i.test(error.errorCode)) return { code: 'token-invalid', correlationId: toGuid(error.correlationId) }
  return { code: 'unexpected', correlationId: toGuid(error.correlationId) }
}

const unreachableCodes = new Set(['network_error', 'endpoints_resolution_error', 'openid_config_error', 'no_network_connectivity'])

function aadstsCode(text: string): string | null {
  return /AADSTS\d{4,8}/.exec(text)?.[0] ?? null
}

function correlationIdIn(text: string): string | null {
  return toGuid(/Correlation ID:\s*(\S+)/i.exec(text)?.[1])
}

/** The value when it is a GUID, so that nothing else reaches a page. */
export function toGuid(value: string | null | undefined): string | null {
  return value && isGuid(value) ? value.toLowerCase() : null
}
