import { describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import type { DefenderPlan } from '@/lib/domain/alerting'
import type { Resource } from '@/lib/domain/estate'
import { defaultPolicy } from '@/lib/domain/policy'
import { findCheck } from '../list'
import type { EstateLiteral } from '../testing/estate-builder'
import { broken, home, refused, resourceOf, subscriptionId, throttled } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'
import { trialEnd } from './defender-plan'

const everything: Resource[] = [
  resourceOf('Microsoft.Compute/virtualMachines', 'vm'),
  resourceOf('Microsoft.Sql/servers', 'sql'),
  resourceOf('Microsoft.SqlVirtualMachine/sqlVirtualMachines', 'sqlvm'),
  resourceOf('Microsoft.DBforPostgreSQL/flexibleServers', 'pg'),
  resourceOf('Microsoft.DocumentDB/databaseAccounts', 'cosmos'),
  resourceOf('Microsoft.Storage/storageAccounts', 'acct'),
  resourceOf('Microsoft.ContainerRegistry/registries', 'acr'),
  resourceOf('Microsoft.KeyVault/vaults', 'kv'),
  resourceOf('Microsoft.Web/sites', 'app'),
  resourceOf('Microsoft.ApiManagement/service', 'apim'),
  resourceOf('Microsoft.CognitiveServices/accounts', 'openai', { kind: 'OpenAI' }),
]

function planOf(name: string, over: Partial<DefenderPlan> = {}): DefenderPlan {
  return { name, tier: 'Standard', subPlan: null, freeTrialRemainingTime: 'PT0S', coverage: 'FullyCovered', inheritedFrom: null, deprecated: false, ...over }
}

/** What Azure says of one plan, beside others. */
function withPlan(name: string, over: Partial<DefenderPlan> = {}, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: everything, plans: { [subscriptionId]: [planOf('Other'), planOf(name, over)] }, ...more }, of: subscriptionId }
}

const free: Partial<DefenderPlan> = { tier: 'Free', coverage: 'NotCovered' }

function onAndOff(name: string, severity: JudgedCase['severity']): JudgedCase[] {
  return [
    { because: 'the plan is on', ...withPlan(name), verdict: 'pass', severity },
    { because: 'the plan is off', ...withPlan(name, free), verdict: 'fail', severity },
  ]
}

function onlyWith(name: string): JudgedCase {
  return { because: 'nothing of its kind is there', ...withPlan(name, free, { resources: [resourceOf('Microsoft.Network/virtualNetworks', 'net')] }), verdict: 'not-applicable' }
}

