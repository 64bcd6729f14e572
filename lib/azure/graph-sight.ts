import { isFailure, type ReadFailure } from '../domain/collected'
import { groupSize } from './graph-pages'
import { readContainers } from './inventory'
import type { Wire } from './wire/wire'

/** Which subscriptions (lower-case ids) Resource Graph shows. */
export interface GraphSight {
  shown: Set<string>
  /** Those for which it did not answer. What is in neither it leaves out without a word. */
  failures: Map<string, ReadFailure>
}

/** Asks for the subscriptions themselves, not for what is in them. */
export async function readGraphSight(wire: Wire, subscriptionIds: readonly string[]): Promise<GraphSight> {
  const ids = [...new Set(subscriptionIds.map((id) => id.toLowerCase()))]
  const sight: GraphSight = { shown: new Set(), failures: new Map() }
  for (let at = 0; at < ids.length; at += groupSize) {
    const group = ids.slice(at, at + groupSize)
    const containers = await readContainers(wire, group)
    if (containers.ok) for (const id of containers.value.subscriptions) sight.shown.add(id)
    else if (isFailure(containers)) for (const id of group) sight.failures.set(id, containers)
  }
  return sight
}
