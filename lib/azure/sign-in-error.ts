import { KeypointError } from '../errors'

const remedies: { codes: readonly string[]; problem: string; remedy: string }[] = [
  { codes: ['AADSTS7000215'], problem: 'the client secret is wrong', remedy: 'Set AZURE_CLIENT_SECRET to the value of a secret of this app registration, not to the id of the secret.' },
  { codes: ['AADSTS7000222'], problem: 'the client secret has expired', remedy: 'Create a new secret for the app registration and set AZURE_CLIENT_SECRET to its value.' },
  { codes: ['AADSTS700016'], problem: 'the tenant does not know this client', remedy: 'Check AZURE_CLIENT_ID, and that AZURE_TENANT_ID is the tenant where the app is registered or consented to.' },
  { codes: ['AADSTS90002', 'AADSTS900023', 'AADSTS900021'], problem: 'the tenant does not exist in this cloud', remedy: 'Check AZURE_TENANT_ID and AZURE_CLOUD.' },
  { codes: ['AADSTS700027'], problem: 'the certificate is not one of the app registration', remedy: 'Upload the certificate of AZURE_CLIENT_CERTIFICATE_PATH to the app registration.' },
  { codes: ['AADSTS70021', 'AADSTS700211', 'AADSTS700212', 'AADSTS700213'], problem: 'no federated credential matches the token', remedy: 'Check issuer, subject and audience of the federated credential of the app registration.' },
  { codes: ['AADSTS500011'], problem: 'the tenant does not know the Azure Resource Manager audience', remedy: 'Check AZURE_CLOUD and AZURE_RESOURCE_MANAGER_URL.' },
  { codes: ['AADSTS7000112'], problem: 'the application is disabled', remedy: 'Enable the enterprise application in the tenant.' },
  { codes: ['AADSTS53003'], problem: 'a conditional access policy refuses the sign-in', remedy: 'Let the policy allow this identity from this network.' },
  { codes: ['AADSTS70043', 'AADSTS700082', 'AADSTS50078', 'AADSTS50076'], problem: 'the sign-in of Azure CLI has expired', remedy: 'Run az login again.' },
]

/**
 * Trouble of Entra's own, or too many questions: they pass.
 * @see https://learn.microsoft.com/entra/identity-platform/reference-error-codes
 */
const passingCodes = ['40010', '50033', '50196', '90006', '90012', '90024', '90033', '90055', '90090', '90091'].map((code) => `AADSTS${code}`)

const assignIdentity = 'Assign an identity to the machine or app that runs Keypoint (AZURE_CLIENT_ID names a user-assigned one), or choose another KEYPOINT_IDENTITY.'

const networkCodes = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/
const certificateCodes = /\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b|self-signed certificate|unable to (?:verify|get)[a-z ]*certificate/i

export interface SignInContext {
  kind: 'environment' | 'managed-identity' | 'azure-cli'
  tenantId: string
  authorityHost: string
  /** True: this identity has given tokens before. It is set up, so that what is no refusal will pass. */
  gaveTokens?: boolean
}

