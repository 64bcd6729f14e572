import { nameOf, type ResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import type { DiagnosticSetting, EventHubNamespace } from '@/lib/domain/estate'
import type { Destination } from './destination'
import { unreadJudgement } from './unread'

type Found = Pick<Destination, 'state' | 'unclear'>

/** The actions that tell whether a namespace of event hubs takes logs. */
export const eventHubPermissions = ['Microsoft.EventHub/namespaces/eventhubs/read', 'Microsoft.EventHub/namespaces/authorizationRules/read', 'Microsoft.EventHub/namespaces/networkRuleSets/read'] as const

function unclear(why: string): Found {
  return { state: 'unclear', unclear: { reasonCode: 'unsupported', why } }
}

/** Whether a namespace that is there lets in the services of Azure that write logs. */
export function namespaceState(key: ResourceKey, context: CheckContext): Found {
  const read = context.estate.fact(key, 'event-hub-namespace')
  if (read?.ok) return byFirewall(read.value.firewall, key)
  if (read?.reason === 'gone') return { state: 'deleted' }
  const { reasonCode, reason, permission } = unreadJudgement(`The firewall and the hubs of ${nameOf(key)}`, read, eventHubPermissions[2])
  return { state: 'unclear', unclear: { reasonCode, why: reason, permission, refusedOn: key } }
}

/** https://learn.microsoft.com/azure/event-hubs/event-hubs-ip-filtering: without a rule everybody is let in, and Azure Monitor is a trusted service. */
function byFirewall({ denies, trustsServices, publicNetworkAccess, rules }: EventHubNamespace['firewall'], key: ResourceKey): Found {
  const access = publicNetworkAccess?.toLowerCase()
  if (trustsServices || access === 'securedbyperimeter') return { state: 'live' }
  if (access === 'disabled') return unclear(`The namespace ${nameOf(key)} is closed to public networks and does not name trusted services of Azure as an exception.`)
  return { state: denies && rules > 0 ? 'closed' : 'live' }
}

/** The same namespace as one setting finds it, by the rule that it signs in with and the hub that it names. */
export function asSettingFindsIt(namespace: Destination, setting: DiagnosticSetting, context: CheckContext): Destination {
  const read = context.estate.fact(namespace.key, 'event-hub-namespace')
  if ((namespace.state !== 'live' && namespace.state !== 'approved') || !read?.ok) return namespace
  const rule = /\/namespaces\/[^/]+\/authorizationrules\/([^/]+)$/i.exec(setting.eventHubAuthorizationRuleId ?? '')?.[1]
  if (rule !== undefined && !read.value.authorizationRules.includes(rule.toLowerCase())) return { ...namespace, id: setting.eventHubAuthorizationRuleId ?? namespace.id, state: 'deleted' }
  const hub = setting.eventHubName
  if (!hub || read.value.eventHubs.includes(hub.toLowerCase())) return namespace
  return { ...namespace, ...unclear(`The namespace ${nameOf(namespace.id)} has no event hub ${hub}, which the setting names, and Azure does not tell whether it is made again.`) }
}
