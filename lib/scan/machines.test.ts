import { afterEach, describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { FindingRow } from '@/lib/domain/views'
import { generateTenant, type SimulatedTenant } from '@/lib/simulator'
import { machineFacts, type MachineTables } from './machines'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

const machineChecks = ['machine-log-agent', 'machine-security-events', 'legacy-log-agent']

async function scanned(simulated: SimulatedTenant): Promise<FindingRow[]> {
  tenant = await startScannedTenant(simulated)
  const { scanId } = await tenant.scan()
  return (await tenant.findings(scanId)).filter((row) => machineChecks.includes(row.check))
}

function machinesOf(simulated: SimulatedTenant): string[] {
  return simulated.rows('resources').filter((row) => row.type === 'microsoft.compute/virtualmachines').map((row) => toResourceKey(row.id))
}

describe('the logs of operating systems', () => {
  it('are judged for every machine by three findings, with all verdicts between them', async () => {
    const simulated = generateTenant({ resources: 1200, seed: 1 })
    const rows = await scanned(simulated)
    const machines = machinesOf(simulated)
    expect(machines.length).toBeGreaterThan(50)
    for (const check of machineChecks) {
      const own = rows.filter((row) => row.check === check)
      expect(new Set(own.filter((row) => row.resourceType === 'microsoft.compute/virtualmachines').map((row) => toResourceKey(row.resourceId)))).toEqual(new Set(machines))
    }
    const events = rows.filter((row) => row.check === 'machine-security-events')
    expect(new Set(events.map((row) => row.verdict))).toEqual(new Set(['pass', 'fail', 'unknown', 'not-applicable']))
    for (const words of ['endpoint and no data collection rule', 'dcr-retired-2023 no longer exists', 'no data collection rule is associated', 'reaches log-central-security-weu', 'has no agent']) {
      expect(events.some((row) => row.reason.includes(words)), words).toBe(true)
    }
    // A machine without the agent fails for the agent alone.
    const failed = new Set(rows.filter((row) => row.check === 'machine-log-agent' && row.verdict === 'fail').map((row) => row.resourceId))
    expect(failed.size).toBeGreaterThan(0)
    expect(new Set(events.filter((row) => failed.has(row.resourceId)).map((row) => row.reasonCode))).toEqual(new Set(['not-onboarded']))
  })

  it('know the rule of a workspace’s own that is there, and one that is not', async () => {
    const simulated = generateTenant({ resources: 300, seed: 2 })
    const rows = simulated.rows('resources')
    const [first, second] = rows.filter((row) => row.type === 'microsoft.operationalinsights/workspaces')
    const rule = rows.find((row) => row.type === 'microsoft.insights/datacollectionrules')
    if (first === undefined || second === undefined || rule === undefined) throw new Error('the generated tenant should have workspaces and a data collection rule')
    for (const [workspace, id] of [[first, rule.id.toUpperCase()], [second, `${rule.id}-gone`]] as const) {
      simulated.removeResource(workspace.id)
      simulated.addResource({ ...workspace, properties: { ...workspace.properties, defaultDataCollectionRuleResourceId: id } })
    }
    await scanned(simulated)
    const readOf = async (id: string) => (await tenant?.database.fact.findMany({ where: { source: 'collection-rule', subject: toResourceKey(id) } }))?.length
    expect([await readOf(rule.id), await readOf(`${rule.id}-gone`)]).toEqual([1, 1])
  })

  it('cost no request for each machine', async () => {
    const simulated = generateTenant({ resources: 300, seed: 2 })
    await scanned(simulated)
    // Sizes, management groups, containers, the inventory, associations, rules, guest assignments, endpoint protection, Defender's alerts; for alert rules, containers again and the rules; five of networks; three of exemptions in Azure Policy.
    expect(tenant?.simulator.requests.count('resource-graph')).toBe(19)
  })

  it('fail once their rule is deleted', async () => {
    const simulated = generateTenant({ resources: 400, seed: 1 })
    const before = await scanned(simulated)
    const passing = before.find((row) => row.check === 'machine-security-events' && row.verdict === 'pass' && row.reason.startsWith('The Security channel'))
    if (passing === undefined) throw new Error('the generated tenant should have a Windows machine whose events are collected')
    const rule = simulated.rows('resources').find((row) => row.name === 'dcr-windows-security')
    simulated.removeResource(rule?.id ?? '')
    const after = await tenant?.scan()
    const now = (await tenant?.findings(after?.scanId ?? ''))?.find((row) => row.resourceId === passing.resourceId && row.check === passing.check)
    expect(now).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('dcr-windows-security no longer exists') })
  })
})

