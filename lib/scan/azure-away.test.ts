import { afterEach, describe, expect, it } from 'vitest'
import { AzureAwayError } from '@/lib/azure'
import { createScan } from '@/lib/db'
import { generateTenant, type Fault } from '@/lib/simulator'
import { differences, noLimits, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

/** Nobody tries often, or waits long for a network that is away. */
const impatient = { limits: { ...noLimits, attempts: 2, network: { firstRestMs: 1, tries: 2 } } }

async function start(): Promise<ScannedTenant> {
  return (tenant = await startScannedTenant(generateTenant({ resources: 120, subscriptions: 3, seed: 7 }), {}, impatient))
}

const noNetwork: Fault = { match: /./, kind: 'reset' }
const newScan = async (t: ScannedTenant) => (await createScan(t.database, t.viewer.estateId, { scope: {}, mode: 'full', requestedBy: 'test' })).scanId
const statusOf = async (t: ScannedTenant, scanId: string) => (await t.database.scan.findUniqueOrThrow({ where: { id: scanId } })).status

describe('a scan without a way to Azure', () => {
  it.each<[string, Fault[]]>([
    ['no answer at all', [noNetwork]],
    ['an error of ARM', [{ match: /^\/subscriptions\?/, kind: 'status', status: 503 }]],
    ['a sign-in service that is out of order', [{ match: '/oauth2/v2.0/token', kind: 'no-token', status: 503, code: 90033 }]],
  ])('waits to be taken up again when it gets %s where it has worked before, and fails where it never has', { timeout: 120_000 }, async (_, faults) => {
    const t = await start()
    for (const fault of faults) t.simulator.addFault(fault)
    const first = await newScan(t)
    await expect(t.scan({ resume: first })).rejects.toMatchObject({ name: 'KeypointError', code: 'unavailable' })
    expect(await statusOf(t, first)).toBe('failed')
    t.simulator.clearFaults()
    const whole = await t.scan()
    for (const fault of faults) t.simulator.addFault(fault)
    const scanId = await newScan(t)
    for (let attempt = 0; attempt < 2; attempt += 1) await expect(t.scan({ resume: scanId })).rejects.toBeInstanceOf(AzureAwayError)
    expect(await statusOf(t, scanId)).toBe('running')
    t.simulator.clearFaults()
    expect((await t.scan({ resume: scanId })).status).toBe(whole.status)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })

  it.each<[string, Pick<Fault, 'match' | 'body' | 'after'>]>([
    ['the inventory', { match: 'Microsoft.ResourceGraph/resources', body: 'project id, name, type' }],
    ['settings', { match: /diagnosticsettings\?/i, after: 30 }],
    ['networks', { match: 'Microsoft.ResourceGraph/resources', body: 'dhcpOptions' }],
    ['the tables of a workspace', { match: /\/workspaces\/[^/]+\/tables\?/i }],
  ])('goes on where it was when the network went away over %s, and takes nothing for unknown', { timeout: 120_000 }, async (_, where) => {
    const t = await start()
    const whole = await t.scan()
    const scanId = await newScan(t)
    const cut = Promise.withResolvers<void>()
    // What is asked first of these waits until nothing is answered any more.
    t.simulator.addFault({ ...where, times: 1, kind: 'hold', until: cut.promise, met: () => {
      t.simulator.addFault(noNetwork)
      cut.resolve()
    } })
    await expect(t.scan({ resume: scanId })).rejects.toBeInstanceOf(AzureAwayError)
    expect(await statusOf(t, scanId)).toBe('running')
    t.simulator.clearFaults()
    expect((await t.scan({ resume: scanId })).status).toBe(whole.status)
    expect(differences(await t.findings(scanId), await t.findings(whole.scanId))).toEqual([])
  })
})
