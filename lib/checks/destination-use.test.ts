import { describe, expect, it } from 'vitest'
import type { AlertExport, Alerting } from '@/lib/domain/alerting'
import { collected } from '@/lib/domain/collected'
import type { FlowLog } from '@/lib/domain/network'
import { toResourceKey } from '@/lib/domain/arm-id'
import { defaultPolicy } from '@/lib/domain/policy'
import { destinationUse } from './destination-use'
import { proposeCentral } from './propose-central'
import { contextOf, type EstateLiteral } from './testing/estate-builder'
import { auditingOf, hubId, idOf, resourceOf, settingOf, storageId, subscriptionId, tableOf, tenantSubjectId, throttled, unseen, workspaceId, workspaceOf, type SettingLiteral } from './testing/literals'
import { network } from './testing/network-estate'
import { linuxMachine, served, windowsMachine, type RuleLiteral } from './testing/machine-estate'

const central = workspaceId('central')
const vault = resourceOf('Microsoft.KeyVault/vaults', 'kv')
const other = resourceOf('Microsoft.KeyVault/vaults', 'kv2')

describe('destinationUse', () => {
  it('counts a subject once, whatever the casing and however many settings', () => {
    const { use } = destinationUse(contextOf({
      resources: [vault, other],
      settings: {
        [vault.id]: [settingOf({ name: 'a', logs: ['group:allLogs'], workspace: central }), settingOf({ name: 'b', logs: ['AuditEvent'], workspace: central.toUpperCase(), tables: 'Dedicated' })],
        [other.id]: [settingOf({ logs: ['-AuditEvent'], workspace: central })],
      },
    }))
    expect([...use]).toEqual([[toResourceKey(central), { subjects: 1, tables: ['AZKVAuditLogs', 'AzureDiagnostics'], categories: [] }]])
  })

  it('names the tables and containers of required categories alone', () => {
    const { use } = destinationUse(contextOf({
      resources: [vault],
      exists: [storageId('arch')],
      settings: { [vault.id]: [settingOf({ logs: ['AuditEvent', 'AzurePolicyEvaluationDetails'], workspace: central, storage: storageId('arch'), tables: 'Dedicated' })] },
    }))
    expect(use.get(toResourceKey(central))?.tables).toEqual(['AZKVAuditLogs'])
    expect(use.get(toResourceKey(storageId('arch')))?.categories).toEqual(['insights-logs-auditevent'])
  })

  it('tells of a storage account which logs no workspace keeps long enough', () => {
    const archive = storageId('arch')
    const both = settingOf({ logs: ['AuditEvent'], workspace: central, storage: archive, tables: 'Dedicated' })
    const useWith = (tables: EstateLiteral['tables'], setting = both) =>
      destinationUse(contextOf({ resources: [vault], exists: [archive], settings: { [vault.id]: [setting] }, tables })).use.get(toResourceKey(archive))
    expect(useWith({ [central]: [tableOf('AZKVAuditLogs', 90, 365)] })).toEqual({ subjects: 1, tables: [], categories: ['insights-logs-auditevent'] })
    expect(useWith({ [central]: [tableOf('AZKVAuditLogs', 90, 90)] })?.onlyCopies).toEqual(['insights-logs-auditevent'])
    expect(useWith({}, settingOf({ logs: ['AuditEvent'], storage: archive }))?.onlyCopies).toEqual(['insights-logs-auditevent'])
    expect(useWith({ [central]: throttled })).toMatchObject({ unclearCopies: ['insights-logs-auditevent'] })
  })

  it('tells of an event hub which categories have no other copy', () => {
    const hub = hubId('siem')
    const { use } = destinationUse(contextOf({
      resources: [vault, other],
      exists: [hub],
      settings: { [vault.id]: [settingOf({ logs: ['AuditEvent'], hub, workspace: central })], [other.id]: [settingOf({ logs: ['AuditEvent'], hub })] },
    }))
    expect(use.get(toResourceKey(hub))).toEqual({ subjects: 2, tables: [], categories: ['auditevent'] })
  })

  describe('where one of several categories is enough', () => {
    const cluster = resourceOf('Microsoft.ContainerService/managedClusters', 'aks')
    const firewall = resourceOf('Microsoft.Network/azureFirewalls', 'afw')
    const archive = storageId('arch')
    const hub = hubId('siem')
    const useOf = (resource: typeof cluster, settings: SettingLiteral[], more: EstateLiteral = {}) => {
      const tables = { [central]: [tableOf('AKSAudit', 90, 365), tableOf('AKSAuditAdmin', 90, 90), tableOf('AzureDiagnostics', 30, 30)] }
      return destinationUse(contextOf({ resources: [resource], exists: [archive, hub], lifecycle: { [archive]: [] }, settings: { [resource.id]: settings.map(settingOf) }, tables, workspaces: [workspaceOf('central', { retentionInDays: 365 })], ...more })).use
    }
    const admin = { name: 'admin', logs: ['kube-audit-admin'], workspace: central, tables: 'Dedicated' as const }
    const adminToStorage = { name: 'admin', logs: ['kube-audit-admin'], storage: archive }

    it('leaves out what another that is kept long enough stands in for, and still counts who sends it', () => {
      const both = useOf(cluster, [{ name: 'all', logs: ['kube-audit'], storage: archive }, admin])
      expect(both.get(toResourceKey(central))).toEqual({ subjects: 1, tables: [], categories: [] })
      expect(both.get(toResourceKey(archive))?.onlyCopies).toEqual(['insights-logs-kube-audit'])
      expect(useOf(firewall, [{ logs: ['group:allLogs'], workspace: central, tables: 'Dedicated' }]).get(toResourceKey(central))?.tables).toEqual(['AZFWApplicationRule', 'AZFWDnsQuery', 'AZFWIdpsSignature', 'AZFWNatRule', 'AZFWNetworkRule', 'AZFWThreatIntel'])
    })
    it('keeps all of them where none is surely kept long enough', () => {
      const unread = useOf(cluster, [{ name: 'all', logs: ['kube-audit', 'kube-audit-admin'], workspace: central, tables: 'Dedicated' }], { tables: { [central]: throttled } })
      expect(unread.get(toResourceKey(central))?.tables).toEqual(['AKSAudit', 'AKSAuditAdmin'])
    })
    it('does not take a copy in storage for the only one where a workspace keeps the other long enough', () => {
      const all = { name: 'all', logs: ['kube-audit'], workspace: central, tables: 'Dedicated' as const }
      expect(useOf(cluster, [all, adminToStorage]).get(toResourceKey(archive))).toEqual({ subjects: 1, tables: [], categories: [] })
      expect(useOf(cluster, [all, adminToStorage], { tables: { [central]: throttled } }).get(toResourceKey(archive))).toMatchObject({ unclearCopies: ['insights-logs-kube-audit-admin'] })
    })
    it('asks for both where the policy names both', () => {
      const policy = { requiredCategories: { [firewall.type]: ['AzureFirewallDnsProxy', 'AZFWDnsQuery'] } }
      const both = [{ name: 'new', logs: ['AZFWDnsQuery'], workspace: central, tables: 'Dedicated' as const }, { name: 'old', logs: ['AzureFirewallDnsProxy'], storage: archive }]
      expect(useOf(firewall, both, { policy }).get(toResourceKey(archive))?.onlyCopies).toEqual(['insights-logs-azurefirewalldnsproxy'])
      expect(useOf(firewall, both).get(toResourceKey(archive))?.categories).toEqual([])
    })
    it('does not take an event hub for the only destination where the other goes elsewhere', () => {
      const toHub = { name: 'hub', logs: ['kube-audit'], hub }
      expect(useOf(cluster, [toHub, admin]).get(toResourceKey(hub))?.categories).toEqual([])
      expect(useOf(cluster, [toHub]).get(toResourceKey(hub))?.categories).toEqual(['kube-audit'])
    })
  })

  it('follows what data collection rules carry of machines, and says what for', () => {
    const windows = served({ machine: windowsMachine, rules: [{ windows: ['Security!*'] }, { name: 'counters', windows: ['Application!*'] }] })
    const linux = served({ machine: linuxMachine, rules: [{ name: 'auth', facilities: ['auth', 'authpriv'] }, { name: 'cron', facilities: ['cron'], workspace: workspaceId('team') }] })
    const { use } = destinationUse(contextOf({
      resources: [...(windows.resources ?? []), ...(linux.resources ?? [])], workspaces: [workspaceOf('central'), workspaceOf('team')],
      associations: { ...windows.associations, ...linux.associations }, rules: { ...windows.rules, ...linux.rules },
    }))
    const both = ['command-line-auditing', 'os-security-logs']
    expect(Object.fromEntries(use)).toEqual({ [toResourceKey(central)]: { subjects: 2, tables: ['SecurityEvent', 'Syslog'], categories: [], keyPoints: { SecurityEvent: both, Syslog: both } } })
    expect(destinationUse(contextOf(served({ machine: windowsMachine, agent: null, rules: [{ windows: ['Security!*'] }] }))).use.size).toBe(0)
  })

  it('takes the table that a rule’s flow names, and leaves out a flow that drops what people do to sign in', () => {
    const tablesOf = (...rules: RuleLiteral[]) => destinationUse(contextOf(served({ machine: linuxMachine, rules }))).use.get(toResourceKey(central))?.tables
    const syslog = { facilities: ['*'], outputStream: 'Custom-SecSyslog_CL' }
    expect(tablesOf(syslog)).toEqual(['SecSyslog_CL'])
    expect(tablesOf({ facilities: ['auth'], outputStream: 'Microsoft-Syslog' })).toEqual(['Syslog'])
    expect(tablesOf({ name: 'a', facilities: ['*'] }, { ...syslog, name: 'b', transformKql: "source | where Facility !in ('auth', 'authpriv')" })).toEqual(['Syslog'])
    expect(tablesOf({ facilities: ['cron'] })).toBeUndefined()
  })

  it('follows the activity log, and Entra’s logs to tables of their own names', () => {
    const activity = destinationUse(contextOf({ settings: { [subscriptionId]: [settingOf({ logs: ['Administrative'], workspace: central.toLowerCase() })] } }))
    expect(activity.use.get(toResourceKey(central))?.tables).toEqual(['AzureActivity'])
    expect([...activity.activityLogWorkspaces]).toEqual([[toResourceKey(central), central]])
    const entra = destinationUse(contextOf({ subscription: null, settings: { [tenantSubjectId]: [settingOf({ logs: ['SignInLogs', 'RiskyUsers'], workspace: central })] } }))
    expect(entra.use.get(toResourceKey(central))?.tables).toEqual(['AADRiskyUsers', 'SigninLogs'])
    expect(entra.activityLogWorkspaces.size).toBe(0)
  })

  it('does not take health events for an activity log export', () => {
    const part = destinationUse(contextOf({ settings: { [subscriptionId]: [settingOf({ logs: ['ResourceHealth'], workspace: central })] } }))
    expect(part.activityLogWorkspaces.size).toBe(0)
  })

  it('follows traffic analytics of flow logs that are on', () => {
    const log = resourceOf('Microsoft.Network/networkWatchers/flowLogs', 'nw/fl')
    const useOf = (over: Partial<FlowLog>) => {
      const flowLog: FlowLog = { id: log.id, targetId: network.id, storageId: null, enabled: true, retentionDays: 0, trafficAnalytics: { workspaceId: central.toUpperCase(), intervalMinutes: 10 }, ...over }
      return destinationUse(contextOf({ resources: [log], flowLog: { [log.id]: flowLog } })).use.get(toResourceKey(central))
    }
    expect(useOf({})).toEqual({ subjects: 1, tables: ['NTANetAnalytics'], categories: [] })
    expect(useOf({ targetId: idOf('Microsoft.Network/networkSecurityGroups', 'nsg') })?.tables).toEqual(['AzureNetworkAnalytics_CL'])
    for (const off of [{ enabled: false }, { trafficAnalytics: null }, { trafficAnalytics: { workspaceId: null, intervalMinutes: 10 } }, { trafficAnalytics: { workspaceId: workspaceId('gone'), intervalMinutes: 10 } }]) expect(useOf(off)).toBeUndefined()
    expect(destinationUse(contextOf({ resources: [log], flowLog: { [log.id]: throttled } })).use.size).toBe(0)
  })

  it('follows what exports of Defender’s alerts take of the subscription', () => {
    const useOf = (...exports: Partial<AlertExport>[]) => {
      const whole = exports.map((over, index): AlertExport => ({ id: `/exports/${index}`, enabled: true, scopes: [subscriptionId.toUpperCase()], severities: null, workspaceIds: [central], eventHubIds: [], ...over }))
      const alerting: Alerting = { activityLogAlerts: [], queryRules: [], actionGroups: [], suppressionRules: [], additionRules: [], exports: whole, covered: [], unread: [] }
      return destinationUse(contextOf({ alerting: { [tenantSubjectId]: alerting } })).use.get(toResourceKey(central))
    }
    expect(useOf({}, { workspaceIds: [central.toUpperCase()] })).toEqual({ subjects: 1, tables: ['SecurityAlert'], categories: [], keyPoints: { SecurityAlert: ['anomaly-alerts'] } })
    expect(useOf({ scopes: [`${subscriptionId}/resourceGroups/rg`] })?.tables).toEqual(['SecurityAlert'])
    for (const none of [{ enabled: false }, { scopes: ['/subscriptions/other'] }, { workspaceIds: [] }, { workspaceIds: [workspaceId('gone')] }]) expect(useOf(none)).toBeUndefined()
    expect(destinationUse(contextOf({ alerting: { [tenantSubjectId]: throttled } })).use.size).toBe(0)
  })

  it('leaves out destinations that are deleted or cannot be seen', () => {
    const { use } = destinationUse(contextOf({
      resources: [vault],
      settings: { [vault.id]: [settingOf({ name: 'a', logs: ['AuditEvent'], workspace: workspaceId('old') }), settingOf({ name: 'b', logs: ['AuditEvent'], workspace: workspaceId('soc', unseen) })] },
    }))
    expect(use.size).toBe(0)
  })

  it('sends the audit of SQL databases where master sends it', () => {
    const server = resourceOf('Microsoft.Sql/servers', 'sql')
    const master = resourceOf('Microsoft.Sql/servers/databases', 'sql/master')
    const orders = resourceOf('Microsoft.Sql/servers/databases', 'sql/orders')
    const { use } = destinationUse(contextOf({
      resources: [server, master, orders],
      sql: { [server.id]: auditingOf() },
      settings: { [master.id]: [settingOf({ logs: ['SQLSecurityAuditEvents'], workspace: central })], [orders.id]: [] },
    }))
    expect(use.get(toResourceKey(central))).toEqual({ subjects: 2, tables: ['AzureDiagnostics'], categories: [] })
  })
})

