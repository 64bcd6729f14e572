import { eventHubNamespaceOf, nameOf, subscriptionIdOf, toResourceKey, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext, DestinationKind } from '@/lib/domain/check'
import type { DiagnosticSetting, Workspace } from '@/lib/domain/estate'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import type { CentralWorkspaces } from '@/lib/domain/policy'
import type { ReasonCode } from '@/lib/domain/verdict'
import { memoByScan } from './context-memo'
import { asSettingFindsIt, eventHubPermissions, namespaceState } from './event-hub'
import { transformationsRead } from './workspace-transformation'

/**
 * `live`: found and taking data. `approved`: out of our sight, or whether it takes data is, and vouched for by the policy. `deleted`: its subscription is
 * readable and it is not there. `not-ready`: found, but not provisioned. `closed`: found, but its firewall keeps out the services that write logs.
 * `unreadable`: in a subscription that we cannot see. `unclear`: found, but whether it takes the rows in question is not told. `filtered`: takes data, but
 * whether a transformation keeps these rows is not told.
 */
export type DestinationState = 'live' | 'approved' | 'deleted' | 'not-ready' | 'closed' | 'unreadable' | 'unclear' | 'filtered'

export interface Destination {
  key: ResourceKey
  /** As the setting wrote it; for an event hub the namespace, without its authorization rule. */
  id: string
  kind: DestinationKind
  state: DestinationState
  workspace: Workspace | undefined
  /** Of one in the state `unclear` or `filtered`. */
  unclear?: UnclearKeeping
}

/** Why it is not told whether a destination keeps some rows. */
export interface UnclearKeeping {
  reasonCode: ReasonCode
  /** A sentence. */
  why: string
  permission?: string
  /** Id of what that permission is wanted on. */
  refusedOn?: string
}

/** Evidence of what could not be read, which may lie in another subscription than what is judged. */
export function refusalEvidence({ permission, refusedOn }: Pick<UnclearKeeping, 'permission' | 'refusedOn'>): Evidence {
  return permission === undefined || refusedOn === undefined ? {} : { refusedOn }
}

/** The verdict where that decides. `lead`: a sentence that comes first. */
export function unclearJudgement(lead: string, unclear: UnclearKeeping, evidence: Evidence = {}): Extract<Judgement, { verdict: 'unknown' }> {
  const { reasonCode, why, permission } = unclear
  return { verdict: 'unknown', reasonCode, reason: `${lead} ${why}`, evidence: { ...evidence, ...refusalEvidence(unclear) }, ...(permission !== undefined && { permission }) }
}

/** True when logs sent there are kept by something that we know to exist. */
export function counts(destination: Destination): boolean {
  return destination.state === 'live' || destination.state === 'approved'
}

/** True for a destination that exists, of which it is not told whether it takes and keeps the logs. */
export function isUntold({ state }: Destination): boolean {
  return state === 'unclear' || state === 'filtered'
}

/** True when logs sent there are kept, or may be by something that exists. */
export function mayKeep(destination: Destination): boolean {
  return counts(destination) || isUntold(destination)
}

const approvedKeys = memoByScan(
  ({ policy }) => new Set([...policy.approvedDestinations, ...(policy.approvedWorkspaces ?? [])].map((id) => toDestinationKey(id))),
)

function namespaceOf(id: string): string {
  return eventHubNamespaceOf(id) ?? id
}

