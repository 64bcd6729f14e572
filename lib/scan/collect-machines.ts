import type { Azure } from '@/lib/azure'
import type { ReadFailure } from '@/lib/domain/collected'
import type { CollectionRule, Resource } from '@/lib/domain/estate'
import type { Fact } from '@/lib/domain/fact'
import { machineFacts, machineFailures, readMachineTables, ruleFacts } from './machines'

/** So many machines, or subscriptions, share the queries that Resource Graph is asked: few queries, and no more in memory at once. */
const machinesAtOnce = 2_000
const subscriptionsAtOnce = 150

export interface CollectMachinesInput {
  azure: Azure
  scanned: readonly string[]
  /** Subscriptions in sight, scanned or not: a rule may lie in any. */
  visible: readonly string[]
  /** Lower-case ids of subscriptions whose inventory could not be read. */
  unreadable: ReadonlyMap<string, ReadFailure>
  /** Machines of all scanned subscriptions. */
  machines: readonly Pick<Resource, 'id' | 'subscriptionId'>[]
  now: () => string
  save: (facts: readonly Fact[]) => Promise<unknown>
}

/** Reads and stores what Resource Graph says of machines, some subscriptions at a time. Failures come with their subscription. */
export async function collectMachines({ azure, scanned, machines, now, save, ...input }: CollectMachinesInput): Promise<{ rules: CollectionRule[]; failures: [string, ReadFailure][] }> {
  const visible = new Set(input.visible.map((id) => id.toLowerCase()).filter((id) => !input.unreadable.has(id)))
  const rules = await azure.readCollectionRules(input.visible)
  await save(ruleFacts(rules.rows, now()))
  const failures: [string, ReadFailure][] = [...rules.failures]
  const machinesOf = Map.groupBy(machines, ({ subscriptionId }) => subscriptionId.toLowerCase())
  for (const subscriptions of portions(scanned, (id) => machinesOf.get(id.toLowerCase())?.length ?? 0)) {
    const tables = await readMachineTables(azure, subscriptions)
    const here = subscriptions.flatMap((id) => machinesOf.get(id.toLowerCase()) ?? [])
    await save(machineFacts({ tables, rules, machines: here, visible, readAt: now() }))
    failures.push(...machineFailures(tables))
  }
  return { rules: rules.rows, failures }
}

/** Subscriptions in portions of a bounded size; one that is larger stands alone. */
export function portions(subscriptions: readonly string[], machinesIn: (subscriptionId: string) => number): string[][] {
  const all: string[][] = []
  let count = 0
  for (const subscriptionId of subscriptions) {
    const machines = machinesIn(subscriptionId)
    const last = all.at(-1)
    if (last === undefined || last.length >= subscriptionsAtOnce || count + machines > machinesAtOnce) {
      all.push([subscriptionId])
      count = machines
      continue
    }
    last.push(subscriptionId)
    count += machines
  }
  return all
}
