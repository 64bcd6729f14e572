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

const networkCodes = /\b(ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH)\b/
const certificateCodes = /\b(SELF_SIGNED_CERT_IN_CHAIN|DEPTH_ZERO_SELF_SIGNED_CERT|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT(?:_LOCALLY)?|CERT_HAS_EXPIRED|ERR_TLS_CERT_ALTNAME_INVALID)\b|self-signed certificate|unable to (?:verify|get)[a-z ]*certificate/i

export interface SignInContext {
  kind: 'environment' | 'managed-identity' | 'azure-cli'
  tenantId: string
  authorityHost: string
}

/** One clear error for a failed sign-in. Names the AADSTS code and the remedy; nothing of a message that could hold a secret. */
export function toSignInError(error: unknown, { kind, tenantId, authorityHost }: SignInContext): KeypointError {
  const texts = chainOf(error)
  const all = texts.join('\n')
  const code = /AADSTS\d+/.exec(all)?.[0]
  const options = { cause: error }
  const known = remedies.find(({ codes }) => code !== undefined && codes.includes(code))
  if (known !== undefined) return new KeypointError('not-configured', `Signing in to tenant ${tenantId} failed: ${known.problem} (${code}).`, known.remedy, options)
  if (code !== undefined) {
    return new KeypointError('not-configured', `Signing in to tenant ${tenantId} was refused (${code}).`, `Look up ${code} at https://login.microsoftonline.com/error and check the identity's settings.`, options)
  }
  const certificate = certificateCodes.exec(all)
  if (certificate !== null) {
    return new KeypointError('not-configured', `The certificate of ${authorityHost} is not trusted (${certificate[0]}).`, 'Set NODE_EXTRA_CA_CERTS to the file of its certificate authority.', options)
  }
  if (kind === 'azure-cli') return cliError(all, options)
  if (kind === 'managed-identity') {
    return new KeypointError('not-configured', 'No managed identity answers on this machine.', 'Assign an identity to the machine or app that runs Keypoint (AZURE_CLIENT_ID names a user-assigned one), or choose another KEYPOINT_IDENTITY.', options)
  }
  const network = networkCodes.exec(all)
  if (network !== null || /endpoints_resolution_error|network_error|fetch failed/.test(all)) {
    return new KeypointError('unavailable', `The sign-in authority ${authorityHost} cannot be reached${network === null ? '' : ` (${network[0]})`}.`, 'Check the network, AZURE_AUTHORITY_HOST and AZURE_CLOUD.', options)
  }
  if (/ENOENT/.test(all)) {
    return new KeypointError('not-configured', 'The certificate or token file of the scanning identity does not exist.', 'Check AZURE_CLIENT_CERTIFICATE_PATH or AZURE_FEDERATED_TOKEN_FILE.', options)
  }
  return new KeypointError('not-configured', `Signing in to tenant ${tenantId} failed.`, 'Check AZURE_TENANT_ID, AZURE_CLIENT_ID and the secret, certificate or token file; keypoint doctor shows more.', options)
}

function cliError(all: string, options: ErrorOptions): KeypointError {
  return /could not be found|ENOENT|not (?:found|recognized)/i.test(all)
    ? new KeypointError('not-configured', 'Azure CLI is not installed.', 'Install Azure CLI and run az login, or choose another KEYPOINT_IDENTITY.', options)
    : new KeypointError('not-configured', 'Azure CLI is not signed in.', 'Run az login (with --tenant for another tenant).', options)
}

function chainOf(error: unknown): string[] {
  const texts: string[] = []
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 8; at = at.cause, depth += 1) {
    texts.push(at.name, at.message)
    if ('code' in at && typeof at.code === 'string') texts.push(at.code)
    if ('errorCode' in at && typeof at.errorCode === 'string') texts.push(at.errorCode)
    if (at instanceof AggregateError) texts.push(...at.errors.flatMap(chainOf))
  }
  return texts
}