function toDestinationKey(id: string): ResourceKey {
  return toResourceKey(/\/providers\/microsoft\.eventhub\//i.test(id) ? namespaceOf(id) : id)
}

function byFirewall(key: ResourceKey, { estate: { destinations } }: CheckContext): Pick<Destination, 'state' | 'unclear'> {
  switch (destinations.firewallOf(key)) {
    case 'open': return { state: 'live' }
    case 'closed': return { state: 'closed' }
    case 'unclear': return { state: 'unclear', unclear: { reasonCode: 'unsupported', why: `The storage account ${nameOf(key)} is closed to public networks and makes no exception for services of Azure, while its rules let everybody in: which of them holds is not told.` } }
  }
}

/** The user's word stands for what Azure does not tell; it does not open a firewall, nor bring back what is deleted. */
function vouchedFor<T extends Pick<Destination, 'state' | 'unclear'>>(found: T, key: ResourceKey, context: CheckContext): T {
  return found.unclear && approvedKeys(context).has(key) ? { ...found, state: 'approved', unclear: undefined } : found
}

// An updating workspace keeps taking data; an empty state comes from answers that leave it out.
const takesData = new Set(['succeeded', 'updating', ''])

function stateOf(key: ResourceKey, kind: DestinationKind, workspace: Workspace | undefined, context: CheckContext): Pick<Destination, 'state' | 'unclear'> {
  const { destinations } = context.estate
  if (kind === 'workspace') {
    if (workspace) return { state: takesData.has(workspace.provisioningState.toLowerCase()) ? 'live' : 'not-ready' }
  } else if (destinations.exists(key)) {
    return vouchedFor(kind === 'event-hub' ? namespaceState(key, context) : byFirewall(key, context), key, context)
  }
  const subscriptionId = subscriptionIdOf(key)
  if (subscriptionId !== null && destinations.canSee(subscriptionId)) return { state: 'deleted' }
  return { state: approvedKeys(context).has(key) ? 'approved' : 'unreadable' }
}

const destinationsOf = memoByScan(() => new Map<string, Destination>())

/** The destination that an id names, in the casing of whoever names it. */
export function destinationOf(writtenId: string, kind: DestinationKind, context: CheckContext): Destination {
  const known = destinationsOf(context)
  const found = known.get(writtenId)
  if (found) return found
  const id = kind === 'event-hub' ? namespaceOf(writtenId) : writtenId
  const key = toResourceKey(id)
  const workspace = kind === 'workspace' ? context.estate.destinations.workspace(id) : undefined
  const destination = { key, id, kind, workspace, ...stateOf(key, kind, workspace, context) }
  known.set(writtenId, destination)
  return destination
}

/** Where one setting sends, at most one destination of each kind. */
export function destinationsOfSetting(setting: DiagnosticSetting, context: CheckContext): Destination[] {
  const found: Destination[] = []
  if (setting.workspaceId) found.push(destinationOf(setting.workspaceId, 'workspace', context))
  if (setting.storageAccountId) found.push(destinationOf(setting.storageAccountId, 'storage-account', context))
  if (setting.eventHubAuthorizationRuleId) {
    const namespace = destinationOf(setting.eventHubAuthorizationRuleId, 'event-hub', context)
    found.push(vouchedFor(asSettingFindsIt(namespace, setting, context), namespace.key, context))
  }
  if (setting.marketplacePartnerId) found.push(destinationOf(setting.marketplacePartnerId, 'partner', context))
  return found
}

const centralKeys = new WeakMap<CentralWorkspaces, ReadonlySet<ResourceKey>>()

function keysOfCentral(central: CentralWorkspaces): ReadonlySet<ResourceKey> {
  const known = centralKeys.get(central)
  if (known) return known
  const keys = new Set(central.ids.map(toResourceKey))
  centralKeys.set(central, keys)
  return keys
}

/**
 * True for a central workspace, and for every destination that the policy approves: what stands behind an event hub, or in
 * a workspace out of sight, only the user can state.
 */
export function isCentral(destination: Destination, context: CheckContext): boolean {
  return isCentralWorkspace(destination, context) || approvedKeys(context).has(destination.key)
}

/** True for one of the central workspaces themselves. */
export function isCentralWorkspace({ key }: Destination, context: CheckContext): boolean {
  return keysOfCentral(context.estate.destinations.central).has(key)
}

/** True when the policy names this destination. */
export function isApproved(id: string, context: CheckContext): boolean {
  return approvedKeys(context).has(toDestinationKey(id))
}

/** True when an unreadable destination may still turn out to be central, which is only while nobody has confirmed which ones are, and for a central one that may not keep what is asked. */
export function mayBeCentral(destination: Destination, context: CheckContext): boolean {
  if (isUntold(destination)) return isCentral(destination, context)
  return destination.state === 'unreadable' && context.estate.destinations.central.basis !== 'confirmed'
}

const kindWords: Record<DestinationKind, string> = {
  workspace: 'workspace',
  'storage-account': 'storage account',
  'event-hub': 'event hub namespace',
  partner: 'partner solution',
}

export function kindInWords(kind: DestinationKind): string {
  return kindWords[kind]
}

/** The Azure action whose grant would let us see a destination of this kind. */
export const readActionOf: Record<DestinationKind, string> = {
  workspace: 'Microsoft.OperationalInsights/workspaces/read',
  'storage-account': 'Microsoft.Storage/storageAccounts/read',
  'event-hub': 'Microsoft.EventHub/namespaces/read',
  partner: 'Microsoft.Resources/subscriptions/resources/read',
}

/** The actions that tell whether what diagnostic settings send is kept where it goes. */
export const destinationPermissions: readonly string[] = [...Object.values(readActionOf), ...eventHubPermissions, transformationsRead]
