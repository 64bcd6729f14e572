import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generate } from 'selfsigned'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { generateTenant, startSimulator, type Simulator } from '@/lib/simulator'
import type { Diagnosis } from './diagnose'

const clientId = '11111111-2222-4333-8444-555555555555'
const secret = 'a-very-private-secret'
let test: TestDatabase
let simulator: Simulator
let folder: string

beforeAll(async () => {
  test = await createTestDatabase()
  const pems = await generate([{ name: 'commonName', value: '127.0.0.1' }], {
    algorithm: 'sha256',
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: '127.0.0.1' }, { type: 2, value: 'localhost' }] }, { name: 'basicConstraints', cA: true }],
  })
  folder = await mkdtemp(join(tmpdir(), 'keypoint-doctor-'))
  await writeFile(join(folder, 'authority.pem'), pems.cert)
  simulator = await startSimulator({ tenant: generateTenant({ resources: 10_000, seed: 3 }), tls: { key: pems.private, cert: pems.cert }, clients: { [clientId]: secret }, limits: false })
})
afterAll(async () => {
  await simulator.close()
  await test.drop()
  await rm(folder, { recursive: true })
})

/** The command, as people run it: exit codes of gaps in sight are no error of the test. */
async function doctor(): Promise<Diagnosis[]> {
  const stdout = await new Promise<string>((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('main.ts', import.meta.url)), 'doctor', '--json'], {
      env: {
        PATH: process.env.PATH, NODE_ENV: 'test', NODE_EXTRA_CA_CERTS: join(folder, 'authority.pem'), DATABASE_URL: test.url, KEYPOINT_DATA_DIR: folder, AZURE_AUTHORITY_HOST: simulator.url,
        AZURE_RESOURCE_MANAGER_URL: simulator.url, AZURE_LOG_ANALYTICS_URL: simulator.url, AZURE_TENANT_ID: simulator.tenantId, AZURE_CLIENT_ID: clientId, AZURE_CLIENT_SECRET: secret,
      },
    }, (_error, out) => resolve(out))
  })
  const { checks }: { checks: Diagnosis[] } = JSON.parse(stdout)
  return checks
}

describe('keypoint doctor', () => {
  it('asks Resource Graph a few questions and lists nothing, within the limits that scans share', async () => {
    const hidden = simulator.tenant.subscriptions.at(0)?.subscriptionId ?? ''
    simulator.tenant.refuse(`/subscriptions/${hidden}`, { kinds: 'all' })
    const checks = await doctor()
    const found = (name: string) => checks.find(({ check }) => check === name)
    expect(found('database')?.status).toBe('ok')
    expect(found('inventory')).toMatchObject({ status: 'warning', message: expect.stringContaining(hidden) })
    expect(found('time')?.message).toMatch(/^A full scan of [\d,]+ resources takes about/)
    // Which subscriptions are shown, and how many resources there are of each kind.
    expect(simulator.requests.count('resource-graph')).toBe(2)
    expect(await test.database.rateBucket.count()).toBeGreaterThan(0)
  })
})