describe('proposeCentral', () => {
  const a = workspaceOf('a')
  const b = workspaceOf('b')
  const use = new Map([[toResourceKey(a.id), { subjects: 2, tables: [], categories: [] }], [toResourceKey(b.id), { subjects: 5, tables: [], categories: [] }]])
  const question = { policy: defaultPolicy, workspaces: [a, b], activityLogReceivers: new Map<never, string>(), sentinel: () => undefined, use }

  it('takes the user’s word', () => {
    const policy = { ...defaultPolicy, approvedWorkspaces: [a.id, a.id.toUpperCase()] }
    expect(proposeCentral({ ...question, policy })).toEqual({ ids: [a.id.toUpperCase()], basis: 'confirmed' })
  })
  it('takes an empty list as a decision that none is central', () => {
    expect(proposeCentral({ ...question, policy: { ...defaultPolicy, approvedWorkspaces: [] } })).toEqual({ ids: [], basis: 'none' })
  })
  it('proposes what receives an activity log or has Sentinel, both', () => {
    const found = proposeCentral({
      ...question,
      activityLogReceivers: new Map([[toResourceKey(b.id), b.id]]),
      sentinel: (key) => (key === toResourceKey(a.id) ? collected({ onboarded: true }) : collected({ onboarded: false })),
    })
    expect(found).toEqual({ ids: [a.id, b.id], basis: 'activity-log-or-sentinel' })
  })
  it('failing those proposes the most used, the first by id among equals', () => {
    expect(proposeCentral(question)).toEqual({ ids: [b.id], basis: 'most-used' })
    const even = new Map([...use].map(([key, value]) => [key, { ...value, subjects: 2 }]))
    expect(proposeCentral({ ...question, workspaces: [b, a], use: even }).ids).toEqual([a.id])
  })
  it('proposes none where nothing is sent anywhere', () => {
    expect(proposeCentral({ ...question, use: new Map() })).toEqual({ ids: [], basis: 'none' })
  })
})
