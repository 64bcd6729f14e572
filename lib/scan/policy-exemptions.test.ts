import { afterEach, describe, expect, it } from 'vitest'
import { checks } from '@/lib/checks'
import { endExemption, getPolicyExemptions, loadExemptions } from '@/lib/db'
import { defaultPolicy } from '@/lib/domain/policy'
import type { PolicyExemption } from '@/lib/domain/policy-exemption'
import { generateTenant } from '@/lib/simulator'
import { mapExemption } from './policy-exemptions'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

const builtIn = '/providers/Microsoft.Authorization/policyDefinitions'
const source = (over: Partial<PolicyExemption>): PolicyExemption => ({
  id: '/subscriptions/s/providers/Microsoft.Authorization/policyExemptions/x', name: 'X', scope: '/subscriptions/s', category: 'waived', description: null, expiresAt: null, requestedBy: null,
  approvedBy: null, definitions: [], assignment: 'Benchmark', selective: false, ...over,
})
const definition = (guid: string, reference: string | null = null) => ({ id: `${builtIn}/${guid}`, reference })

describe('what an exemption of Azure Policy stands for', () => {
  it.each<[string, Partial<PolicyExemption>, [string, readonly string[]][], string[]]>([
    ['a policy of one type', { definitions: [definition('CF820CA0-f99e-4f3e-84fb-66e913812d21')] }, [['resource-audit-logs', ['microsoft.keyvault/vaults']], ['resource-logs-centralized', ['microsoft.keyvault/vaults']]], []],
    ['policies of two types', { definitions: [definition('cf820ca0-f99e-4f3e-84fb-66e913812d21'), definition('91a78b24-f231-4a8a-8da9-02c35b2b6510')] },
      [['resource-audit-logs', ['microsoft.keyvault/vaults', 'microsoft.web/sites']], ['resource-logs-centralized', ['microsoft.keyvault/vaults', 'microsoft.web/sites']]], []],
    ['a policy of every type', { definitions: [definition('cf820ca0-f99e-4f3e-84fb-66e913812d21'), definition('187242f4-89c6-4c43-9a4e-188c0efacc5f')] }, [['resource-audit-logs', []], ['resource-logs-centralized', []]], []],
    ['a policy that no check knows', { definitions: [definition('404c3081-a854-4457-ae30-26a93ef643f9', 'transfer')] }, [], ['Benchmark: transfer']],
    ['a policy of one\'s own with a known name', { definitions: [{ id: `/subscriptions/s${builtIn}/a6fb4358-5bf4-4ad7-ba82-2cd2f41ce5e9`, reference: null }] }, [], ['Benchmark: a6fb4358-5bf4-4ad7-ba82-2cd2f41ce5e9']],
    ['an initiative of which one is known', { definitions: [definition('a6fb4358-5bf4-4ad7-ba82-2cd2f41ce5e9'), definition('b'), definition('c')] }, [['sql-server-auditing', []]], ['Benchmark: 2 of 3 policies']],
    ['one that is narrowed', { selective: true, definitions: [definition('a6fb4358-5bf4-4ad7-ba82-2cd2f41ce5e9')] }, [], ['Benchmark']],
    ['one whose policies cannot be read', { definitions: null }, [], ['Benchmark']],
    ['one of nothing', {}, [], ['Benchmark']],
  ])('%s', (_, over, imported, unmapped) => {
    const mapped = mapExemption(source(over))
    expect(mapped.imported.map(({ check, resourceTypes }) => [check, resourceTypes]).sort()).toEqual(imported)
    expect(mapped.unmapped.map(({ what }) => what)).toEqual(unmapped)
    expect(mapped.unmapped.every(({ why }) => why.endsWith('.'))).toBe(true)
  })

  it('are checks that exist', () => {
    const known = new Set(checks.map(({ id }) => id))
    expect(mapExemption(source({ definitions: [definition('72650e9f-97bc-4b2a-ab5f-9781a9fcecbc')] })).imported.map(({ check }) => known.has(check))).toEqual([true, true])
  })
})

