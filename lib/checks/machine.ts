import type { CheckContext, Subject } from '@/lib/domain/check'
import { dayMs } from '@/lib/domain/day'
import type { Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { managingService } from './managing-service'
import { unreadJudgement } from './unread'

export type MachineKind = 'virtual machine' | 'scale set' | 'Arc machine'
export type OperatingSystem = 'Windows' | 'Linux'

export interface Extension {
  name: string
  publisher: string
  type: string
  /** Null: Azure did not say, as in a scale set's model. */
  provisioningState: string | null
  realtimeProtection: boolean | null
  /** True: its settings name the identity that it signs in with. */
  namesIdentity: boolean
}

export interface Machine {
  id: string
  name: string
  kind: MachineKind
  /** Null: neither the machine nor its agent tells. */
  os: OperatingSystem | null
  /** `None`, `SystemAssigned`, `UserAssigned` or both; null: not read. An Arc machine always has its own. */
  identity: string | null
  extensions: Extension[]
}

/** Asked of a machine that somebody here answers for; or what to say instead. */
export type MachineQuestion = { machine: Machine } | { judgement: Judgement }

const kinds: Readonly<Record<string, MachineKind>> = {
  'microsoft.compute/virtualmachines': 'virtual machine',
  'microsoft.compute/virtualmachinescalesets': 'scale set',
  'microsoft.hybridcompute/machines': 'Arc machine',
}

/** The resource types that are machines, for a check's `asks`. */
export const machineTypes: readonly string[] = Object.keys(kinds)

/** The actions that list machines and their extensions. */
export const machinePermissions = [
  'Microsoft.Compute/virtualMachines/read',
  'Microsoft.Compute/virtualMachineScaleSets/read',
  'Microsoft.HybridCompute/machines/read',
] as const

/** Days after which what is known of a machine that does not report says nothing any more. */
const staleAfterDays = 7

/** The machine whose agents to judge; undefined for every other subject. A scale set answers for the instances that it gives the agent. */
export function askMachine(subject: Subject, context: CheckContext): MachineQuestion | undefined {
  const kind = kindOf(subject)
  if (kind === undefined || subject.kind !== 'resource') return undefined
  const { resource } = subject
  return outOfHand(resource, context) ?? coveredBySets(resource, kind, context) ?? staleArc(resource, context) ?? { machine: toMachine(resource, kind, context) }
}

/** The machine that guest configuration looks into: one by one, so that scale sets are not asked and their instances are. */
export function askGuest(subject: Subject, context: CheckContext): MachineQuestion | undefined {
  const kind = kindOf(subject)
  if (kind === undefined || kind === 'scale set' || subject.kind !== 'resource') return undefined
  const { resource } = subject
  return outOfHand(resource, context) ?? staleArc(resource, context) ?? { machine: toMachine(resource, kind, context) }
}

/** The machine whose protection to judge: uniform scale sets by their model, instances of flexible ones each. */
export function askProtected(subject: Subject, context: CheckContext): MachineQuestion | undefined {
  const kind = kindOf(subject)
  if (kind !== 'scale set' || subject.kind !== 'resource') return askGuest(subject, context)
  const { resource } = subject
  if (!isFlexible(resource)) return askMachine(subject, context)
  return outOfHand(resource, context) ?? notApplicable('The instances of a flexible scale set are virtual machines of their own, and each is judged.')
}

function kindOf(subject: Subject): MachineKind | undefined {
  return subject.kind === 'resource' ? kinds[subject.resource.type] : undefined
}

/** What nobody here can see, or answers for. */
function outOfHand(resource: Resource, context: CheckContext): MachineQuestion | undefined {
  // What is stored of a subscription out of sight is of an earlier scan.
  if (!context.estate.destinations.canSee(resource.subscriptionId)) {
    const read = context.estate.fact(resource.id, 'rule-associations')
    return { judgement: unreadJudgement('The machine and its extensions', read?.ok ? undefined : read, 'Microsoft.Resources/subscriptions/resources/read') }
  }
  const owner = ownerOf(resource)
  return owner === null ? undefined : notApplicable(`This machine belongs to ${owner}, which runs it.`)
}

function coveredBySets(resource: Resource, kind: MachineKind, context: CheckContext): MachineQuestion | undefined {
  if (kind === 'scale set' && isFlexible(resource) && monitorAgent(toMachine(resource, kind, context)) === undefined) {
    return notApplicable('The instances of a flexible scale set are virtual machines of their own, and each is judged.')
  }
  if (kind === 'scale set' && !hasProfile(resource)) return notApplicable('The scale set has no machine profile: machines are added to it one by one, and each is judged.')
  const set = coveringSet(resource, context)
  return set && notApplicable(`An instance of the scale set ${set.name}, which is judged for all its instances.`)
}

function notApplicable(reason: string): MachineQuestion {
  return { judgement: { verdict: 'not-applicable', reason } }
}

function ownerOf(resource: Resource): string | null {
  const owner = managingService(resource)
  if (owner !== null) return `${owner.name} (${owner.type})`
  if (resource.managedBy === '') return null
  // The group's owner is not always readable, but the names that AKS (MC_group_cluster_region) and Databricks give are their own.
  if (/^mc_.+_.+_.+$/i.test(resource.resourceGroup)) return 'an AKS cluster'
  return /^databricks-rg-/i.test(resource.resourceGroup) ? 'a Databricks workspace' : null
}

function isFlexible(set: Resource): boolean {
  return textAt(set.properties, 'orchestrationMode').toLowerCase() === 'flexible'
}

function hasProfile(set: Resource): boolean {
  return at(set.properties, 'virtualMachineProfile') !== undefined
}

/** The scale set that brings the agent to this instance, when it does. */
function coveringSet(resource: Resource, context: CheckContext): Resource | undefined {
  const id = textAt(resource.properties, 'virtualMachineScaleSet', 'id')
  const set = id === '' ? undefined : context.estate.resource(id)
  return set !== undefined && (!isFlexible(set) || monitorAgent(toMachine(set, 'scale set', context)) !== undefined) && hasProfile(set) ? set : undefined
}

/** An Arc machine that lost its connection long ago: its agents may have changed since. */
function staleArc(resource: Resource, context: CheckContext): MachineQuestion | undefined {
  const status = textAt(resource.properties, 'status')
  if (resource.type !== 'microsoft.hybridcompute/machines' || !/^(disconnected|expired)$/i.test(status)) return undefined
  const since = Date.parse(textAt(resource.properties, 'lastStatusChange'))
  if (status.toLowerCase() === 'disconnected' && Date.parse(context.scannedAt) - since < staleAfterDays * dayMs) return undefined
  return {
    judgement: {
      verdict: 'unknown',
      reasonCode: 'not-onboarded',
      reason: `The Arc agent is ${status.toLowerCase()}${Number.isNaN(since) ? '' : ` since ${new Date(since).toISOString().slice(0, 10)}`}, so that nothing certain is known of this machine.`,
      evidence: { status, lastStatusChange: Number.isNaN(since) ? null : new Date(since).toISOString() },
    },
  }
}

function toMachine(resource: Resource, kind: MachineKind, context: CheckContext): Machine {
  const extensions = kind === 'scale set' ? profileExtensions(resource) : childExtensions(resource, context)
  const path = kind === 'Arc machine' ? ['osType'] : kind === 'scale set' ? ['virtualMachineProfile', 'storageProfile', 'osDisk', 'osType'] : ['storageProfile', 'osDisk', 'osType']
  const identity = kind === 'Arc machine' ? 'SystemAssigned' : textAt(resource.properties, 'identity', 'type') || null
  return { id: resource.id, name: resource.name, kind, os: toSystem(textAt(resource.properties, ...path)) ?? systemOfAgent(extensions), identity, extensions }
}

function toSystem(text: string): OperatingSystem | null {
  const word = text.toLowerCase()
  return word === 'windows' ? 'Windows' : word === 'linux' ? 'Linux' : null
}

function systemOfAgent(extensions: readonly Extension[]): OperatingSystem | null {
  const agent = extensions.find(isMonitorAgent)
  if (agent === undefined) return null
  return /windows/i.test(agent.type) ? 'Windows' : 'Linux'
}

function childExtensions(resource: Resource, context: CheckContext): Extension[] {
  return context.estate
    .childrenOf(resource.id)
    .filter((child) => child.type === `${resource.type}/extensions`)
    .map((child) => toExtension(child.name.split('/').at(-1) ?? child.name, child.properties))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
}

function profileExtensions(set: Resource): Extension[] {
  const list = at(set.properties, 'virtualMachineProfile', 'extensionProfile', 'extensions')
  return Array.isArray(list) ? list.map((each: unknown) => toExtension(textAt(each, 'name'), at(each, 'properties'))) : []
}

function toExtension(name: string, properties: unknown): Extension {
  const realtime = at(properties, 'settings', 'RealtimeProtectionEnabled')
  return {
    name,
    publisher: textAt(properties, 'publisher'),
    type: textAt(properties, 'type'),
    provisioningState: textAt(properties, 'provisioningState') || null,
    realtimeProtection: realtime === undefined || realtime === null ? null : String(realtime).toLowerCase() === 'true',
    namesIdentity: textAt(properties, 'settings', 'authentication', 'managedIdentity', 'identifier-value') !== '',
  }
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((outer, name) => (isRecord(outer) ? outer[name] : undefined), value)
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

function textAt(value: unknown, ...path: string[]): string {
  const found = at(value, ...path)
  return typeof found === 'string' ? found : ''
}

/** Publishers and types are compared in any casing, as Azure does. */
function isOf(extension: Extension, publisher: string, types: readonly string[]): boolean {
  return extension.publisher.toLowerCase() === publisher && types.includes(extension.type.toLowerCase())
}

function isMonitorAgent(extension: Extension): boolean {
  return isOf(extension, 'microsoft.azure.monitor', ['azuremonitorwindowsagent', 'azuremonitorlinuxagent'])
}

/** The Azure Monitor agent, in whatever state. */
export function monitorAgent(machine: Machine): Extension | undefined {
  return machine.extensions.find(isMonitorAgent)
}

/** The retired Log Analytics agents on the machine. */
export function legacyAgents(machine: Machine): Extension[] {
  return machine.extensions.filter((each) => isOf(each, 'microsoft.enterprisecloud.monitoring', ['microsoftmonitoringagent', 'omsagentforlinux']))
}

/** The extension that onboards the machine to Defender for Endpoint, when it was provisioned. */
export function defenderForEndpoint(machine: Machine): Extension | undefined {
  return machine.extensions.find((each) => isOf(each, 'microsoft.azure.azuredefenderforservers', ['mde.windows', 'mde.linux']) && isProvisioned(machine, each))
}

/** Microsoft Antimalware with real-time protection on. */
export function antimalware(machine: Machine): Extension | undefined {
  return machine.extensions.find((each) => isOf(each, 'microsoft.azure.security', ['iaasantimalware']) && each.realtimeProtection === true && isProvisioned(machine, each))
}

/** A scale set's model carries no state: being in it is what can be asked for. */
function isProvisioned(machine: Machine, { provisioningState }: Extension): boolean {
  return (provisioningState ?? (machine.kind === 'scale set' ? 'succeeded' : '')).toLowerCase() === 'succeeded'
}

export type AgentState = 'works' | 'failed' | 'changing' | 'absent' | 'no-identity' | 'unclear-identity' | 'unread-identity'

/**
 * Whether the Azure Monitor agent was brought to the machine, and has an identity to sign in with. A scale set's model carries no state: being in it is what
 * can be asked for.
 */
export function agentState(machine: Machine): AgentState {
  const agent = monitorAgent(machine)
  if (agent === undefined) return 'absent'
  const state = agent.provisioningState?.toLowerCase() ?? (machine.kind === 'scale set' ? 'succeeded' : '')
  if (state === 'succeeded') return identityState(machine, agent)
  return state === 'failed' || state === 'canceled' ? 'failed' : 'changing'
}

/**
 * The agent asks the machine for a token: without settings by the system-assigned identity. With user-assigned ones alone its settings must name one
 * (https://learn.microsoft.com/azure/azure-monitor/agents/azure-monitor-agent-requirements#permissions); what it does otherwise is not documented.
 */
function identityState({ identity }: Machine, agent: Extension): AgentState {
  if (identity === null) return 'unread-identity'
  const kinds = identity.toLowerCase().split(',').map((kind) => kind.trim())
  const [system, user] = [kinds.includes('systemassigned'), kinds.includes('userassigned')]
  if (!system && !user) return 'no-identity'
  return (agent.namesIdentity ? user : system) ? 'works' : 'unclear-identity'
}

/** The verdict of every check that needs the agent where it is not at work. */
export function withoutAgent(machine: Machine, state: Exclude<AgentState, 'works'>): Judgement {
  if (state === 'unread-identity') return { verdict: 'unknown', reasonCode: 'api-error', reason: 'Whether the machine has an identity that its agent can sign in with was not read in this scan.', evidence: machineEvidence(machine) }
  if (state === 'unclear-identity') {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'Whether anything is collected from this machine is not told: the identity that its agent signs in with is not clear, which the check of the agent reports.', evidence: machineEvidence(machine) }
  }
  const why = { failed: 'its agent failed to install', changing: 'its agent is not settled', absent: 'it has no agent', 'no-identity': 'its agent has no managed identity to sign in with' }[state]
  return { verdict: 'unknown', reasonCode: 'not-onboarded', reason: `Nothing is collected from this machine: ${why}, which the check of the agent judges.`, evidence: machineEvidence(machine) }
}

/** What kind of machine a finding speaks of; its remediation is filled in from it. */
export function kindEvidence({ kind, os }: Machine): Record<string, unknown> {
  return { machine: { kind, os } }
}

/** The machine and its extensions, for evidence. */
export function machineEvidence(machine: Machine): Record<string, unknown> {
  return {
    machine: { kind: machine.kind, os: machine.os, identity: machine.identity },
    extensions: machine.extensions.map(({ name, publisher, type, provisioningState }) => ({ name, publisher, type, provisioningState })),
  }
}