/** One clear error for a failed sign-in. Names the AADSTS code and the remedy; nothing of a message that could hold a secret. */
export function toSignInError(error: unknown, { kind, tenantId, authorityHost, gaveTokens = false }: SignInContext): KeypointError {
  const texts = chainOf(error)
  const all = texts.join('\n')
  const code = /AADSTS\d+/.exec(all)?.[0]
  const options = { cause: error }
  const trouble = passingTrouble(all, kind)
  if (trouble !== null) {
    const [who, whose] = kind === 'managed-identity' ? ['managed identity of this machine', 'its endpoint'] : ['sign-in service', authorityHost]
    // So answers a machine without any, too, as one outside of Azure whose own metadata service is asked.
    const mayBeNone = kind === 'managed-identity' && !gaveTokens && /^(404|410)$/.test(trouble)
    const remedy = mayBeNone ? `there is none here. ${assignIdentity}` : `check the health of ${whose}.`
    return new KeypointError('unavailable', `The ${who} gives no token at the moment (${trouble}).`, `Try again in some minutes; if it stays so, ${remedy}`, options)
  }
  const known = remedies.find(({ codes }) => code !== undefined && codes.includes(code))
  if (known !== undefined) return new KeypointError('not-configured', `Signing in to tenant ${tenantId} failed: ${known.problem} (${code}).`, known.remedy, options)
  if (code !== undefined) {
    return new KeypointError('not-configured', `Signing in to tenant ${tenantId} was refused (${code}).`, `Look up ${code} at https://login.microsoftonline.com/error and check the identity's settings.`, options)
  }
  const certificate = certificateCodes.exec(all)
  if (certificate !== null) {
    return new KeypointError('not-configured', `The certificate of ${authorityHost} is not trusted (${certificate[0]}).`, 'Set NODE_EXTRA_CA_CERTS to the file of its certificate authority.', options)
  }
  if (kind === 'azure-cli') return cliError(all, gaveTokens, options)
  if (kind === 'managed-identity') {
    return new KeypointError(gaveTokens ? 'unavailable' : 'not-configured', 'No managed identity answers on this machine.', assignIdentity, options)
  }
  const network = networkCodes.exec(all)
  if (network !== null || /endpoints_resolution_error|network_error|fetch failed/.test(all)) {
    return new KeypointError('unavailable', `The sign-in authority ${authorityHost} cannot be reached${network === null ? '' : ` (${network[0]})`}.`, 'Check the network, AZURE_AUTHORITY_HOST and AZURE_CLOUD.', options)
  }
  if (/ENOENT/.test(all)) {
    return new KeypointError('not-configured', 'The certificate or token file of the scanning identity does not exist.', 'Check AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE.', options)
  }
  return new KeypointError(gaveTokens ? 'unavailable' : 'not-configured', `Signing in to tenant ${tenantId} failed.`, 'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the secret, certificate or token file; keypoint doctor shows more.', options)
}

/** What a failed question for a token says of trouble that passes: of a service that is out of order or throttles; null: it does not. */
export function passingSignInTrouble(error: unknown): string | null {
  return passingTrouble(chainOf(error).join('\n'), 'environment')
}

function passingTrouble(all: string, kind: SignInContext['kind']): string | null {
  const code = /AADSTS\d+/.exec(all)?.[0]
  const status = /\bHTTP status (?:code: )?(\d{3})\b/i.exec(all)?.[1]
  // The endpoint of a managed identity answers 404 and 410 while it is renewed.
  const passing = kind === 'managed-identity' ? /^(404|408|410|429|5..)$/ : /^(408|429|5..)$/
  if (status !== undefined && passing.test(status)) return code ?? status
  if (code !== undefined && passingCodes.includes(code)) return code
  return /\btemporarily_unavailable\b/.test(all) ? code ?? 'temporarily unavailable' : null
}

function cliError(all: string, gaveTokens: boolean, options: ErrorOptions): KeypointError {
  if (/could not be found|ENOENT|not (?:found|recognized)/i.test(all)) {
    return new KeypointError('not-configured', 'Azure CLI is not installed.', 'Install Azure CLI and run az login, or choose another KEYPOINT_IDENTITY.', options)
  }
  return gaveTokens && !/az login/i.test(all)
    ? new KeypointError('unavailable', 'Azure CLI gives no token at the moment.', 'Run az account get-access-token to see why.', options)
    : new KeypointError('not-configured', 'Azure CLI is not signed in.', 'Run az login (with --tenant for another tenant).', options)
}

function chainOf(error: unknown): string[] {
  const texts: string[] = []
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    texts.push(at.name, at.message)
    if ('code' in at && typeof at.code === 'string') texts.push(at.code)
    if ('errorCode' in at && typeof at.errorCode === 'string') texts.push(at.errorCode)
    if ('status' in at) texts.push(`HTTP status ${String(at.status)}`)
    if ('statusCode' in at) texts.push(`HTTP status ${String(at.statusCode)}`)
    if (at instanceof AggregateError) texts.push(...at.errors.flatMap(chainOf))
  }
  return texts
}
