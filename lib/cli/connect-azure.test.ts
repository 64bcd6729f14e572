import { afterAll, beforeAll, expect, it } from 'vitest'
import { delegatedAccess } from '@/lib/auth/delegated-credential'
import { createSimulatorCredential } from '@/lib/azure'
import { loadConfig } from '@/lib/config'
import { createSession } from '@/lib/db'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { generateTenant, startSimulator, type Simulator } from '@/lib/simulator'
import { connectAzure } from './connect-azure'

let test: TestDatabase
let simulator: Simulator
beforeAll(async () => {
  test = await createTestDatabase()
  simulator = await startSimulator({ tenant: generateTenant({ resources: 10, seed: 1 }) })
})
afterAll(async () => {
  await simulator.close()
  await test.drop()
})

it('people have the limits of Azure for themselves, and share them with all their sessions', async () => {
  const { tenantId } = simulator
  const config = loadConfig({
    AZURE_TENANT_ID: tenantId, AZURE_RESOURCE_MANAGER_URL: simulator.url, ENTRA_CLIENT_ID: '3d1c9a52-0b6e-4c55-9d7a-2f4f5f1f0002', ENTRA_CLIENT_SECRET: 's', KEYPOINT_SESSION_SECRET: 's'.repeat(32),
  })
  const askIn = async (sessionId: string, objectId: string) => {
    await createSession(test.database, { id: sessionId, tenantId, objectId, displayName: 'Ada', username: 'ada@example.com', roles: [], expiresAt: new Date(Date.now() + 3_600_000) })
    const delegated = { ...await delegatedAccess({ db: test.database, config, sessionId }), credential: createSimulatorCredential(simulator.url, tenantId) }
    const connection = await connectAzure(config, { databaseUrl: test.url, delegated })
    expect((await connection.azure.listSubscriptions()).ok).toBe(true)
    await connection.close()
    return (await test.database.rateBucket.findMany({ distinct: ['principal'] })).length
  }
  expect(await askIn('first', 'ada')).toBe(1)
  expect(await askIn('second', 'ada')).toBe(1)
  expect(await askIn('third', 'grace')).toBe(2)
})
