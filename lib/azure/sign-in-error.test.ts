import { describe, expect, it } from 'vitest'
import { toSignInError, type SignInContext } from './sign-in-error'

const environment: SignInContext = { kind: 'environment', tenantId: 't', authorityHost: 'https://login.microsoftonline.com' }

function caused(message: string): Error {
  return new Error('Authentication failed.', { cause: new Error(message) })
}

describe('toSignInError', () => {
  it.each([
    ['AADSTS7000215: Invalid client secret provided.', /secret is wrong \(AADSTS7000215\)/, /AZURE_CLIENT_SECRET/],
    ["AADSTS7000222: The provided client secret keys for app are expired.", /expired \(AADSTS7000222\)/, /new secret/],
    ['AADSTS700016: Application with identifier was not found in the directory.', /does not know this client/, /AZURE_CLIENT_ID/],
    ["AADSTS90002: Tenant 'x' not found.", /tenant does not exist/, /AZURE_TENANT_ID/],
    ['AADSTS700027: The certificate is not registered.', /certificate/, /Upload/],
    ['AADSTS999999: Something new.', /refused \(AADSTS999999\)/, /AADSTS999999/],
  ])('%s', (message, problem, remedy) => {
    const error = toSignInError(caused(message), environment)
    expect(error.code).toBe('not-configured')
    expect(error.message).toMatch(problem)
    expect(error.remedy).toMatch(remedy)
  })

  it('tells an authority out of reach from a refusal', () => {
    expect(toSignInError(caused('getaddrinfo ENOTFOUND login.example.test'), environment)).toMatchObject({ code: 'unavailable' })
    expect(toSignInError(new TypeError('fetch failed', { cause: new Error('bad port') }), environment)).toMatchObject({ code: 'unavailable' })
  })

  it('tells Azure CLI that is missing from one that is not signed in', () => {
    const cli: SignInContext = { ...environment, kind: 'azure-cli' }
    expect(toSignInError(new Error('Azure CLI could not be found. Please visit https://aka.ms/azure-cli'), cli).message).toMatch(/not installed/)
    expect(toSignInError(new Error("Please run 'az login' from a command prompt to authenticate"), cli).remedy).toMatch(/az login/)
  })

  it('takes what is wrong with Azure CLI for passing where it gave tokens before, but not that it is signed out', () => {
    const cli: SignInContext = { ...environment, kind: 'azure-cli', gaveTokens: true }
    expect(toSignInError(new Error('AzureCliCredential: the lock of the token cache was not freed in time'), cli).code).toBe('unavailable')
    expect(toSignInError(new Error("Please run 'az login' from a command prompt to authenticate"), cli).code).toBe('not-configured')
  })

  it('says that no managed identity answers', () => {
    expect(toSignInError(new Error('ManagedIdentityCredential: network unreachable ENETUNREACH'), { ...environment, kind: 'managed-identity' }).message)
      .toMatch(/No managed identity/)
  })

  it('repeats nothing of a message that it does not know', () => {
    const error = toSignInError(caused('client_secret=hunter2 was bad'), environment)
    expect(`${error.message} ${error.remedy}`).not.toContain('hunter2')
  })
})
