import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '@/lib/free-port'
import { parseDemoTenant, startSimulator, type Simulator } from '@/lib/simulator'
import { loopbackCertificate } from './entra/certificate'
import { startEntra, type EntraServer } from './entra/entra-server'
import { users } from './entra/users'
import { startKeypoint, type KeypointProcess } from './keypoint-process'

/** Keypoint on a tenant that is not the demo: people sign in at a stand-in for Entra, and no scanning identity is configured. */
export interface Tenant {
  url: string
  tenantId: string
  clientId: string
  entra: EntraServer
  azure: Simulator
  keypoint: KeypointProcess
  /** The session secret, to seal cookies as the app does. */
  secret: string
  stop(): Promise<void>
}

/** @param azureTenant what the simulated Azure holds, as in KEYPOINT_DEMO_TENANT. */
export async function startTenant(azureTenant: string): Promise<Tenant> {
  const secret = 'a session secret of the tests that is long enough'
  const clientId = '5b0c7a1e-6d3f-4f57-8a55-0e9d2c4b7a01'
  const port = await freePort()
  const url = `http://localhost:${port}`
  const certificate = await loopbackCertificate()
  const folder = await mkdtemp(join(tmpdir(), 'keypoint-entra-'))
  const authorityFile = join(folder, 'authority.pem')
  await writeFile(authorityFile, certificate.cert)

  const azure = await startSimulator({ tenant: parseDemoTenant(azureTenant) })
  const entra = await startEntra({
    tenantId: azure.tenantId,
    clientId,
    clientSecret: 'right',
    appUrl: url,
    certificate,
    users: Object.values(users),
    onAzureToken: ({ token, user, lifetimeSeconds }) => azure.tokens.accept(token, { clientId, objectId: user.objectId }, lifetimeSeconds),
  })
  const keypoint = await startKeypoint({
    PORT: String(port),
    KEYPOINT_URL: url,
    KEYPOINT_SESSION_SECRET: secret,
    AZURE_TENANT_ID: azure.tenantId,
    ENTRA_CLIENT_ID: clientId,
    ENTRA_CLIENT_SECRET: 'right',
    AZURE_AUTHORITY_HOST: entra.authorityHost,
    AZURE_RESOURCE_MANAGER_URL: azure.url,
    NODE_EXTRA_CA_CERTS: authorityFile,
  })
  const stop = async () => {
    await keypoint.stop()
    await Promise.all([entra.close(), azure.close()])
    await rm(folder, { recursive: true, force: true })
  }
  return { url, tenantId: azure.tenantId, clientId, entra, azure, keypoint, secret, stop }
}
