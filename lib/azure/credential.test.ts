import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startSimulator, type Simulator } from '../simulator'
import { createCredential } from './credential'
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
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }] }, { name: 'basicConstraints', cA: true }],
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

  async function signIn(clientId: string, clientSecret: string, tenant = tenantId, trusted = true): Promise<string> {
    const script = fileURLToPath(new URL('testing/sign-in-child.ts', import.meta.url))
    const { NODE_EXTRA_CA_CERTS: _ambient, ...env } = process.env
    const { stdout } = await run(process.execPath, ['--import', 'tsx', script, simulator.url, clientId, clientSecret, tenant], {
      cwd: root,
      env: trusted ? { ...env, NODE_EXTRA_CA_CERTS: certificate } : env,
    })
    return stdout
  }

  it('signs in without instance discovery, keeps the token, and renews it when told to forget', async () => {
    expect(JSON.parse(await signIn('scanner', secret))).toEqual({ signedIn: true, kept: true, renewed: true })
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

  it('says that the certificate of the authority is not trusted', async () => {
    expect(JSON.parse(await signIn('scanner', secret, tenantId, false))).toMatchObject({ code: 'not-configured', remedy: expect.stringContaining('NODE_EXTRA_CA_CERTS') })
  })
})

describe('createCredential', () => {
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
