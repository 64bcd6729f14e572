import type { AlertExport, Alerting } from '@/lib/domain/alerting'
import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, DestinationKind } from '@/lib/domain/check'
import type { Collected } from '@/lib/domain/collected'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import type { SentinelConnector } from '@/lib/domain/sentinel'
import { memoByContext, memoByScan } from './context-memo'
import { counts, destinationOf, destinationPermissions, readActionOf, unclearJudgement } from './destination'
import { bringsXdrIncidents, connectorsPermission, sentinelWorkspaces } from './sentinel'
import { unreadJudgement } from './unread'
import { ruleFailure } from './unread-rules'

type Unknown = Extract<Judgement, { verdict: 'unknown' }>

/** Where the alerts that Defender raises in a subscription go. */
export interface DefenderDelivery {
  /** What takes them, in words that follow "by"; null: nothing that can be seen. */
  by: string | null
  /** The workspace whose connector takes what Defender XDR knows: alerts of Defender for Endpoint for certain. */
  xdr: string | null
  /** The workspace whose connector takes alerts of Defender for Endpoint, and of nothing else. */
  endpoint: string | null
  /** Why an export or connector that is there takes nothing, in words. */
  faults: string[]
  /** What could not be read, and may take them. */
  unread: Unknown | null
  /** Connectors that could not be read, where one may be for Defender XDR or Defender for Endpoint. */
  unreadConnectors: Unknown | null
  evidence: Evidence
}

const exportPermission = 'Microsoft.Security/automations/read'
export const defenderDeliveryPermissions = [exportPermission, 'Microsoft.SecurityInsights/onboardingStates/read', connectorsPermission, ...destinationPermissions] as const

/** The connectors of every Sentinel in sight, or why they could not be read. */
const connectors = memoByScan((context: CheckContext): { known: (SentinelConnector & { workspace: string })[]; unread: Unknown | null } => {
  const sentinel = sentinelWorkspaces(context)
  const known: (SentinelConnector & { workspace: string })[] = []
  let unread: Unknown | null = sentinel.unread[0]?.unread ?? null
  for (const workspace of sentinel.onboarded) {
    const read = context.estate.fact(workspace, 'sentinel-connectors')
    if (read?.ok) known.push(...read.value.map((connector) => ({ ...connector, workspace })))
    else unread ??= unreadJudgement(`The connectors of Sentinel on ${nameOf(workspace)}`, read, connectorsPermission)
  }
  return { known, unread }
})

/** The connector of Defender for Endpoint alone, from before Defender XDR had one. */
function bringsEndpointAlerts({ kind, dataTypes }: SentinelConnector): boolean {
  return kind.toLowerCase() === 'microsoftdefenderadvancedthreatprotection' && dataTypes.includes('alerts')
}

type Verdict = { takes: true } | { takes: false; why: string } | { takes: null; unread: Unknown }

function judgeExport({ id, enabled, scopes, severities, workspaceIds, eventHubIds }: AlertExport, subscriptionId: string, context: CheckContext): Verdict | undefined {
  const own = toResourceKey(subscriptionId)
  const keys = scopes.map(toResourceKey)
  if (!keys.some((key) => key === own || key.startsWith(`${own}/`))) return undefined
  const not = (why: string): Verdict => ({ takes: false, why: `the export ${nameOf(id)} ${why}` })
  if (!enabled) return not('is switched off')
  if (!keys.includes(own)) return not('takes a part of the subscription alone')
  if (severities !== null && !severities.includes('high')) return not('leaves alerts of severity High out')
  const named: [DestinationKind, string][] = [...workspaceIds.map((each): [DestinationKind, string] => ['workspace', each]), ...eventHubIds.map((each): [DestinationKind, string] => ['event-hub', each])]
  if (named.length === 0) return not('sends to no workspace or event hub')
  const destinations = named.map(([kind, each]) => destinationOf(each, kind, context))
  if (destinations.some(counts)) return { takes: true }
  const unseen = destinations.find(({ state }) => state === 'unreadable')
  const unclear = destinations.find((each) => each.unclear)?.unclear
  if (unseen === undefined && unclear) {
    return { takes: null, unread: unclearJudgement(`Whether what the export ${nameOf(id)} sends to takes it is not told.`, unclear) }
  }
  if (unseen === undefined) return not(destinations.some(({ state }) => state === 'closed') ? 'sends to what keeps it out by its firewall' : 'sends to what no longer exists')
  return {
    takes: null,
    unread: { verdict: 'unknown', reasonCode: 'permission-denied', reason: `The export ${nameOf(id)} sends to ${nameOf(unseen.id)}, which cannot be read.`, permission: readActionOf[unseen.kind], evidence: { refusedOn: unseen.id } },
  }
}

/** Of the subscription that is judged; null in the tenant's part. */
export const defenderDelivery = memoByContext((context: CheckContext): DefenderDelivery | null => {
  const { subscription, tenantId } = context.estate
  if (subscription === null) return null
  const own = subscription.subscriptionId.toLowerCase()
  const subscriptionId = `/subscriptions/${own}`
  const { known, unread: unreadConnectors } = connectors(context)
  const defender = known.filter(({ kind, dataTypes, subscriptionId: of }) => {
    const whole = kind.toLowerCase() === 'microsoftdefenderforcloudtenantbased'
    return dataTypes.includes('alerts') && (whole || (kind.toLowerCase() === 'azuresecuritycenter' && of === own))
  })
  const xdr = known.find(bringsXdrIncidents)?.workspace ?? null
  const endpoint = known.find(bringsEndpointAlerts)?.workspace ?? null

  const read = context.estate.fact(`/tenants/${tenantId}`, 'alerting')
  const exports = (read?.ok ? read.value.exports : []).flatMap((each) => {
    const verdict = judgeExport(each, subscriptionId, context)
    return verdict === undefined ? [] : [{ id: each.id, verdict }]
  })
  const working = exports.find(({ verdict }) => verdict.takes === true)
  const by = working ? `the export ${nameOf(working.id)}` : defender[0] ? `Sentinel’s connector on ${nameOf(defender[0].workspace)}` : null
  return {
    by,
    xdr,
    endpoint,
    faults: exports.flatMap(({ verdict }) => (verdict.takes === false ? verdict.why : [])),
    unread: by === null ? (unreadExports(read, own) ?? exports.flatMap(({ verdict }) => (verdict.takes === null ? verdict.unread : []))[0] ?? unreadConnectors) : null,
    unreadConnectors,
    evidence: {
      exports: exports.map(({ id, verdict }) => ({ id, says: verdict.takes === true ? 'takes alerts' : verdict.takes === false ? verdict.why : verdict.unread.reason })),
      connectors: [
        ...defender.map(({ kind, workspace }) => ({ kind, workspace })),
        ...(xdr === null ? [] : [{ kind: 'MicrosoftThreatProtection', workspace: xdr }]),
        ...(endpoint === null ? [] : [{ kind: 'MicrosoftDefenderAdvancedThreatProtection', workspace: endpoint }]),
      ],
    },
  }
})

function unreadExports(read: Collected<Alerting> | undefined, own: string): Unknown | null {
  if (!read?.ok) return unreadJudgement('The exports of Defender for Cloud', read, exportPermission)
  if (read.value.covered.includes(own)) return null
  const failure = ruleFailure(read.value, own)
  if (failure !== undefined) return unreadJudgement('The exports of Defender for Cloud', failure, exportPermission)
  return { verdict: 'unknown', reasonCode: 'permission-denied', reason: 'The exports of the subscription are not in sight.', permission: exportPermission, evidence: { read: { source: 'Resource Graph' } } }
}
