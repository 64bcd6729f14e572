import { toResourceKey } from '@/lib/domain/arm-id'
import type { Check } from '@/lib/domain/check'
import { destinationPermissions } from '../destination'
import { remediateSetting } from '../remediation/diagnostic-setting'
import { settingsRead } from '../resource-logging'
import { unreadJudgement } from '../unread'
import { unclearProxy } from './judge-server'
import { dnsMappings, dnsPermissions, firewallDnsSource } from './mappings'
import { queryLogs } from './query-logs'
import { resolversOf } from './resolvers'
import { untoldInWords } from '../wording'

export const firewallDnsLogs: Check = {
  id: 'firewall-dns-logs',
  version: 5,
  keyPoint: 'dns-query-logging',
  title: 'The firewall logs the DNS queries that it passes on',
  question: 'Does this firewall, as a DNS proxy, send its query log to a destination that exists?',
  why: 'Networks that ask a firewall for names show up at Azure’s resolver as the firewall alone. Only its own log tells which machine asked.',
  severity: 'medium',
  rules: {
    pass: 'The DNS proxy is on, and AZFWDnsQuery or the older AzureFirewallDnsProxy is sent to a destination that exists and takes it.',
    fail: 'The DNS proxy is on, and neither is sent anywhere.',
    notApplicable: 'The DNS proxy is off: the firewall sees no queries.',
    unknown: `The firewall, its policy, its settings or their destination could not be read, or ${untoldInWords}.`,
  },
  sources: [firewallDnsSource, { title: 'Azure Firewall monitoring data reference', url: 'https://learn.microsoft.com/azure/firewall/monitor-firewall-reference' }],
  mappings: dnsMappings,
  permissions: [dnsPermissions.firewalls, dnsPermissions.firewallPolicies, settingsRead, ...destinationPermissions],
  asks: ['microsoft.network/azurefirewalls'],

  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.network/azurefirewalls') return undefined
    const resolvers = resolversOf(context)
    if ('judgement' in resolvers) return resolvers.judgement
    const firewall = resolvers.firewalls.get(toResourceKey(subject.id))
    if (firewall === undefined) {
      const lost = context.estate.fact(subject.id, 'diagnostic-settings')
      return unreadJudgement('The DNS settings of the firewall', lost?.ok ? undefined : lost, dnsPermissions.firewalls)
    }
    const evidence = { dnsProxy: firewall.proxy, ...(firewall.policyId !== null && { firewallPolicy: firewall.policyId }) }
    if (firewall.proxy === 'off') return { verdict: 'not-applicable', reason: 'The DNS proxy of the firewall is off, so no queries go through it.', evidence }
    const logs = queryLogs({ kind: 'firewall', id: firewall.id, location: firewall.location }, context)
    if (firewall.proxy === 'unclear' && logs.verdict === 'fail') return unclearProxy(firewall, evidence)
    return { ...logs, evidence: { ...evidence, ...logs.evidence } }
  },

  remediate: remediateSetting,
}