describe('guest configuration', () => {
  it('proves and disproves time sources and command lines, and is unknown where it says nothing', async () => {
    tenant = await startScannedTenant(generateTenant({ resources: 1200, seed: 1 }))
    const { scanId } = await tenant.scan()
    const rows = await tenant.findings(scanId)
    for (const check of ['machine-time-source', 'windows-command-line-audit', 'linux-command-line-audit']) {
      const own = rows.filter((row) => row.check === check)
      expect(own.map((row) => row.verdict), check).toEqual(expect.arrayContaining(['pass', 'fail', 'unknown']))
      expect(new Set(own.filter((row) => row.verdict === 'unknown').map((row) => row.reasonCode))).toEqual(new Set(['not-onboarded']))
    }
    const protection = rows.filter((row) => row.check === 'machine-antimalware').map((row) => [row.verdict, row.reasonCode].join(' ').trim())
    expect(new Set(protection)).toEqual(new Set(['pass', 'fail', 'not-applicable', 'unknown not-onboarded']))
  })
})

describe('facts of machines', () => {
  const sub = '22222222-2222-4222-8222-222222222222'
  const machine = `/subscriptions/${sub}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm`
  const ruleIn = (subscription: string): string => `/subscriptions/${subscription}/resourceGroups/rg/providers/Microsoft.Insights/dataCollectionRules/dcr`
  const refused = { ok: false, reason: 'permission-denied', detail: 'no', status: 403, code: 'AccessDenied', action: 'a/read' } as const
  const factsOf = (ruleId: string, over: { associations?: boolean; rules?: boolean; plans?: MachineTables['protection']['rows'] } = {}) => machineFacts({
    tables: {
      associations: {
        rows: over.associations ? [] : [{ machine: toResourceKey(machine), name: 'a', ruleId, endpointId: null }],
        failures: new Map(over.associations ? [[sub, refused]] : []),
      },
      assignments: { rows: [], failures: new Map(over.associations ? [[sub, refused]] : []) },
      protection: { rows: over.plans ?? [], failures: new Map(over.associations ? [[sub, refused]] : []) },
    },
    rules: { rows: [], failures: new Map(over.rules ? [[sub, refused]] : []) },
    machines: [{ id: machine, subscriptionId: sub }],
    visible: new Set([sub]),
    readAt: '2026-08-01T00:00:00.000Z',
  })

  it('are the refusal, for every machine, where the table was refused', () => {
    expect(factsOf(ruleIn(sub), { associations: true })).toMatchObject([
      { source: 'rule-associations', read: refused },
      { source: 'guest-assignments', read: refused },
      { source: 'endpoint-protection', read: refused },
    ])
  })

  it('have the machine’s own plan for servers go before that of its subscription', () => {
    const planOf = (...plans: MachineTables['protection']['rows']) =>
      factsOf(ruleIn(sub), { plans }).find(({ source }) => source === 'endpoint-protection')?.read
    const ofSubscription = (on: boolean) => ({ kind: 'plan', subscriptionId: sub, machine: null, on }) as const
    const own = (on: boolean, id = machine) => ({ kind: 'plan', subscriptionId: sub, machine: toResourceKey(id), on }) as const
    expect(planOf(ofSubscription(true))).toMatchObject({ value: { serversPlan: true } })
    expect(planOf(ofSubscription(true), own(false))).toMatchObject({ value: { serversPlan: false } })
    expect(planOf(own(true))).toMatchObject({ value: { serversPlan: true } })
    expect(planOf(own(true, `${machine}-2`))).toMatchObject({ value: { serversPlan: false } })
  })

  it('tell a deleted rule from one that was refused and one that lies out of sight', () => {
    const reasonOf = (facts: ReturnType<typeof factsOf>) => facts.flatMap(({ source, read }) => (source === 'collection-rule' && !read.ok ? [read.reason] : []))
    expect(reasonOf(factsOf(ruleIn(sub)))).toEqual(['gone'])
    expect(reasonOf(factsOf(ruleIn(sub), { rules: true }))).toEqual(['permission-denied'])
    expect(reasonOf(factsOf(ruleIn('99999999-9999-4999-8999-999999999999')))).toEqual(['permission-denied'])
  })
})
