import type { Azure } from '@/lib/azure'
import { subscriptionIdOf, type ResourceKey } from '@/lib/domain/arm-id'
import { isFailure, type ReadFailure } from '@/lib/domain/collected'
import type { Resource, Subscription } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'
import { queryLoggers, type UnreadPart } from '@/lib/domain/network'
import { networkFacts, networkFailures, unreadPart, type NetworkTables } from './networks'

export interface CollectNetworksInput {
  azure: Azure
  tenantId: string
  tables: NetworkTables
  /** The scanned networks. */
  networks: readonly Pick<Resource, 'id' | 'subscriptionId'>[]
  /** The scanned flow logs. */
  flowLogs: readonly Pick<Resource, 'id' | 'subscriptionId'>[]
  /** Firewalls and DNS security policies whose settings were read with their subscription. */
  settingsRead: ReadonlySet<ResourceKey>
  outOfSight: readonly Subscription[]
  /** Subscriptions whose inventory could not be read. */
  unreadable: ReadonlyMap<string, ReadFailure>
  now: () => string
}

/**
 * Facts of networks, and of what resolves names for all of them. A policy or firewall outside the scan's scope, or one that
 * the inventory did not list, is asked for its settings here. Failures come with their subscription.
 */
export async function collectNetworks(input: CollectNetworksInput): Promise<{ facts: Fact[]; failures: [string, ReadFailure][] }> {
  const { azure, tables, tenantId, networks, now } = input
  const unreadable = [...input.unreadable].map(([id, failure]) => unreadPart(`/subscriptions/${id}`, failure))
  const outOfSight = [...input.outOfSight.map(notVisible), ...unreadable]
  const facts = networkFacts({ tables, tenantId, networks, flowLogs: input.flowLogs, outOfSight, readAt: now() })
  const failures = networkFailures(tables)
  const loggers = queryLoggers({ policies: tables.dns.policies, firewalls: tables.resolution.parts.firewalls })
  for (const subject of loggers.filter((key) => !input.settingsRead.has(key))) {
    const subscriptionId = subscriptionIdOf(subject)
    const read = await azure.readDiagnosticSettings(subject)
    if (isFailure(read)) failures.push([subscriptionId ?? '', read])
    facts.push({ subject, source: 'diagnostic-settings', subscriptionId, read, readAt: now() })
  }
  return { facts, failures }
}

function notVisible({ subscriptionId }: Subscription): UnreadPart {
  return {
    subject: `/subscriptions/${subscriptionId.toLowerCase()}`,
    reason: 'permission-denied',
    detail: 'The subscription is not visible to the scanning identity.',
    action: 'Microsoft.Resources/subscriptions/read',
  }
}
