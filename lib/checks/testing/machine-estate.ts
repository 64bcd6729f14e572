import type { Collected } from '@/lib/domain/collected'
import type { CollectionRule, Resource, RuleAssociation } from '@/lib/domain/estate'
import type { EstateLiteral } from './estate-builder'
import { idOf, resourceOf, workspaceId } from './literals'

/** Machines for tests of checks, and the rules that serve them. */

export const windowsMachine = resourceOf('Microsoft.Compute/virtualMachines', 'vm-win', { properties: { identity: { type: 'SystemAssigned' }, storageProfile: { osDisk: { osType: 'Windows' } } } })
export const linuxMachine = resourceOf('Microsoft.Compute/virtualMachines', 'vm-lin', { properties: { identity: { type: 'SystemAssigned' }, storageProfile: { osDisk: { osType: 'Linux' } } } })
export const arcMachine = resourceOf('Microsoft.HybridCompute/machines', 'srv-01', { properties: { osType: 'windows', status: 'Connected', lastStatusChange: '2026-07-30T00:00:00Z' } })

export const agents = {
  Windows: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorWindowsAgent' },
  Linux: { publisher: 'Microsoft.Azure.Monitor', type: 'AzureMonitorLinuxAgent' },
  oldWindows: { publisher: 'Microsoft.EnterpriseCloud.Monitoring', type: 'MicrosoftMonitoringAgent' },
  oldLinux: { publisher: 'Microsoft.EnterpriseCloud.Monitoring', type: 'OmsAgentForLinux' },
  defender: { publisher: 'Microsoft.Azure.AzureDefenderForServers', type: 'MDE.Windows' },
  antimalware: { publisher: 'Microsoft.Azure.Security', type: 'IaaSAntimalware' },
} as const

export type AgentName = keyof typeof agents

/** An extension of a machine, provisioned unless told otherwise. */
export function extensionOf(machine: Resource, agent: AgentName, provisioningState: string | null = 'Succeeded'): Resource {
  const { publisher, type } = agents[agent]
  const id = `${machine.id}/extensions/${type}`
  return resourceOf(`${machine.type}/extensions`, `${machine.name}/${type}`, {
    id,
    properties: { publisher, type, ...(provisioningState !== null && { provisioningState }) },
  })
}

export interface SetLiteral {
  os?: 'Windows' | 'Linux'
  mode?: 'Uniform' | 'Flexible'
  agents?: readonly AgentName[]
  /** Of every extension in the model. */
  provisioningState?: string
  /** False: no machine profile. */
  profile?: boolean
  identity?: string
}

export function scaleSet({ os = 'Linux', mode = 'Uniform', agents: names = [], provisioningState, profile = true, identity = 'SystemAssigned' }: SetLiteral = {}): Resource {
  const extensions = names.map((name) => ({ name, properties: { ...agents[name], ...(provisioningState !== undefined && { provisioningState }) } }))
  return resourceOf('Microsoft.Compute/virtualMachineScaleSets', 'vmss-web', {
    properties: { identity: { type: identity }, orchestrationMode: mode, ...(profile && { virtualMachineProfile: { storageProfile: { osDisk: { osType: os } }, extensionProfile: { extensions } } }) },
  })
}

const collectionRuleId = (name: string): string => idOf('Microsoft.Insights/dataCollectionRules', name, undefined, 'rg-logs')

export interface RuleLiteral {
  name?: string
  /** XPath queries of one Windows source. */
  windows?: readonly string[]
  facilities?: readonly string[]
  files?: readonly string[]
  levels?: readonly string[]
  stream?: string
  /** Null: the source has no flow. */
  flowOf?: string | null
  workspace?: string
  transformKql?: string | null
  outputStream?: string
  /** What the flow calls the destination. */
  destination?: string
}

/** A rule that sends one source to the workspace `central` unless the literal says otherwise. */
function ruleOf({
  name = 'dcr', windows, facilities, files, levels = ['Info', 'Notice', 'Warning'], workspace = workspaceId('central'), transformKql = null, outputStream, destination = 'la', ...more
}: RuleLiteral): CollectionRule {
  const stream = more.stream ?? (facilities ? 'Microsoft-Syslog' : files ? 'Custom-Audit_CL' : 'Microsoft-SecurityEvent')
  const flowOf = more.flowOf === undefined ? stream : more.flowOf
  return {
    id: collectionRuleId(name),
    name,
    kind: null,
    windowsEvents: windows ? [{ streams: [stream], xPathQueries: [...windows] }] : [],
    syslog: facilities ? [{ streams: [stream], facilities: [...facilities], levels: [...levels] }] : [],
    logFiles: files ? [{ streams: [stream], filePatterns: [...files] }] : [],
    workspaces: [{ name: 'la', workspaceId: workspace }],
    flows: flowOf === null ? [] : [{ streams: [flowOf], destinations: [destination], transformKql, ...(outputStream !== undefined && { outputStream }) }],
  }
}

const endpointAlone: RuleAssociation = { name: 'configurationAccessEndpoint', ruleId: null, endpointId: idOf('Microsoft.Insights/dataCollectionEndpoints', 'dce') }

export interface ServedMachine {
  machine: Resource
  /** Null: no agent. */
  agent?: AgentName | null
  rules?: readonly RuleLiteral[]
  /** Names of rules that the machine names, with what reading them gave. */
  otherRules?: Readonly<Record<string, Collected<CollectionRule> | undefined>>
  more?: readonly Resource[]
  endpoint?: boolean
}

/** A machine with its agent, and the rules that are associated with it. */
export function served({ machine, agent, rules = [], otherRules = {}, more = [], endpoint = false }: ServedMachine, estate: EstateLiteral = {}): EstateLiteral {
  const isLinux = JSON.stringify(machine.properties).includes('Linux')
  const name = agent === undefined ? (isLinux ? 'Linux' : 'Windows') : agent
  const made = rules.map(ruleOf)
  const others = Object.entries(otherRules)
  const associations = [
    ...[...made.map((rule) => rule.id), ...others.map(([rule]) => collectionRuleId(rule))].map((ruleId) => ({ name: 'assoc', ruleId: ruleId.toUpperCase(), endpointId: null })),
    ...(endpoint ? [endpointAlone] : []),
  ]
  return {
    resources: [machine, ...(name === null ? [] : [extensionOf(machine, name)]), ...more],
    associations: { [machine.id]: associations },
    rules: {
      ...Object.fromEntries(made.map((rule) => [rule.id, rule])),
      ...Object.fromEntries(others.flatMap(([rule, read]) => (read === undefined ? [] : [[collectionRuleId(rule), read]]))),
    },
    ...estate,
  }
}
