import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { Check } from '@/lib/domain/check'
import { destinationPermissions } from '../destination'
import { remediateSetting } from '../remediation/diagnostic-setting'
import { settingsRead } from '../resource-logging'
import { unreadJudgement } from '../unread'
import { dnsLogSource, dnsMappings, dnsPermissions, dnsPolicySource } from './mappings'
import { queryLogs } from './query-logs'
import { resolversOf } from './resolvers'
import { untoldInWords } from '../wording'

/** Linked networks in evidence. */
const networksShown = 20

export const dnsResolverPolicyLogs: Check = {
  id: 'dns-resolver-policy-logs',
  version: 5,
  keyPoint: 'dns-query-logging',
  title: 'The DNS security policy sends its query log',
  question: 'Does this DNS security policy send DnsResponse, the log of the queries of its networks, to a destination that exists?',
  why: 'A policy may block and alert without keeping anything: the queries are logged by its diagnostic setting alone.',
  severity: 'medium',
  rules: {
    pass: 'The policy is linked to a network, and DnsResponse is sent to a destination that exists and takes it.',
    fail: 'It is linked, and DnsResponse is sent nowhere.',
    notApplicable: 'It is linked to no network, so that it sees no queries.',
    unknown: `Its links, its settings or their destination could not be read, or ${untoldInWords}.`,
  },
  sources: [dnsPolicySource, dnsLogSource],
  mappings: dnsMappings,
  permissions: [dnsPermissions.policies, dnsPermissions.links, settingsRead, ...destinationPermissions],
  asks: ['microsoft.network/dnsresolverpolicies'],

  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.network/dnsresolverpolicies') return undefined
    const resolvers = resolversOf(context)
    if ('judgement' in resolvers) return resolvers.judgement
    const policy = resolvers.policies.get(toResourceKey(subject.id))
    const links = policy?.links ?? null
    if (policy === undefined || links === null) {
      const lost = context.estate.fact(subject.id, 'diagnostic-settings')
      const part = resolvers.resolution.unread.find((unread) => toResourceKey(unread.subject) === toResourceKey(subject.id))
      const read = part === undefined ? (lost?.ok ? undefined : lost) : ({ ok: false, reason: part.reason, detail: part.detail, action: part.action, status: null, code: null } as const)
      return unreadJudgement('The network links of the policy', read, dnsPermissions.links)
    }
    if (links.length === 0) return { verdict: 'not-applicable', reason: 'The policy is linked to no network, so it sees no queries.' }
    const logs = queryLogs({ kind: 'policy', id: policy.id, location: policy.location }, context)
    const networks = links.map(({ networkId }) => nameOf(networkId)).sort()
    return { ...logs, evidence: { linkedNetworks: networks.slice(0, networksShown), linked: networks.length, ...logs.evidence } }
  },

  remediate: remediateSetting,
}
