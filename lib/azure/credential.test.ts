import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startSimulator, type Fault, type Simulator } from '../simulator'
import { createCredential } from './credential'
import { startConnectProxy } from './testing/connect-proxy'
import { smallTenant, tenantId } from './testing/simulated-azure'

const run = promisify(execFile)
const root = fileURLToPath(new URL('../..', import.meta.url))
const secret = 'a-very-private-secret'

describe('createCredential against an authority of its own', () => {
  let simulator: Simulator
  let folder: string
  let certificate: string

  beforeAll(async () => {
    const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
      algorithm: 'sha256',
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }, { type: 2, value: 'localhost' }] }, { name: 'basicConstraints', cA: true }],
    })
    folder = await mkdtemp(join(tmpdir(), 'keypoint-sign-in-'))
    certificate = join(folder, 'authority.pem')
    await writeFile(certificate, pems.cert)
    simulator = await startSimulator({ tenant: smallTenant(), tls: { key: pems.private, cert: pems.cert }, clients: { scanner: secret } })
  })

  afterAll(async () => {
    await simulator.close()
    await rm(folder, { recursive: true })
  })

  async function signIn(clientId: string, clientSecret: string, tenant = tenantId, trusted = true, more: Record<string, string> = {}): Promise<string> {
    const script = fileURLToPath(new URL('testing/sign-in-child.ts', import.meta.url))
    const { NODE_EXTRA_CA_CERTS: _ambient, ...env } = process.env
    const { stdout } = await run(process.execPath, ['--import', 'tsx', script, simulator.url, clientId, clientSecret, tenant], {
      cwd: root,
      env: { ...env, ...more, ...(trusted && { NODE_EXTRA_CA_CERTS: certificate }) },
    })
    return stdout
  }

  it('signs in without instance discovery, keeps the token, and renews it when told to forget', async () => {
    expect(JSON.parse(await signIn('scanner', secret))).toEqual({ signedIn: true, kept: true, renewed: true })
  })

  it('signs in through the proxy of the environment, and asks through it why an authority gives no answer', async () => {
    const { host, port } = new URL(simulator.url)
    const proxy = await startConnectProxy({ [host]: Number(port) })
    const throughProxy = { HTTPS_PROXY: proxy.url, NO_PROXY: '', no_proxy: '' }
    expect(JSON.parse(await signIn('scanner', secret, tenantId, true, throughProxy))).toEqual({ signedIn: true, kept: true, renewed: true })
    expect(proxy.asked.length).toBeGreaterThan(0)
    expect(new Set(proxy.asked.map(({ target }) => target))).toEqual(new Set([host]))
    const said = await signIn('scanner', secret, '99999999-9999-4999-8999-999999999999', true, throughProxy)
    expect(JSON.parse(said)).toMatchObject({ message: expect.stringContaining('AADSTS90002') })
    await proxy.stop()
    const direct = await signIn('scanner', secret, tenantId, true, { ...throughProxy, NO_PROXY: '*', no_proxy: '*' })
    expect(JSON.parse(direct)).toMatchObject({ signedIn: true })
  })

  it('says that the secret is wrong, without the secret', async () => {
    const said = await signIn('scanner', `${secret}-mistyped`)
    expect(JSON.parse(said)).toMatchObject({ signedIn: false, code: 'not-configured', message: expect.stringContaining('AADSTS7000215') })
    expect(said).not.toContain(secret)
  })

  it('says that the client is unknown', async () => {
    expect(JSON.parse(await signIn('nobody', secret))).toMatchObject({ code: 'not-configured', message: expect.stringContaining('AADSTS700016'), remedy: expect.stringContaining('AZURE_CLIENT_ID') })
  })

  it('says that the tenant does not exist', async () => {
    const said = JSON.parse(await signIn('scanner', secret, '99999999-9999-4999-8999-999999999999'))
    expect(said).toMatchObject({ code: 'not-configured', message: expect.stringContaining('AADSTS90002'), remedy: expect.stringContaining('AZURE_TENANT_ID') })
  })

  it.each<[string, Fault]>([
    ['a service that is out of order', { match: '/oauth2/', kind: 'no-token', status: 503, code: 90033 }],
    ['trouble of its own that it tells with another status', { match: '/oauth2/', kind: 'no-token', status: 400, code: 50033 }],
    ['too many questions', { match: '/oauth2/', kind: 'no-token', status: 429, code: 90055 }],
    ['a gateway without a service', { match: '/oauth2/', kind: 'html' }],
    ['a gateway in the way of the configuration', { match: 'openid-configuration', kind: 'html', status: 503 }],
  ])('tells %s from a refusal', { timeout: 120_000 }, async (_name, fault) => {
    simulator.addFault(fault)
    const said = JSON.parse(await signIn('scanner', secret))
    simulator.clearFaults()
    expect(said).toMatchObject({ signedIn: false, code: 'unavailable' })
  })

  it('says that the certificate of the authority is not trusted', async () => {
    expect(JSON.parse(await signIn('scanner', secret, tenantId, false))).toMatchObject({ code: 'not-configured', remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') })
  })
})

