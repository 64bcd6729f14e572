import { describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import { namedSources } from '@/lib/catalog/named-sources'
import { countReach, reachBits, unreadReach, type LogReachRow } from '@/lib/domain/log-reach'
import { findCheck } from './list'
import { logReach } from './log-reach'
import { contextOf, type EstateLiteral } from './testing/estate-builder'
import { hubId, liveOf, refused, resourceOf, settingOf, storageId, subscriptionId, tenantSubjectId, unseen, workspaceId, workspaceOf } from './testing/literals'
import { served, windowsMachine } from './testing/machine-estate'

const { central, sentinel, workspace, eventHub, storage, unseen: outOfSight, partly, untold } = reachBits
const type = 'Microsoft.KeyVault/vaults'
const vault = resourceOf(type, 'kv')
const both = { AuditEvent: ['audit', 'allLogs'], AzurePolicyEvaluationDetails: ['audit', 'allLogs'], Metricsish: ['allLogs'] }

function reachIn(estate: EstateLiteral, category = '', source = vault.type): number[] {
  return logReach(contextOf(estate)).filter((row) => row.source === source && row.category === category).map(({ reach }) => reach)
}

function withSettings(...settings: ReturnType<typeof settingOf>[]): EstateLiteral {
  return {
    resources: [vault], live: { [vault.type]: liveOf(type, both) }, settings: { [vault.id]: settings }, workspaces: [workspaceOf('central'), workspaceOf('team')],
    exists: [storageId('logs'), hubId('siem')], sentinel: { [workspaceId('central')]: { onboarded: true } },
  }
}

describe('logReach', () => {
  it.each<[string, ReturnType<typeof settingOf>[], number]>([
    ['to the central workspace with Sentinel', [settingOf({ logs: ['group:audit'], workspace: workspaceId('central').toUpperCase() })], central | sentinel],
    ['to a team’s own workspace', [settingOf({ logs: ['group:allLogs'], workspace: workspaceId('team') })], workspace],
    ['to an event hub and storage', [settingOf({ logs: ['group:audit'], hub: hubId('siem'), storage: storageId('logs') })], eventHub | storage],
    ['to storage alone', [settingOf({ logs: ['group:audit'], storage: storageId('logs') })], storage],
    ['one category each by two settings', [settingOf({ name: 'a', logs: ['AuditEvent'], workspace: workspaceId('team') }), settingOf({ name: 'b', logs: ['AzurePolicyEvaluationDetails'], storage: storageId('logs') })], partly],
    ['one category of two, storage has both', [settingOf({ name: 'a', logs: ['AuditEvent'], workspace: workspaceId('team') }), settingOf({ name: 'b', logs: ['group:audit'], storage: storageId('logs') })], storage],
    ['one category of two and nothing else', [settingOf({ logs: ['AuditEvent'], workspace: workspaceId('team') })], partly],
    ['nowhere, since every entry is off', [settingOf({ logs: ['-AuditEvent'], workspace: workspaceId('central') })], 0],
    ['nowhere, since the workspace is gone', [settingOf({ logs: ['group:audit'], workspace: workspaceId('gone') })], 0],
    ['to a workspace out of sight', [settingOf({ logs: ['group:audit'], workspace: workspaceId('soc', unseen) })], outOfSight],
  ])('sees that required logs go %s', (_, settings, reach) => {
    expect(reachIn(withSettings(...settings))).toEqual([reach])
  })
  it('tells what is in sight and does not say whether it takes the log from what is out of sight', () => {
    expect(reachIn({ ...withSettings(settingOf({ logs: ['group:audit'], hub: hubId('siem') })), hubs: { [hubId('siem')]: refused } })).toEqual([untold])
    expect(reachIn({ ...withSettings(settingOf({ logs: ['group:audit'], hub: hubId('siem'), storage: storageId('logs') })), hubs: { [hubId('siem')]: refused } })).toEqual([untold | storage])
    expect(countReach([{ reach: untold, subjects: 2 }, { reach: outOfSight, subjects: 1 }])).toMatchObject({ subjects: 3, untold: 2, unseen: 1, nowhere: 0, onlyStorage: 0 })
  })
  it('tells categories apart', () => {
    const estate = withSettings(settingOf({ logs: ['AuditEvent'], workspace: workspaceId('team') }))
    expect(reachIn(estate, 'AuditEvent')).toEqual([workspace])
    expect(reachIn(estate, 'Metricsish')).toEqual([0])
  })
  it('says nothing of what was refused', () => {
    expect(reachIn({ ...withSettings(), settings: { [vault.id]: refused } })).toEqual([unreadReach])
  })
  it('counts the activity log, Entra and machines', () => {
    const activity = settingOf({ logs: ['Administrative', 'Security', 'Alert', 'Policy', 'ServiceHealth', 'Recommendation', 'Autoscale', 'ResourceHealth'], workspace: workspaceId('central') })
    expect(reachIn({ settings: { [subscriptionId]: [activity] } }, '', 'microsoft.resources/subscriptions')).toEqual([central])
    expect(reachIn({ subscription: null, settings: { [tenantSubjectId]: [] } }, '', 'microsoft.aadiam/tenants')).toEqual([0])
    expect(reachIn({ subscription: null, settings: { [tenantSubjectId]: refused } }, '', 'microsoft.aadiam/tenants')).toEqual([unreadReach])
    expect(reachIn(served({ machine: windowsMachine, rules: [{ windows: ['Security!*'] }] }), '', 'windows-security-events')).toEqual([central])
    expect(reachIn(served({ machine: windowsMachine, agent: null }), '', 'windows-security-events')).toEqual([0])
  })
  it('counts each subject once among all, in as many places as it reaches', () => {
    const rows: Pick<LogReachRow, 'reach' | 'subjects'>[] = [{ reach: central | sentinel, subjects: 3 }, { reach: storage, subjects: 2 }, { reach: 0, subjects: 4 }, { reach: unreadReach, subjects: 1 }, { reach: eventHub | storage, subjects: 5 }]
    expect(countReach(rows)).toMatchObject({ subjects: 15, central: 3, sentinel: 3, eventHub: 5, onlyStorage: 2, nowhere: 4, unread: 1, workspace: 0 })
  })
})

describe('the sources that Microsoft’s guide names', () => {
  it.each(namedSources.map((source) => [source.name, source] as const))('%s are known types and checks', (_, { sources, checks = [], note }) => {
    for (const check of checks) expect(findCheck(check)?.id).toBe(check)
    expect(sources.length + checks.length).toBeGreaterThan(0)
    const known = (source: string): boolean => loadCatalog().type(source) !== undefined || /^(?:microsoft\.(?:resources|management|aadiam)\/|windows-|linux-)/.test(source)
    // What has no log categories says why.
    if (!sources.some(known)) expect(`${note ?? ''}${checks.join('')}`).not.toBe('')
  })
})