const virtualMachines: JudgedCase[] = [
  ...onAndOff('VirtualMachines', 'high'),
  onlyWith('VirtualMachines'),
  { because: 'names differ in casing between answers', ...withPlan('virtualMACHINES'), verdict: 'pass' },
  { because: 'an older API says nothing of coverage', ...withPlan('VirtualMachines', { coverage: null }), verdict: 'pass' },
  { because: 'some machines are left out, which the reason says', ...withPlan('VirtualMachines', { coverage: 'PartiallyCovered' }), verdict: 'pass', says: 'some resources are left out' },
  { because: 'it is taken over from a wider scope', ...withPlan('VirtualMachines', { inheritedFrom: '/subscriptions/x' }), verdict: 'pass', says: 'wider scope' },
  { because: 'a trial counts, with its end noted', ...withPlan('VirtualMachines', { freeTrialRemainingTime: 'P29DT12H' }), verdict: 'pass', says: 'a free trial until 2026-08-30' },
  { because: 'a trial that was not begun is no trial', ...withPlan('VirtualMachines', { ...free, freeTrialRemainingTime: 'P30D' }), verdict: 'fail' },
  { because: 'a plan that is on and covers nothing watches nothing', ...withPlan('VirtualMachines', { coverage: 'NotCovered' }), verdict: 'fail', says: 'covers no resource' },
  { because: 'a single machine with the plan is not the subscription', ...withPlan('VirtualMachines', { tier: 'Free', coverage: 'PartiallyCovered' }), verdict: 'fail', says: 'single resources' },
  { because: 'an unregistered subscription has all plans off', estate: { resources: everything, plans: { [subscriptionId]: [] } }, of: subscriptionId, verdict: 'fail', says: 'never registered' },
  { because: 'a scale set is a server too', ...withPlan('VirtualMachines', free, { resources: [resourceOf('Microsoft.Compute/virtualMachineScaleSets', 'ss')] }), verdict: 'fail' },
  { because: 'so is an Arc machine', ...withPlan('VirtualMachines', free, { resources: [resourceOf('Microsoft.HybridCompute/machines', 'arc')] }), verdict: 'fail' },
  { because: 'the plans were refused', estate: { resources: everything, plans: { [subscriptionId]: refused } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the plans were throttled to the end', estate: { resources: everything, plans: { [subscriptionId]: throttled } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'the plans were never read', estate: { resources: everything }, of: subscriptionId, verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'without a machine no plan is needed, whatever the read', estate: { resources: [], plans: { [subscriptionId]: broken } }, of: subscriptionId, verdict: 'not-applicable' },
  { because: 'an inventory out of sight shows no absence of machines', estate: { subscription: { subscriptionId: '99999999-9999-4999-8999-999999999999' }, plans: {} }, of: '/subscriptions/99999999-9999-4999-8999-999999999999', verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'the subscription is deleted', ...withPlan('VirtualMachines', free, { subscription: { state: 'Deleted' } }), verdict: 'not-applicable' },
]

const containers: JudgedCase[] = [
  ...onAndOff('Containers', 'high'),
  onlyWith('Containers'),
  { because: 'Azure has replaced the plan', ...withPlan('Containers', { ...free, deprecated: true }), verdict: 'not-applicable', says: 'replaced' },
]

const ai: JudgedCase[] = [
  ...onAndOff('AI', 'medium'),
  { because: 'a service that reads texts is not what the plan watches', ...withPlan('AI', free, { resources: [resourceOf('Microsoft.CognitiveServices/accounts', 'text', { kind: 'TextAnalytics' })] }), verdict: 'not-applicable' },
  { because: 'the cloud does not offer the plan', estate: { resources: everything, plans: { [subscriptionId]: [planOf('VirtualMachines')] } }, of: subscriptionId, verdict: 'unknown', reasonCode: 'unsupported', says: 'does not list' },
]

const always = (name: string, severity: JudgedCase['severity']): JudgedCase[] => [
  ...onAndOff(name, severity),
  { because: 'it is asked of an empty subscription too', ...withPlan(name, free, { resources: [] }), verdict: 'fail' },
]

describe('defender-plan-virtual-machines', () => judgedCases('defender-plan-virtual-machines', virtualMachines))
describe('defender-plan-sql-servers', () => judgedCases('defender-plan-sql-servers', [...onAndOff('SqlServers', 'high'), onlyWith('SqlServers')]))
describe('defender-plan-sql-server-virtual-machines', () =>
  judgedCases('defender-plan-sql-server-virtual-machines', [...onAndOff('SqlServerVirtualMachines', 'medium'), onlyWith('SqlServerVirtualMachines')]))
describe('defender-plan-open-source-relational-databases', () =>
  judgedCases('defender-plan-open-source-relational-databases', [...onAndOff('OpenSourceRelationalDatabases', 'medium'), onlyWith('OpenSourceRelationalDatabases')]))
describe('defender-plan-cosmos-dbs', () => judgedCases('defender-plan-cosmos-dbs', [...onAndOff('CosmosDbs', 'medium'), onlyWith('CosmosDbs')]))
describe('defender-plan-storage-accounts', () => judgedCases('defender-plan-storage-accounts', [...onAndOff('StorageAccounts', 'high'), onlyWith('StorageAccounts')]))
describe('defender-plan-containers', () => judgedCases('defender-plan-containers', containers))
describe('defender-plan-key-vaults', () => judgedCases('defender-plan-key-vaults', [...onAndOff('KeyVaults', 'high'), onlyWith('KeyVaults')]))
describe('defender-plan-app-services', () => judgedCases('defender-plan-app-services', [...onAndOff('AppServices', 'medium'), onlyWith('AppServices')]))
describe('defender-plan-arm', () => judgedCases('defender-plan-arm', always('Arm', 'high')))
describe('defender-plan-api', () => judgedCases('defender-plan-api', [...onAndOff('Api', 'medium'), onlyWith('Api')]))
describe('defender-plan-ai', () => judgedCases('defender-plan-ai', ai))
describe('defender-plan-cloud-posture', () => judgedCases('defender-plan-cloud-posture', always('CloudPosture', 'low')))

describe('the end of a trial', () => {
  it.each([
    ['PT0S', null],
    [null, null],
    ['P30D', '2026-08-31'],
    ['P1DT3H30M12.5S', '2026-08-02'],
    ['soon', null],
  ])('%s', (remaining, end) => {
    expect(trialEnd(remaining, '2026-08-01T12:00:00.000Z')).toBe(end)
  })
})

it('names its subscription in the remedy', () => {
  const subject = { resourceId: subscriptionId, resourceType: 'microsoft.resources/subscriptions', resourceName: 'Home', location: 'global', judgement: { verdict: 'fail' as const, reason: 'r', evidence: {} } }
  const remedy = findCheck('defender-plan-key-vaults')?.remediate(subject, { centralWorkspaceIds: [], policy: defaultPolicy, catalog: loadCatalog() })
  expect(remedy?.azureCli).toBe(`az security pricing create --subscription '${home}' --name KeyVaults --tier standard`)
  expect(remedy?.policy?.id).toContain('0e6763cc-5078-4e64-889d-ff4d9a839047')
})
