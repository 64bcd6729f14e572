import type { Azure } from '@/lib/azure'
import type { ReadFailure } from '@/lib/domain/collected'
import type { Fact } from '@/lib/domain/fact'
import { machineFacts, machineFailures, machineTypes, missingRuleFacts, readMachineTables, ruleFacts } from './machines'
import { listedIn, portions } from './portions'

export interface CollectMachinesInput {
  azure: Azure
  scanned: readonly string[]
  /** Subscriptions in sight, scanned or not: a rule may lie in any. */
  visible: readonly string[]
  /** Lower-case ids of subscriptions whose inventory could not be read. */
  unreadable: ReadonlyMap<string, ReadFailure>
  /** How many machines each scanned subscription has, by lower-case id. */
  machines: ReadonlyMap<string, number>
  /** Ids of a subscription's stored resources of some types. */
  idsOf: (subscriptionId: string, types: readonly string[]) => Promise<string[]>
  now: () => string
  save: (facts: readonly Fact[]) => Promise<unknown>
}

export interface CollectedMachines {
  /** Workspaces that data collection rules name. */
  workspaces: string[]
  /** With their subscription. */
  failures: [string, ReadFailure][]
  /** One fact for each of these data collection rules that is not there. */
  missingRules: (named: readonly string[]) => Fact[]
}

/** Reads and stores what Resource Graph says of machines, some subscriptions at a time. */
export async function collectMachines({ azure, scanned, machines, idsOf, now, save, ...input }: CollectMachinesInput): Promise<CollectedMachines> {
  const visible = new Set(input.visible.map((id) => id.toLowerCase()).filter((id) => !input.unreadable.has(id)))
  const rules = await azure.readCollectionRules(input.visible)
  await save(ruleFacts(rules.rows, now()))
  const failures: [string, ReadFailure][] = [...rules.failures]
  for (const subscriptions of portions(scanned, (id) => machines.get(id.toLowerCase()) ?? 0)) {
    const tables = await readMachineTables(azure, subscriptions)
    const here = await listedIn(subscriptions, machines, (id) => idsOf(id, machineTypes))
    await save(machineFacts({ tables, rules, machines: here, visible, readAt: now() }))
    failures.push(...machineFailures(tables))
  }
  const workspaces = rules.rows.flatMap((rule) => rule.workspaces.flatMap(({ workspaceId }) => workspaceId ?? []))
  return { workspaces: [...new Set(workspaces)], failures, missingRules: (named) => missingRuleFacts(named, { rules, visible, readAt: now() }) }
}
