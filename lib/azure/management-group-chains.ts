import { z } from 'zod'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { text } from './shape'
import type { Wire } from './wire/wire'

/** The management groups above a subscription, by name, nearest first. */
export interface ManagementGroupChain {
  /** Lower case. */
  subscriptionId: string
  groups: string[]
}

/** Reader on the subscription is enough to be told the names of the groups above it. */
const managementGroupChainsQuery = `resourcecontainers
| where type == 'microsoft.resources/subscriptions'
| project subscriptionId, chain = properties.managementGroupAncestorsChain
| order by subscriptionId asc`

const row = z
  .object({ subscriptionId: z.string().min(1), chain: z.array(z.object({ name: text })).nullish() })
  .transform(({ subscriptionId, chain }) => ({ subscriptionId: subscriptionId.toLowerCase(), groups: chain ? chain.flatMap(({ name }) => name ?? []) : null }))

const page = graphPageOf(row)

/** The chain of each subscription. One whose chain Azure leaves out has no row. */
export async function readManagementGroupChains(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<ManagementGroupChain>> {
  const table = await readGraphTable(wire, subscriptionIds, { query: managementGroupChainsQuery, page, action: 'Microsoft.Management/managementGroups/read' })
  return { failures: table.failures, rows: table.rows.flatMap(({ subscriptionId, groups }) => (groups === null ? [] : [{ subscriptionId, groups }])) }
}