describe('createCredential', () => {
  /** What gives a managed identity its tokens. One for all tests: MSAL looks for it once in a process, and keeps its tokens for all credentials. */
  const paths: string[] = []
  let status = 200
  const endpoint = createServer((request, response) => {
    paths.push(request.url ?? '')
    const token = { access_token: 'token', expires_on: String(Math.floor(Date.now() / 1000) + 3_600), resource: 'https://arm.example.test', token_type: 'Bearer' }
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' }).end(JSON.stringify(status === 200 ? token : { error: { code: 'InternalError', message: 'Not now.' } }))
  })
  const managed = () => createCredential({ kind: 'managed-identity', tenantId, authorityHost: 'https://login.example.test', authorityIsPrivate: true })

  beforeAll(async () => {
    await new Promise<void>((resolve) => endpoint.listen(0, '127.0.0.1', resolve))
    const address = endpoint.address()
    vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/msi/token`)
    vi.stubEnv('IDENTITY_HEADER', 'header')
  })

  afterAll(() => vi.unstubAllEnvs())

  it('asks the machine itself for the token of a managed identity, and no proxy', async () => {
    const proxy = await startConnectProxy()
    const ambient = { HTTPS_PROXY: process.env.HTTPS_PROXY, NO_PROXY: process.env.NO_PROXY, no_proxy: process.env.no_proxy }
    for (const [name, value] of [['HTTPS_PROXY', proxy.url], ['NO_PROXY', ''], ['no_proxy', '']] as const) vi.stubEnv(name, value)
    expect(await managed().getToken('https://arm.example.test/.default')).toMatchObject({ token: 'token' })
    for (const [name, value] of Object.entries(ambient)) vi.stubEnv(name, value)
    expect(paths).toEqual([expect.stringContaining('/msi/token')])
    expect(proxy.asked).toEqual([])
    await proxy.stop()
  })

  it('tells a managed identity that gives no token at the moment from one that does not exist', { timeout: 120_000 }, async () => {
    const known = managed()
    expect(await known.getToken('https://arm.example.test/.default')).toMatchObject({ token: 'token' })
    status = 500
    await expect(managed().getToken('https://a.example.test/.default')).rejects.toMatchObject({ code: 'unavailable', message: expect.stringContaining('500') })
    status = 404
    const [renewed, none] = await Promise.allSettled([known, managed()].map(async (credential) => await credential.getToken('https://c.example.test/.default')))
    expect(renewed).toMatchObject({ reason: { code: 'unavailable', remedy: expect.stringContaining('its endpoint') } })
    expect(none).toMatchObject({ reason: { code: 'unavailable', message: expect.stringContaining('404'), remedy: expect.stringContaining('Assign an identity') } })
    endpoint.close()
    const [before, never] = await Promise.allSettled([known, managed()].map(async (credential) => await credential.getToken('https://b.example.test/.default')))
    expect(before).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } })
    expect(never).toMatchObject({ status: 'rejected', reason: { code: 'not-configured' } })
  })

  const common = { tenantId, authorityHost: 'https://login.example.test', authorityIsPrivate: true }

  it.each([
    { name: 'AZURE_TENANT_ID', options: { ...common, tenantId: '', clientId: 'c', clientSecret: 's' } },
    { name: 'AZURE_CLIENT_ID', options: { ...common, clientSecret: 's' } },
    { name: 'AZURE_CLIENT_SECRET', options: { ...common, clientId: 'c' } },
  ])('names $name when it is missing', ({ name, options }) => {
    expect(() => createCredential({ kind: 'environment', ...options })).toThrow(name)
  })

  it('names the file that is not there', async () => {
    const credential = createCredential({ kind: 'environment', ...common, clientId: 'c', certificatePath: '/nowhere/certificate.pem' })
    await expect(credential.getToken('x/.default')).rejects.toMatchObject({ code: 'not-configured', remedy: expect.stringContaining('AZURE_CLIENT_CERTIFICATE_PATH') })
  })
})
