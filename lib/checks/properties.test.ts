import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Resource } from '@/lib/domain/estate'
import type { Finding, Judgement } from '@/lib/domain/finding'
import { judgeSubjects } from './judge'
import { contextOf, type EstateLiteral } from './testing/estate-builder'
import { auditingOf, broken, gone, hubId, liveOf, notSupported, refused, resourceOf, settingOf, storageId, subscriptionId, tableOf, throttled, unseen, workspaceId, workspaceOf, type SettingLiteral } from './testing/literals'

const central = workspaceId('central')
const vaultType = 'Microsoft.KeyVault/vaults'
const resources: Resource[] = [
  resourceOf(vaultType, 'kv'),
  resourceOf('Microsoft.Storage/storageAccounts/blobServices', 'acct/default'),
  resourceOf('Microsoft.ContainerRegistry/registries', 'acr'),
  resourceOf('Microsoft.ContainerService/managedClusters', 'aks', { properties: { aadProfile: {} } }),
  resourceOf('Microsoft.Web/sites', 'app', { kind: 'functionapp' }),
  resourceOf('Microsoft.Cdn/edgeActions', 'edge'),
  resourceOf('Microsoft.Sql/servers', 'sql'),
  resourceOf('Microsoft.Sql/servers/databases', 'sql/master'),
  resourceOf('Microsoft.Sql/servers/databases', 'sql/orders'),
  resourceOf('Microsoft.Sql/managedInstances', 'mi'),
  resourceOf('Microsoft.Synapse/workspaces', 'syn'),
  resourceOf('Microsoft.Synapse/workspaces/sqlPools', 'syn/dw'),
  resourceOf('Microsoft.ServiceBus/namespaces', 'bus', { skuName: 'Standard' }),
  resourceOf('Microsoft.Databricks/workspaces', 'dbw', { skuName: 'standard' }),
  resourceOf('Microsoft.App/managedEnvironments', 'cae', { properties: { appLogsConfiguration: { destination: 'log-analytics', customerId: 'team-id' } } }),
  resourceOf('Microsoft.App/managedEnvironments', 'cae-none', { properties: { appLogsConfiguration: { destination: 'none', customerId: null } } }),
]
const audited = resources.filter(({ type }) => /^microsoft\.(sql\/servers|synapse\/workspaces(\/sqlpools)?)$/.test(type)).map(({ id }) => id)
const instance = resources.find(({ type }) => type === 'microsoft.sql/managedinstances')?.id ?? ''
const decidedElsewhere = /\/(databases|managedEnvironments)\/|Microsoft\.(Databricks|Synapse)/
const subjects = [...resources.map(({ id }) => id), subscriptionId]

const categories = ['AuditEvent', 'AzurePolicyEvaluationDetails', 'StorageRead', 'StorageWrite', 'StorageDelete', 'kube-audit', 'kube-audit-admin', 'guard', 'FunctionAppLogs', 'ContainerRegistryLoginEvents', 'SQLSecurityAuditEvents', 'DevOpsOperationsAudit', 'OperationalLogs', 'Administrative', 'Security', 'Alert', 'Policy', 'group:audit', 'group:allLogs']
const entry = fc.tuple(fc.constantFrom(...categories), fc.boolean()).map(([name, on]) => (on ? name : `-${name}`))
const setting: fc.Arbitrary<SettingLiteral> = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    logs: fc.uniqueArray(entry, { maxLength: 6 }),
    metrics: fc.constantFrom(0, 1),
    workspace: fc.constantFrom(central, workspaceId('team'), workspaceId('old'), workspaceId('soc', unseen)),
    storage: fc.constantFrom(storageId('arch'), storageId('old')),
    hub: fc.constantFrom(hubId('siem'), hubId('old')),
    tables: fc.constantFrom('Dedicated' as const, 'AzureDiagnostics' as const),
  },
  { requiredKeys: ['name', 'logs', 'metrics'] },
)
const reads = fc.oneof(
  { weight: 6, arbitrary: fc.uniqueArray(setting, { maxLength: 4, selector: ({ name }) => name }).map((list) => list.map(settingOf)) },
  { weight: 1, arbitrary: fc.constantFrom(refused, throttled, broken, gone, notSupported) },
)

const estates: fc.Arbitrary<EstateLiteral> = fc.record({
  settings: fc.tuple(...subjects.map((id) => reads.map((read) => [id, read] as const))).map((pairs) => Object.fromEntries(pairs)),
  audits: fc.array(fc.constantFrom(auditingOf(), auditingOf({ state: 'Disabled' }), auditingOf({ isAzureMonitorTargetEnabled: false }), refused), { minLength: audited.length, maxLength: audited.length }),
  arrived: fc.boolean(),
  basis: fc.constantFrom('confirmed' as const, 'most-used' as const),
  liveKnown: fc.boolean(),
}).map(({ settings, audits, arrived, basis, liveKnown }): EstateLiteral => ({
  resources,
  settings,
  sql: Object.fromEntries(audited.map((id, index) => [id, audits[index] ?? refused])),
  auditArrivals: { [central]: arrived ? [{ resource: instance.toLowerCase(), category: 'SQLSecurityAuditEvents', lastOn: '2026-07-31' }] : [], [workspaceId('team')]: refused },
  workspaces: [workspaceOf('central'), workspaceOf('team', { customerId: 'team-id' })],
  exists: [storageId('arch'), hubId('siem')],
  central: { ids: [central], basis },
  tables: { [central]: [tableOf('AZKVAuditLogs', 90, 365)] },
  lifecycle: { [storageId('arch')]: [] },
  live: liveKnown ? { 'microsoft.keyvault/vaults': liveOf(vaultType, { AuditEvent: ['audit', 'allLogs'], AzurePolicyEvaluationDetails: ['allLogs'] }) } : {},
}))

