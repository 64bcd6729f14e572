import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { EventHubNamespace } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath, readPages } from './pages'
import { flag, pageOf, parseAnswer, text, type Page } from './shape'
import type { Wire } from './wire/wire'

const some = z.array(z.unknown()).nullish().transform((list) => list?.length ?? 0)

const ruleSet = z
  .object({ properties: z.object({ defaultAction: text, trustedServiceAccessEnabled: flag, publicNetworkAccess: text, virtualNetworkRules: some, ipRules: some }) })
  .transform(({ properties }): EventHubNamespace['firewall'] => ({
    denies: properties.defaultAction?.toLowerCase() === 'deny',
    trustsServices: properties.trustedServiceAccessEnabled === true,
    publicNetworkAccess: properties.publicNetworkAccess,
    rules: properties.virtualNetworkRules + properties.ipRules,
  }))

/** A namespace that has no set of rules lets everybody in. */
const withoutRules: EventHubNamespace['firewall'] = { denies: false, trustsServices: false, publicNetworkAccess: null, rules: 0 }

const namePage = pageOf(z.object({ name: z.string() }).transform(({ name }) => name.toLowerCase()))

function parseNames(status: number, body: unknown): Collected<Page<string>> {
  return parseAnswer(status, body, namePage)
}

/** What decides whether logs can be sent to a namespace of event hubs: three reads, of which the first that fails is the outcome. */
export async function readEventHubNamespace(wire: Wire, namespaceId: string): Promise<Collected<EventHubNamespace>> {
  const get = (child: string) => wire.get(`${armPath(`${namespaceId}/${child}`)}?api-version=${apiVersions.eventHubs}`)
  const hubs = await readPages(wire, get('eventhubs'), parseNames)
  if (!hubs.ok) return hubs
  const rules = await readPages(wire, get('authorizationRules'), parseNames)
  if (!rules.ok) return rules
  const answer = await get('networkRuleSets/default')
  if (!answer.ok) return answer
  const firewall = parseAnswer(answer.value.status, answer.value.body, ruleSet)
  if (!firewall.ok && firewall.reason !== 'gone') return firewall
  return collected({ firewall: firewall.ok ? firewall.value : withoutRules, eventHubs: hubs.value, authorizationRules: rules.value })
}
