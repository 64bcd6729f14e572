import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { loadConfig, type Config } from '@/lib/config'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { loopbackCertificate } from '../../e2e/entra/certificate'
import { startEntra, type EntraServer } from '../../e2e/entra/entra-server'
import { entraText } from '../../e2e/entra/entra-text'
import { users } from '../../e2e/entra/users'
import { walkThrough } from '../../e2e/entra/walk-through'
import { delegatedCredential, hasDelegatedToken } from './delegated-credential'
import { finishDelegation } from './finish-delegation'
import { openSessionCookie } from './session-cookie'
import { beginSession, endSession } from './sessions'
import { beginSignIn, openAttempt } from './sign-in'
import { SignInRefused } from './sign-in-problem'
import { signInSettings, type SignInSettings } from './sign-in-settings'

const tenantId = '3d1c9a52-0b6e-4c55-9d7a-2f4f5f1f0001'
const clientId = '3d1c9a52-0b6e-4c55-9d7a-2f4f5f1f0002'
const appUrl = 'http://localhost:9'
const azureUrl = 'http://127.0.0.1:10'

let entra: EntraServer
let database: TestDatabase
let config: Config
let settings: SignInSettings
let issued: string[]
let cookie: string
let sessionId: string

beforeAll(async () => {
  const certificate = await loopbackCertificate()
  setDefaultCACertificates([...getCACertificates('default'), certificate.cert])
  entra = await startEntra({
    tenantId, clientId, clientSecret: 'right', appUrl, certificate, users: Object.values(users),
    // Shorter than the five minutes within which MSAL renews a token, so that each use refreshes it.
    azureTokenSeconds: 120,
    onAzureToken: ({ token }) => issued.push(token),
  })
  database = await createTestDatabase()
  config = loadConfig({
    AZURE_TENANT_ID: tenantId, ENTRA_CLIENT_ID: clientId, ENTRA_CLIENT_SECRET: 'right', AZURE_AUTHORITY_HOST: entra.authorityHost,
    AZURE_RESOURCE_MANAGER_URL: azureUrl, KEYPOINT_URL: appUrl, KEYPOINT_SESSION_SECRET: 's'.repeat(32),
  }, 'web')
  settings = signInSettings(config)
})

afterAll(async () => {
  await entra.close()
  await database.drop()
})

beforeEach(async () => {
  issued = []
  const { objectId, name, username } = users.operator
  cookie = await beginSession({ db: database.database, secrets: settings.secrets }, { tenantId, objectId, name, username, roles: ['Keypoint.Operator'] }, null)
  sessionId = (await openSessionCookie(settings.secrets, cookie)) ?? ''
})

async function giveAccess(user = users.operator) {
  const delegation = { sessionId, objectId: users.operator.objectId, scan: { mode: 'full' as const, scope: {} } }
  const start = await beginSignIn(settings, { returnTo: '/scans', scopes: [settings.armScope], delegation })
  const back = await walkThrough(start.url, appUrl, [{ user: user.objectId }, { consent: 'yes' }])
  const attempt = await openAttempt(settings, start.cookie)
  if (attempt === null) throw new Error('the attempt does not open')
  await finishDelegation(database.database, settings, back.searchParams, attempt)
}

const credential = () => delegatedCredential({ db: database.database, config, sessionId })

describe('delegatedCredential', () => {
  it('has no token before the person gave access', async () => {
    expect(await hasDelegatedToken(database.database, settings, sessionId)).toBe(false)
    await expect(credential().getToken(settings.armScope)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('gives Azure tokens for the person, refreshed without the person', async () => {
    await giveAccess()
    const first = await credential().getToken(settings.armScope)
    const second = await credential().getToken([settings.armScope])
    expect(issued).toContain(first?.token)
    expect(issued).toContain(second?.token)
    expect(second?.token).not.toBe(first?.token)
    const claims = JSON.parse(Buffer.from(second?.token.split('.')[1] ?? '', 'base64url').toString())
    expect(claims).toMatchObject({ aud: azureUrl, sub: users.operator.objectId })
  })

  it('keeps the tokens sealed in the database', async () => {
    await giveAccess()
    const row = await database.database.session.findUniqueOrThrow({ where: { id: sessionId } })
    expect(row.tokenCache).not.toBeNull()
    for (const text of [...issued, 'RefreshToken', users.operator.username]) expect(row.tokenCache).not.toContain(text)
  })

  it('ends with the session', async () => {
    await giveAccess()
    await endSession({ db: database.database, secrets: settings.secrets }, cookie)
    await expect(credential().getToken(settings.armScope)).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('says so when Entra gives no more tokens', async () => {
    await giveAccess()
    entra.inject({ endpoint: 'token', error: 'invalid_grant', description: entraText('AADSTS700082', 'The refresh token has expired due to inactivity.') })
    await expect(credential().getToken(settings.armScope)).rejects.toMatchObject({ code: 'forbidden', message: expect.stringContaining('AADSTS700082') })
  })

  it('tells that Entra is out of order from its refusal', async () => {
    await giveAccess()
    entra.inject({ endpoint: 'token', error: 'temporarily_unavailable', description: entraText('AADSTS90033', 'A transient error has occurred.') })
    await expect(credential().getToken(settings.armScope)).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('AADSTS90033') })
  })

  it('takes no access that another person gave', async () => {
    await expect(giveAccess(users.admin)).rejects.toSatisfy((error) => error instanceof SignInRefused && error.problem.code === 'other-person')
    expect(await hasDelegatedToken(database.database, settings, sessionId)).toBe(false)
  })
})
