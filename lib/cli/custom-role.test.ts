import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAzure, createSimulatorCredential, type Azure } from '@/lib/azure'
import { defaultPolicy, type Policy } from '@/lib/domain/policy'
import { differences, noLimits, startScannedTenant, type ScannedTenant } from '@/lib/scan/testing/scanned-tenant'
import { generateTenant } from '@/lib/simulator'
import { diagnoseRights } from './diagnose'
import { roleDefinition } from './rights'

const policy: Policy = defaultPolicy
const actions = roleDefinition('tenant', policy).Actions as string[]
let tenant: ScannedTenant
let azure: Azure

beforeAll(async () => {
  tenant = await startScannedTenant(generateTenant({ resources: 400, seed: 21 }))
  const { url, tenant: { tenantId } } = tenant.simulator
  azure = createAzure({ endpoint: url, scope: `${url}/.default`, credential: createSimulatorCredential(url, tenantId), tenantId, cloud: 'AzureCloud', limits: noLimits })
}, 120_000)
afterAll(async () => {
  azure.close()
  await tenant.close()
})

const root = () => `/providers/Microsoft.Management/managementGroups/${tenant.simulator.tenant.tenantId}`
const diagnose = () => diagnoseRights(azure, tenant.simulator.tenantId, policy)
/** What doctor warns of, by name. The generated tenant refuses some reads by itself. */
const warned = async () => (await diagnose()).flatMap(({ check, status }) => (status === 'ok' ? [] : [check]))

describe('the custom role of doctor', () => {
  it('is all that a full scan needs: it finds the same as with Reader, and doctor misses nothing', { timeout: 240_000 }, async () => {
    const [asReader, warnedReader] = [await tenant.scan(), await warned()]
    tenant.simulator.tenant.grantOnly(actions)
    const scan = await tenant.scan()
    expect(differences(await tenant.findings(asReader.scanId), await tenant.findings(scan.scanId))).toEqual([])
    expect(scan.status).toBe(asReader.status)
    expect(await warned()).toEqual(warnedReader)
  })

  it('is missed by doctor in each of its parts', { timeout: 240_000 }, async () => {
    for (const missing of actions) {
      tenant.simulator.tenant.grantOnly(actions.filter((action) => action !== missing))
      // Without the right to read rights, or to see anything, that is all that can be told.
      const told = (await diagnose()).filter(({ status }) => status !== 'ok').map(({ message }) => message).join('\n')
      if (missing === 'Microsoft.Resources/subscriptions/read') expect(told).toContain('sees no subscription')
      else expect(told.toLowerCase(), missing).toContain(missing.toLowerCase())
    }
  })

  it('is missed by doctor at a management group whose settings are not readable', async () => {
    tenant.simulator.tenant.grantOnly(actions)
    const ofGroups = async () => (await diagnose()).find(({ check }) => check === 'management groups')
    expect(await ofGroups()).toMatchObject({ status: 'ok', message: expect.stringMatching(/^\d+ can be listed, and the diagnostic settings of each read\.$/) })
    tenant.simulator.tenant.refuse(root(), { kinds: ['diagnostic-settings'] })
    expect(await ofGroups()).toMatchObject({ status: 'warning', message: expect.stringMatching(/settings of 1 of \d+ cannot be read, .* Missing: Microsoft\.Insights\/diagnosticSettings\/read/), remedy: expect.stringContaining('--scope /providers/Microsoft.Management/managementGroups/') })
    tenant.simulator.tenant.allow(root())
  })
})
