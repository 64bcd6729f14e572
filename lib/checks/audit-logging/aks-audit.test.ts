import { describe } from 'vitest'
import type { EstateLiteral } from '../testing/estate-builder'
import { liveOf, refused, resourceOf, settingOf, unseen, workspaceId, type SettingLiteral } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const central = workspaceId('central')
const plain = resourceOf('Microsoft.ContainerService/managedClusters', 'aks')
const withEntra = { ...plain, properties: { aadProfile: { managed: true } } }

function cluster(settings: SettingLiteral[], resource = plain, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return { estate: { resources: [resource], settings: { [resource.id]: settings.map(settingOf) }, ...more }, of: resource.id }
}

const cases: JudgedCase[] = [
  { because: 'kube-audit is enough', ...cluster([{ logs: ['kube-audit'], workspace: central }]), verdict: 'pass', severity: 'high' },
  { because: 'kube-audit-admin, the same without reads, is enough', ...cluster([{ logs: ['kube-audit-admin'], workspace: central }]), verdict: 'pass' },
  { because: 'allLogs holds them', ...cluster([{ logs: ['group:allLogs'], workspace: central }], withEntra), verdict: 'pass' },
  { because: 'guard is asked when people sign in by Entra', ...cluster([{ logs: ['kube-audit'], workspace: central }], withEntra), verdict: 'fail', says: 'guard is sent nowhere, while kube-audit is' },
  { because: 'guard completes it', ...cluster([{ logs: ['kube-audit-admin', 'guard'], workspace: central }], withEntra), verdict: 'pass' },
  { because: 'guard by another setting completes it', ...cluster([{ name: 'a', logs: ['kube-audit'], workspace: central }, { name: 'b', logs: ['guard'], workspace: central }], withEntra), verdict: 'pass' },
  { because: 'the API server’s own log is no audit log', ...cluster([{ logs: ['kube-apiserver'], workspace: central }]), verdict: 'fail', says: 'kube-audit or kube-audit-admin' },
  { because: 'nothing is logged', ...cluster([]), verdict: 'fail' },
  { because: 'both are off', ...cluster([{ logs: ['-kube-audit', '-kube-audit-admin'], workspace: central }]), verdict: 'fail' },
  { because: 'the audit group is on and nobody tells what it holds', ...cluster([{ logs: ['group:audit'], workspace: central }]), verdict: 'unknown', reasonCode: 'unsupported' },
  { because: 'Azure tells that the audit group holds kube-audit', ...cluster([{ logs: ['group:audit'], workspace: central }], plain, { live: { [plain.type]: liveOf(plain.type, { 'kube-audit': ['audit'], 'kube-audit-admin': ['audit'], guard: ['audit'] }) } }), verdict: 'pass' },
  { because: 'they go only to an unseen subscription', ...cluster([{ logs: ['kube-audit'], workspace: workspaceId('soc', unseen) }]), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the settings were refused', estate: { resources: [plain], settings: { [plain.id]: refused } }, of: plain.id, verdict: 'unknown', reasonCode: 'permission-denied' },
]

describe('aks-audit', () => judgedCases('aks-audit', cases))
describe('resource-audit-logs of AKS', () => {
  const live = { [plain.type]: liveOf(plain.type, { 'kube-audit': ['audit'], 'kube-audit-admin': ['audit'], guard: ['audit'] }) }
  judgedCases('resource-audit-logs', [
    { because: 'kube-audit need not be doubled by kube-audit-admin, though both are in the audit group', ...cluster([{ logs: ['kube-audit'], workspace: central }], plain, { live }), verdict: 'pass' },
    { because: 'the policy may ask for more', ...cluster([{ logs: ['kube-audit-admin'], workspace: central }], plain, { policy: { requiredCategories: { [plain.type]: ['kube-audit'] } } }), verdict: 'fail' },
  ])
})