function verdictsOf(findings: readonly Finding[]): Map<string, Judgement> {
  return new Map(findings.map((finding) => [`${finding.resourceId.toLowerCase()}|${finding.check}`, finding.judgement]))
}

const loggingChecks = ['resource-audit-logs', 'resource-logs-centralized', 'aks-audit', 'activity-log-export', 'sql-server-auditing']

describe('properties', () => {
  it('a setting more, to the live central workspace, turns no pass into anything else', () => {
    fc.assert(
      fc.property(estates, fc.constantFrom(...subjects), setting, (estate, subject, added) => {
        const before = verdictsOf(judgeSubjects(contextOf(estate)))
        const known = estate.settings?.[subject]
        if (!Array.isArray(known)) return
        const more = settingOf({ name: 'added', logs: added.logs ?? [], workspace: central })
        const after = verdictsOf(judgeSubjects(contextOf({ ...estate, settings: { ...estate.settings, [subject]: [...known, more] } })))
        for (const [key, judgement] of before) {
          if (judgement.verdict === 'pass' && loggingChecks.some((check) => key.endsWith(`|${check}`))) expect(`${key} ${after.get(key)?.verdict}`).toBe(`${key} pass`)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('the order of settings, entries and resources never matters', () => {
    fc.assert(
      fc.property(estates, (estate) => {
        const turned = Object.fromEntries(
          Object.entries(estate.settings ?? {}).map(([id, read]) => [id, Array.isArray(read) ? read.toReversed().map((one) => ({ ...one, logs: one.logs.toReversed() })) : read]),
        )
        const straight = verdictsOf(judgeSubjects(contextOf(estate)))
        const other = verdictsOf(judgeSubjects(contextOf({ ...estate, settings: turned, resources: resources.toReversed() })))
        for (const [key, judgement] of straight) expect(`${key} ${other.get(key)?.verdict} ${other.get(key)?.reason}`).toBe(`${key} ${judgement.verdict} ${judgement.reason}`)
        expect(other.size).toBe(straight.size)
      }),
      { numRuns: 150 },
    )
  })

  it('the casing of ids never matters', () => {
    const shout = (text: string | null): string | null => text?.toUpperCase() ?? null
    fc.assert(
      fc.property(estates, (estate) => {
        const shouted = Object.fromEntries(
          Object.entries(estate.settings ?? {}).map(([id, read]) => [
            id.toUpperCase(),
            Array.isArray(read)
              ? read.map((one) => ({ ...one, workspaceId: shout(one.workspaceId), storageAccountId: shout(one.storageAccountId), eventHubAuthorizationRuleId: shout(one.eventHubAuthorizationRuleId) }))
              : read,
          ]),
        )
        const verdicts = (literal: EstateLiteral): string[] => [...verdictsOf(judgeSubjects(contextOf(literal)))].map(([key, { verdict }]) => `${key} ${verdict}`)
        expect(verdicts({ ...estate, settings: shouted })).toEqual(verdicts(estate))
      }),
      { numRuns: 150 },
    )
  })

  it('a read that is lost never makes a pass, and never opens a gap', () => {
    fc.assert(
      fc.property(estates, fc.constantFrom(...subjects), fc.constantFrom(refused, throttled, broken), (estate, subject, failure) => {
        const lost = verdictsOf(judgeSubjects(contextOf({ ...estate, settings: { ...estate.settings, [subject]: failure } })))
        const before = verdictsOf(judgeSubjects(contextOf(estate)))
        for (const check of ['resource-audit-logs', 'resource-logs-centralized', 'resource-log-retention', 'activity-log-export', 'aks-audit']) {
          const judgement = lost.get(`${subject.toLowerCase()}|${check}`)
          if (judgement === undefined) continue
          // Where the audit of a server, a tier or a destination of its own decides, the settings may not matter: then nothing changes.
          const known = before.get(`${subject.toLowerCase()}|${check}`)?.verdict
          // What was said to be gone had no verdict to compare with.
          if (decidedElsewhere.test(subject) && known === undefined) continue
          const allowed = ['unknown', 'not-applicable', ...(decidedElsewhere.test(subject) ? [known] : [])]
          expect([`${subject} ${check}`, allowed.includes(judgement.verdict), judgement.verdict, known]).toEqual([`${subject} ${check}`, true, judgement.verdict, known])
        }
      }),
      { numRuns: 150 },
    )
  })

  it('every pass and fail carries evidence, every unknown its code, and nothing holds what JSON cannot', () => {
    fc.assert(
      fc.property(estates, (estate) => {
        for (const { judgement } of judgeSubjects(contextOf(estate))) {
          if (judgement.verdict === 'pass' || judgement.verdict === 'fail') expect(Object.keys(judgement.evidence)).not.toHaveLength(0)
          if (judgement.verdict === 'unknown') expect(judgement.reasonCode).toMatch(/^[a-z-]+$/)
          expect(judgement.reason).toMatch(/[^.]\.$/)
          const evidence: unknown = judgement.evidence ?? {}
          expect(JSON.parse(JSON.stringify(evidence))).toEqual(evidence)
        }
      }),
      { numRuns: 150 },
    )
  })
})
