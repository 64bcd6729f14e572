import type { Azure } from '@/lib/azure'
import { subscriptionIdOf, type ResourceKey } from '@/lib/domain/arm-id'
import { isFailure, type ReadFailure } from '@/lib/domain/collected'
import type { Subscription } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'
import { queryLoggers, type UnreadPart } from '@/lib/domain/network'
import { FlowLogs, flowLogFacts, flowLogType, NamedByNetworks, networkFacts, networkType, readResolution, resolutionFact, resolutionFailures, unreadPart } from './networks'
import { listedIn, portions } from './portions'

export interface CollectNetworksInput {
  azure: Azure
  tenantId: string
  scanned: readonly string[]
  /** Subscriptions in sight, scanned or not. */
  visible: readonly string[]
  /** How many networks each scanned subscription has, by lower-case id. */
  networks: ReadonlyMap<string, number>
  /** Ids of a subscription's stored resources of some types. */
  idsOf: (subscriptionId: string, types: readonly string[]) => Promise<string[]>
  /** Firewalls and DNS security policies whose settings were read with their subscription. */
  settingsRead: ReadonlySet<ResourceKey>
  outOfSight: readonly Subscription[]
  /** Subscriptions whose inventory could not be read. */
  unreadable: ReadonlyMap<string, ReadFailure>
  now: () => string
  save: (facts: readonly Fact[]) => Promise<unknown>
}

export interface CollectedNetworks {
  /** Storage accounts that flow logs name. */
  flowLogStorage: string[]
  /** Workspaces that traffic analytics takes flow logs to. */
  flowLogWorkspaces: string[]
  /** With their subscription. */
  failures: [string, ReadFailure][]
}

/**
 * Reads and stores what Resource Graph says of networks, some subscriptions at a time, and of what serves every network, whatever the scan's scope: resolvers,
 * policies and flow logs may lie in any subscription in sight. A policy or firewall outside the scan's scope, or one that the inventory did not list, is asked
 * for its settings here.
 */
export async function collectNetworks(input: CollectNetworksInput): Promise<CollectedNetworks> {
  const { azure, tenantId, visible, now, save } = input
  const [flowLogTable, resolutionRows] = await Promise.all([azure.readFlowLogs(visible), azure.readResolutionRows(visible)])
  const flowLogs = new FlowLogs(flowLogTable)
  await save(flowLogFacts(flowLogs, await unreadFlowLogs(input, flowLogs), now()))
  const named = new NamedByNetworks()
  const failures = [...(await collectPortions(input, flowLogs, named)), ...flowLogs.failures]
  const tables = await readResolution(azure, visible, resolutionRows, named)
  failures.push(...resolutionFailures(tables))
  const unreadable = [...input.unreadable].map(([id, failure]) => unreadPart(`/subscriptions/${id}`, failure))
  const facts = [resolutionFact(tables, tenantId, [...input.outOfSight.map(notVisible), ...unreadable], now())]
  const loggers = queryLoggers({ policies: tables.dns.policies, firewalls: tables.resolution.parts.firewalls })
  for (const subject of loggers.filter((key) => !input.settingsRead.has(key))) {
    const subscriptionId = subscriptionIdOf(subject)
    const read = await azure.readDiagnosticSettings(subject)
    if (isFailure(read)) failures.push([subscriptionId ?? '', read])
    facts.push({ subject, source: 'diagnostic-settings', subscriptionId, read, readAt: now() })
  }
  await save(facts)
  const flowLogWorkspaces = flowLogs.rows.flatMap(({ trafficAnalytics }) => trafficAnalytics?.workspaceId ?? [])
  return { flowLogStorage: [...new Set(flowLogs.rows.flatMap(({ storageId }) => storageId ?? []))], flowLogWorkspaces: [...new Set(flowLogWorkspaces)], failures }
}

/** The flow logs of the scanned subscriptions that Resource Graph told nothing of. */
async function unreadFlowLogs({ scanned, unreadable, idsOf }: CollectNetworksInput, { failures }: FlowLogs): Promise<{ id: string; subscriptionId: string }[]> {
  const logs: { id: string; subscriptionId: string }[] = []
  for (const subscriptionId of scanned.map((id) => id.toLowerCase())) {
    if (!failures.has(subscriptionId) || unreadable.has(subscriptionId)) continue
    for (const id of await idsOf(subscriptionId, [flowLogType])) logs.push({ id, subscriptionId })
  }
  return logs
}

async function collectPortions({ azure, scanned, visible, networks, idsOf, now, save }: CollectNetworksInput, flowLogs: FlowLogs, named: NamedByNetworks): Promise<[string, ReadFailure][]> {
  const inScope = new Set(scanned.map((id) => id.toLowerCase()))
  const failures: [string, ReadFailure][] = []
  for (const subscriptions of portions(visible, (id) => networks.get(id.toLowerCase()) ?? 0)) {
    const [rows, ownServers] = await Promise.all([azure.readNetworks(subscriptions), azure.readOwnServers(subscriptions.filter((id) => inScope.has(id.toLowerCase())))])
    const here = await listedIn(subscriptions, networks, (id) => idsOf(id, [networkType]))
    await save(networkFacts({ tables: { networks: rows, ownServers }, flowLogs, networks: here, readAt: now() }))
    named.add(rows.rows, ownServers.rows)
    failures.push(...rows.failures, ...ownServers.failures)
  }
  return failures
}

function notVisible({ subscriptionId }: Subscription): UnreadPart {
  return {
    subject: `/subscriptions/${subscriptionId.toLowerCase()}`,
    reason: 'permission-denied',
    detail: 'The subscription is not visible to the scanning identity.',
    action: 'Microsoft.Resources/subscriptions/read',
  }
}