it('takes exemptions over with each scan, ends those that are gone, and keeps all while they cannot be read', async () => {
  const simulated = generateTenant({ resources: 200, seed: 1, subscriptions: 4 })
  tenant = await startScannedTenant(simulated)
  const { database: db, viewer } = tenant
  const { scanId } = await tenant.scan()
  const taken = async () => (await db.exemption.findMany({ where: viewer.subscriptions === 'all' ? { estateId: viewer.estateId } : {} })).map((row) =>
    [row.sourceName, row.check, row.category, row.expiresAt.getTime() - row.requestedAt.getTime() === 730 * 86_400_000, row.approvedBy, row.claimedRequester, row.claimedApprover, row.endedBy])
  const first = [
    ['Another agent collects', 'machine-log-agent', 'mitigated', true, 'Azure Policy', null, null, null],
    ['Vaults of a sandbox', 'resource-audit-logs', 'waived', true, 'Azure Policy', 'Sandbox team', 'Security', null],
    ['Vaults of a sandbox', 'resource-logs-centralized', 'waived', true, 'Azure Policy', 'Sandbox team', 'Security', null],
  ]
  expect((await taken()).sort()).toEqual(first)
  expect((await getPolicyExemptions(db, viewer)).unmapped.map(({ sourceName, what }) => [sourceName, what])).toEqual([
    ['One region', 'Microsoft cloud security benchmark'], ['Plain HTTP for an old client', 'Microsoft cloud security benchmark: secureTransferToStorageAccountMonitoring'],
  ])
  const exemptions = await loadExemptions(db, viewer)
  const marked = (await tenant.findings(scanId)).filter((row) => row.verdict === 'fail' && exemptions.markOf(row) !== null)
  expect(marked.every((row) => row.resourceType === 'microsoft.keyvault/vaults' || row.check === 'machine-log-agent')).toBe(true)
  const gone = simulated.rows('policyresources').find(({ name }) => name === 'other-agent')
  simulated.removeResource(gone?.id ?? '')
  const lost = /^\/subscriptions\/([^/]+)/.exec(simulated.rows('policyresources').find(({ name }) => name === 'vaults-of-a-sandbox')?.id ?? '')?.[1] ?? ''
  simulated.hideSubscription(lost)
  await tenant.scan()
  expect((await taken()).find(([name]) => name === 'Another agent collects')?.at(-1)).toBe('Azure Policy')
  expect((await taken()).filter(([name]) => name === 'Vaults of a sandbox').map((row) => row.at(-1))).toEqual([null, null])

  const rejected = await db.exemption.findFirstOrThrow({ where: { sourceName: 'Vaults of a sandbox' } })
  await endExemption(db, viewer, rejected.id, { objectId: 'b', username: 'bob' }, 'any')
  simulated.showSubscription(lost)
  await tenant.scan({ policy: { ...defaultPolicy, exemptionApprover: 'another-person' } })
  expect((await taken()).filter(([name]) => name === 'Vaults of a sandbox').map((row) => row.at(-1))).toEqual(['bob', 'bob'])
}, 120_000)

it('keeps the exemptions of a group while all below it is out of sight, and ends those of a deleted subscription', async () => {
  const simulated = generateTenant({ resources: 100, seed: 1, subscriptions: 2 })
  const assignment = simulated.rows('policyresources').find(({ name }) => name === 'monitor-agent')
  const ofSubscription = simulated.rows('policyresources').find(({ name }) => name === 'other-agent')
  if (assignment === undefined || ofSubscription === undefined) throw new Error('the generated tenant should have exemptions')
  simulated.addResource({
    ...ofSubscription, id: assignment.id.replace(/policyAssignments.*$/, 'policyExemptions/for-all'), name: 'for-all', subscriptionId: '',
    properties: { displayName: 'For all', exemptionCategory: 'Waiver', policyAssignmentId: assignment.id },
  }, 'policyresources')
  tenant = await startScannedTenant(simulated)
  const { database: db } = tenant
  await tenant.scan()
  const ended = async () => Object.fromEntries((await db.exemption.findMany()).map(({ sourceName, endedBy }) => [sourceName, endedBy]))
  expect(await ended()).toMatchObject({ 'For all': null, 'Another agent collects': null })
  const all = simulated.subscriptions.map(({ subscriptionId }) => subscriptionId)
  for (const id of all) simulated.hideSubscription(id)
  await tenant.scan()
  expect(await ended()).toMatchObject({ 'For all': null, 'Another agent collects': null })
  for (const id of all) simulated.showSubscription(id)
  simulated.removeSubscription(ofSubscription.subscriptionId)
  await tenant.scan()
  expect(await ended()).toMatchObject({ 'For all': null, 'Another agent collects': 'Azure Policy' })
}, 120_000)
