import type { Azure } from '@/lib/azure'
import { isFailure, type ReadFailure } from '@/lib/domain/collected'
import type { DnsPolicy } from '@/lib/domain/network'
import { WorkQueue } from './work-queue'

const readsAtOnce = 16
/** How many subscriptions are asked for the regions before Azure counts as not saying. */
const regionReadsMax = 3

export interface DnsPolicies {
  policies: DnsPolicy[]
  regions: string[] | null
  /** What could not be read: a subscription's policies, or a policy's links. */
  failures: { subject: string; failure: ReadFailure }[]
}

/**
 * Completes what Resource Graph told of DNS security policies. Where it lists none in the whole tenant it may not know the
 * type, so each subscription is asked itself; the same goes for a policy without links.
 */
export async function readDnsPolicies(azure: Azure, listed: readonly DnsPolicy[], withNetworks: readonly string[], visible: readonly string[]): Promise<DnsPolicies> {
  const found: DnsPolicies = { policies: [...listed], regions: null, failures: [] }
  if (withNetworks.length > 0) {
    found.regions = await readRegions(azure, withNetworks)
    if (listed.length === 0 && found.regions?.length !== 0) await listEverywhere(azure, withNetworks, visible, found)
  }
  found.policies = await withLinks(azure, found)
  return found
}

async function readRegions(azure: Azure, subscriptionIds: readonly string[]): Promise<string[] | null> {
  for (const subscriptionId of subscriptionIds.slice(0, regionReadsMax)) {
    const read = await azure.readDnsPolicyRegions(subscriptionId)
    if (read.ok) return read.value
  }
  return null
}

async function listEverywhere(azure: Azure, withNetworks: readonly string[], visible: readonly string[], found: DnsPolicies): Promise<void> {
  // A subscription with networks has the provider: there the answer that the type is unknown speaks of the cloud.
  const [first] = withNetworks
  const probe = first === undefined ? undefined : await azure.readDnsPolicies(first)
  if (probe?.ok === false && probe.reason === 'unsupported') {
    found.regions = []
    return
  }
  const queue = new WorkQueue(readsAtOnce)
  for (const subscriptionId of visible) {
    queue.add(async () => {
      const read = subscriptionId === first && probe !== undefined ? probe : await azure.readDnsPolicies(subscriptionId)
      if (read.ok) found.policies.push(...read.value)
      else if (isFailure(read) && read.reason !== 'unsupported') found.failures.push({ subject: `/subscriptions/${subscriptionId}`, failure: read })
    })
  }
  await queue.idle()
}

async function withLinks(azure: Azure, found: DnsPolicies): Promise<DnsPolicy[]> {
  const queue = new WorkQueue(readsAtOnce)
  const complete: DnsPolicy[] = []
  for (const policy of found.policies) {
    if (policy.links !== null) {
      complete.push(policy)
      continue
    }
    queue.add(async () => {
      const read = await azure.readDnsPolicyLinks(policy.id)
      if (isFailure(read)) found.failures.push({ subject: policy.id, failure: read })
      // A policy that is gone by now serves nobody.
      if (read.ok || isFailure(read)) complete.push({ ...policy, links: read.ok ? read.value : null })
    })
  }
  await queue.idle()
  return complete.toSorted((a, b) => (a.id.toLowerCase() < b.id.toLowerCase() ? -1 : 1))
}
