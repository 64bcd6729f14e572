import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { loopbackCertificate } from '../../e2e/entra/certificate'
import { startEntra, type EntraServer } from '../../e2e/entra/entra-server'
import { entraText } from '../../e2e/entra/entra-text'
import { users } from '../../e2e/entra/users'
import { walkThrough, type Answer } from '../../e2e/entra/walk-through'
import { startConnectProxy } from '../azure/testing/connect-proxy'
import { beginSignIn, completeSignIn, openAttempt } from './sign-in'
import { SignInRefused } from './sign-in-problem'
import type { SignInSettings } from './sign-in-settings'

const tenantId = '3d1c9a52-0b6e-4c55-9d7a-2f4f5f1f0001'
const clientId = '3d1c9a52-0b6e-4c55-9d7a-2f4f5f1f0002'
const appUrl = 'http://localhost:9'
const azure = 'https://management.azure.com'

let entra: EntraServer
let settings: SignInSettings

beforeAll(async () => {
  const certificate = await loopbackCertificate()
  setDefaultCACertificates([...getCACertificates('default'), certificate.cert])
  entra = await startEntra({ tenantId, clientId, clientSecret: 'right', appUrl, certificate, users: Object.values(users) })
  settings = {
    tenantId,
    clientId,
    clientSecret: 'right',
    authorityHost: entra.authorityHost,
    authority: `${entra.authorityHost}/${tenantId}`,
    baseUrl: appUrl,
    redirectUri: `${appUrl}/auth/callback`,
    armScope: `${azure}/.default`,
    secrets: ['s'.repeat(32)],
  }
})

afterAll(() => entra.close())

/** The code with which the round trip was refused. */
async function refusalOf(attempt: Promise<unknown>) {
  const error = await attempt.then(() => null, (reason: unknown) => reason)
  if (error instanceof SignInRefused) return error.problem
  throw error ?? new Error('it was not refused')
}

async function roundTrip(answers: Answer[], change: (answer: URLSearchParams) => void = () => undefined, using = settings) {
  const { url, cookie } = await beginSignIn(using, { returnTo: '/resources?page=2', scopes: [], delegation: null })
  const back = await walkThrough(url, appUrl, answers)
  change(back.searchParams)
  const attempt = await openAttempt(using, cookie)
  return { attempt, person: await completeSignIn(using, back.searchParams, attempt) }
}

describe('sign-in against an OpenID Connect server', () => {
  it('exchanges the code through the proxy of the environment, and says that it cannot be reached', async () => {
    const { host, port } = new URL(entra.authorityHost)
    const proxy = await startConnectProxy({ [host]: Number(port) })
    for (const [name, value] of [['HTTPS_PROXY', proxy.url], ['NO_PROXY', ''], ['no_proxy', '']] as const) vi.stubEnv(name, value)
    const { person } = await roundTrip([{ user: users.reader.objectId }])
    expect(person.username).toBe(users.reader.username)
    expect(proxy.asked.length).toBeGreaterThan(0)
    await proxy.stop()
    expect(await refusalOf(roundTrip([{ user: users.reader.objectId }]))).toEqual({ code: 'authority-unreachable', correlationId: null })
    vi.unstubAllEnvs()
  })

  it('asks for a code with PKCE, state and nonce, at the configured authority', async () => {
    const url = new URL((await beginSignIn(settings, { returnTo: '/', scopes: [], delegation: null })).url)
    expect(`${url.origin}${url.pathname}`).toBe(`${entra.authorityHost}/${tenantId}/oauth2/v2.0/authorize`)
    expect(Object.fromEntries(url.searchParams)).toMatchObject({ response_type: 'code', response_mode: 'query', code_challenge_method: 'S256', redirect_uri: `${appUrl}/auth/callback` })
    for (const name of ['code_challenge', 'state', 'nonce']) expect(url.searchParams.get(name)).toMatch(/.{30,}/)
  })

  it('brings back who signed in, with known roles alone, and the way back', async () => {
    const { attempt, person } = await roundTrip([{ user: users.operator.objectId }])
    expect(person).toEqual({ tenantId, objectId: users.operator.objectId, name: 'Otto Operator', username: 'otto@contoso.example', roles: ['Keypoint.Operator'] })
    expect(attempt?.returnTo).toBe('/resources?page=2')
    expect((await roundTrip([{ user: users.noRole.objectId }])).person.roles).toEqual([])
  })

  it('refuses an answer with another state, or without an attempt', async () => {
    expect(await refusalOf(roundTrip([{ user: users.reader.objectId }], (answer) => answer.set('state', 'other')))).toMatchObject({ code: 'state-mismatch' })
    expect(await refusalOf(completeSignIn(settings, new URLSearchParams({ code: 'c', state: 's' }), null))).toMatchObject({ code: 'attempt-missing' })
  })

  it('refuses the identity when the nonce or the verifier is not the attempt’s', async () => {
    const { url, cookie } = await beginSignIn(settings, { returnTo: '/', scopes: [], delegation: null })
    const back = await walkThrough(url, appUrl, [{ user: users.reader.objectId }])
    const attempt = await openAttempt(settings, cookie)
    if (!attempt) throw new Error('the attempt does not open')
    expect(await refusalOf(completeSignIn(settings, back.searchParams, { ...attempt, nonce: 'other' }))).toMatchObject({ code: 'token-invalid' })
    expect(await refusalOf(completeSignIn(settings, back.searchParams, { ...attempt, verifier: 'v'.repeat(43) }))).toMatchObject({ code: 'unexpected' })
  })

  it('refuses a person of another tenant', async () => {
    expect(await refusalOf(roundTrip([{ user: users.stranger.objectId }]))).toMatchObject({ code: 'wrong-tenant' })
  })

  it('does not open a tampered attempt or one sealed by another secret', async () => {
    const { cookie } = await beginSignIn(settings, { returnTo: '/', scopes: [], delegation: null })
    expect(await openAttempt(settings, `${cookie.slice(0, -4)}AAAA`)).toBeNull()
    expect(await openAttempt({ ...settings, secrets: ['o'.repeat(32)] }, cookie)).toBeNull()
    expect(await openAttempt(settings, null)).toBeNull()
  })

  it('names a cancelled sign-in, a declined consent and a refused secret with its correlation id', async () => {
    expect(await refusalOf(roundTrip([{ cancel: 'yes' }]))).toEqual({ code: 'access-denied', correlationId: null })
    entra.inject({ endpoint: 'authorize', error: 'access_denied', description: entraText('AADSTS65004', 'User declined to consent.') })
    expect(await refusalOf(roundTrip([]))).toEqual({ code: 'AADSTS65004', correlationId: '0f0f0f0f-1111-4222-8333-444444444444' })
    entra.inject({ endpoint: 'token', error: 'invalid_client', description: entraText('AADSTS7000215', 'Invalid client secret provided.') })
    expect(await refusalOf(roundTrip([{ user: users.reader.objectId }]))).toEqual({ code: 'AADSTS7000215', correlationId: '0f0f0f0f-1111-4222-8333-444444444444' })
  })

  it('says that the authority cannot be reached', async () => {
    const dead = { ...settings, authorityHost: 'https://localhost:9', authority: `https://localhost:9/${tenantId}` }
    expect(await refusalOf(beginSignIn(dead, { returnTo: '/', scopes: [], delegation: null }))).toMatchObject({ code: 'authority-unreachable' })
  })

  it('never lets the way back leave the site', async () => {
    const { cookie } = await beginSignIn(settings, { returnTo: '//evil.example', scopes: [], delegation: null })
    expect((await openAttempt(settings, cookie))?.returnTo).toBe('/')
  })
})
