import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import type { SentinelConnector, SentinelRule } from '@/lib/domain/sentinel'
import { memoByScan } from './context-memo'
import { destinationOf } from './destination'
import { unreadJudgement } from './unread'

type Unknown = Extract<Judgement, { verdict: 'unknown' }>

/** Whether Sentinel is onboarded to a workspace. */
export type SentinelState = { state: 'onboarded' } | { state: 'absent' } | { state: 'unread'; unread: Unknown }

export const onboardingPermission = 'Microsoft.SecurityInsights/onboardingStates/read'
export const rulesPermission = 'Microsoft.SecurityInsights/alertRules/read'
export const connectorsPermission = 'Microsoft.SecurityInsights/dataConnectors/read'
export const incidentsPermission = 'Microsoft.SecurityInsights/incidents/read'

/** What is stored of a workspace out of sight is of an earlier scan, and says nothing. */
export function sentinelOn(workspaceId: string, context: CheckContext): SentinelState {
  const { state } = destinationOf(workspaceId, 'workspace', context)
  if (state === 'deleted') return { state: 'absent' }
  if (state === 'unreadable' || state === 'approved') {
    return {
      state: 'unread',
      unread: {
        verdict: 'unknown',
        reasonCode: 'permission-denied',
        reason: `Whether Sentinel is on ${nameOf(workspaceId)} cannot be told: the workspace is not in sight.`,
        evidence: { workspace: workspaceId, state },
        permission: onboardingPermission,
      },
    }
  }
  const read = context.estate.fact(workspaceId, 'sentinel-onboarding')
  if (read?.ok) return { state: read.value.onboarded ? 'onboarded' : 'absent' }
  if (read?.reason === 'gone') return { state: 'absent' }
  return { state: 'unread', unread: unreadJudgement(`The onboarding of Sentinel to ${nameOf(workspaceId)}`, read, onboardingPermission) }
}

/** Workspaces with Sentinel, and those of which that could not be read; a workspace that nothing is sent to is not asked. */
export const sentinelWorkspaces = memoByScan((context: CheckContext): { onboarded: string[]; unread: { id: string; unread: Unknown }[] } => {
  const { central, workspaceIds } = context.estate.destinations
  const ids = new Map([...workspaceIds, ...central.ids].map((id) => [toResourceKey(id), id]))
  const found: ReturnType<typeof sentinelWorkspaces> = { onboarded: [], unread: [] }
  for (const [, id] of [...ids].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (context.estate.fact(id, 'sentinel-onboarding') === undefined && !central.ids.some((one) => toResourceKey(one) === toResourceKey(id))) continue
    const sentinel = sentinelOn(id, context)
    if (sentinel.state === 'onboarded') found.onboarded.push(id)
    else if (sentinel.state === 'unread') found.unread.push({ id, unread: sentinel.unread })
  }
  return found
})

/** Fusion correlates alerts; in the Defender portal Defender XDR does that in its place, which shows as its connector. */
export function correlation(rules: readonly SentinelRule[], connectors: readonly SentinelConnector[] | undefined): 'fusion' | 'defender-xdr' | 'none' {
  if (rules.some(({ kind, enabled }) => enabled && kind.toLowerCase() === 'fusion')) return 'fusion'
  return connectors?.some(bringsXdrIncidents) ? 'defender-xdr' : 'none'
}

/** True for the connector of Defender XDR that brings incidents or alerts. */
export function bringsXdrIncidents({ kind, dataTypes }: SentinelConnector): boolean {
  return kind.toLowerCase() === 'microsoftthreatprotection' && (dataTypes.includes('incidents') || dataTypes.includes('alerts'))
}

/** Rules by kind, with how many of them are on: what a finding shows of them. */
export function rulesEvidence(rules: readonly SentinelRule[]): Record<string, { enabled: number; disabled: number }> {
  const kinds = new Map<string, { enabled: number; disabled: number }>()
  for (const { kind, enabled } of rules) {
    const counted = kinds.get(kind) ?? { enabled: 0, disabled: 0 }
    counted[enabled ? 'enabled' : 'disabled'] += 1
    kinds.set(kind, counted)
  }
  return Object.fromEntries([...kinds].sort(([a], [b]) => (a < b ? -1 : 1)))
}
