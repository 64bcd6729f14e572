import { z } from 'zod'
import { subscriptionIdOf, toResourceKey, type ResourceKey } from '../domain/arm-id'
import { graphPageOf } from './graph'
import { readGraphTable, type GraphTable } from './graph-table'
import { endpointProtectionQuery } from './machine-queries'
import { text } from './shape'
import type { Wire } from './wire/wire'

/** A recommendation on a machine, or the plan for servers of a subscription or of a machine that has one of its own. */
export type EndpointProtectionRow =
  | { kind: 'recommendation'; machine: ResourceKey; name: string; status: string }
  | { kind: 'plan'; subscriptionId: string; machine: ResourceKey | null; on: boolean }

const row = z
  .object({ id: z.string().min(1), type: z.string(), subscriptionId: text, displayName: text, status: text, machine: text, tier: text })
  .transform((each): EndpointProtectionRow =>
    each.type.toLowerCase() === 'microsoft.security/pricings'
      ? { kind: 'plan', subscriptionId: (each.subscriptionId ?? subscriptionIdOf(each.id) ?? '').toLowerCase(), machine: machineOfPlan(each.id), on: each.tier?.toLowerCase() === 'standard' }
      : {
          kind: 'recommendation',
          machine: toResourceKey(each.machine ?? each.id.replace(/\/providers\/microsoft\.security\/assessments\/[^/]*$/i, '')),
          name: each.displayName ?? each.id,
          status: each.status ?? '',
        })

/** Null: it is the subscription's. A single machine may have a plan of its own, which says nothing of the others. */
function machineOfPlan(planId: string): ResourceKey | null {
  const scope = planId.replace(/\/providers\/microsoft\.security\/pricings\/[^/]+$/i, '')
  return /^\/subscriptions\/[^/]+$/i.test(scope) ? null : toResourceKey(scope)
}

const page = graphPageOf(row)

/** What Defender for Cloud says of endpoint protection. A subscription without the provider has no rows: its plan is off. */
export function readEndpointProtection(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphTable<EndpointProtectionRow>> {
  return readGraphTable(wire, subscriptionIds, { query: endpointProtectionQuery, page, action: 'Microsoft.Security/assessments/read' })
}
