/** So many resources, or subscriptions, share the queries that Resource Graph is asked: few queries, and no more in memory at once. */
const resourcesPerPortion = 2_000
const subscriptionsPerPortion = 150

/** Subscriptions in portions of a bounded size, by how many resources of some type lie in each; one that is larger stands alone. */
export function portions(subscriptions: readonly string[], sizeOf: (subscriptionId: string) => number): string[][] {
  const all: string[][] = []
  let count = 0
  for (const subscriptionId of subscriptions) {
    const size = sizeOf(subscriptionId)
    const last = all.at(-1)
    if (last === undefined || last.length >= subscriptionsPerPortion || count + size > resourcesPerPortion) {
      all.push([subscriptionId])
      count = size
      continue
    }
    last.push(subscriptionId)
    count += size
  }
  return all
}

/**
 * What some subscriptions list, with the lower-case id of each.
 * @param counts how many each lists, by lower-case id; those of which nothing is said are not asked.
 */
export async function listedIn(
  subscriptions: readonly string[], counts: ReadonlyMap<string, number>, idsOf: (subscriptionId: string) => Promise<string[]>,
): Promise<{ id: string; subscriptionId: string }[]> {
  const listed: { id: string; subscriptionId: string }[] = []
  for (const subscriptionId of subscriptions.map((id) => id.toLowerCase())) {
    if ((counts.get(subscriptionId) ?? 0) === 0) continue
    for (const id of await idsOf(subscriptionId)) listed.push({ id, subscriptionId })
  }
  return listed
}
