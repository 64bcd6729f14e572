import { nameOf, resourceGroupOf, subscriptionIdOf, toResourceKey } from '@/lib/domain/arm-id'
import type { Check, CheckContext } from '@/lib/domain/check'
import type { QueryRule } from '@/lib/domain/alerting'
import type { Judgement } from '@/lib/domain/finding'
import { deliveryOfQuery } from '../anomaly-alerts/watching'
import { destinationOf, isCentralWorkspace } from '../destination'
import { remediateDetections } from '../remediation/sentinel'
import { correlation, onboardingPermission, rulesEvidence, rulesPermission, sentinelOn } from '../sentinel'
import { unreadJudgement, valueOf } from '../unread'
import { whyUnread } from '../unread-rules'
import { analyticsSource, fusionSource, reviewMappings } from './mappings'

/** Without Sentinel: so many rules that somebody is told by make a detection of one's own. */
const queryRulesMin = 5
const queryRulesPermission = 'Microsoft.Insights/scheduledQueryRules/read'

export const detectionsOn: Check = {
  id: 'detections-on',
  version: 3,
  keyPoint: 'log-review',
  title: 'Rules look through the logs',
  question: 'Are rules at work on this workspace that raise what is found in its logs?',
  why: 'A workspace that nothing watches is an archive. Rules look at every line as it arrives and bring forward the few that a person must see.',
  severity: 'medium',
  rules: {
    pass: `With Sentinel: a scheduled or near-real-time analytics rule is on, and so is Fusion, or Defender XDR correlates in its place. On a central workspace without Sentinel: at least ${queryRulesMin} scheduled query rules are on and reach someone, by action groups of their own or that processing rules add.`,
    fail: 'Fewer; a rule whose action groups a processing rule takes off for good reaches nobody.',
    unknown: 'The rules or the onboarding of Sentinel could not be read, an action group is out of sight, or a processing rule takes groups off, or adds one, at times or for some alerts.',
  },
  sources: [analyticsSource, fusionSource, { title: 'Log search alert rules', url: 'https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule' }],
  mappings: reviewMappings,
  permissions: [onboardingPermission, rulesPermission, queryRulesPermission, 'Microsoft.Insights/actionGroups/read', 'Microsoft.AlertsManagement/actionRules/read'],

  asks: ['microsoft.operationalinsights/workspaces'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.operationalinsights/workspaces') return undefined
    const central = isCentralWorkspace(destinationOf(subject.id, 'workspace', context), context)
    if (!central && context.estate.fact(subject.id, 'sentinel-onboarding') === undefined) return undefined
    const sentinel = sentinelOn(subject.id, context)
    if (sentinel.state === 'onboarded') return judgeSentinel(subject.id, context)
    if (sentinel.state === 'unread') return sentinel.unread
    return central ? judgeQueryRules(subject.id, context) : undefined
  },

  remediate: remediateDetections,
}

function judgeSentinel(id: string, context: CheckContext): Judgement {
  const read = context.estate.fact(id, 'sentinel-rules')
  if (!read?.ok) return unreadJudgement('The analytics rules of Sentinel', read, rulesPermission)
  const rules = read.value
  const connectors = context.estate.fact(id, 'sentinel-connectors')
  const by = correlation(rules, valueOf(connectors))
  const looking = rules.filter(({ kind, enabled }) => enabled && /^(scheduled|nrt)$/i.test(kind)).length
  const evidence = { sentinel: true, rules: rulesEvidence(rules), correlation: by }
  const counted = `${looking} scheduled or near-real-time analytics ${looking === 1 ? 'rule is' : 'rules are'} on`
  if (looking === 0) return { verdict: 'fail', reason: 'No scheduled or near-real-time analytics rule of Sentinel is on.', evidence }
  if (by !== 'none') return { verdict: 'pass', reason: `${counted}, and ${by === 'fusion' ? 'so is Fusion' : 'Defender XDR correlates in place of Fusion'}.`, evidence }
  if (!connectors?.ok) return { ...unreadJudgement('Fusion is off, and the connectors of Sentinel', connectors, 'Microsoft.SecurityInsights/dataConnectors/read'), evidence }
  return { verdict: 'fail', reason: `${counted}, but Fusion is off.`, evidence }
}

/** True when a rule's query runs over the workspace: it is its scope or lies in it. */
function looksAt({ scopes }: QueryRule, id: string): boolean {
  const own = new Set([id, `/subscriptions/${subscriptionIdOf(id) ?? ''}`, `/subscriptions/${subscriptionIdOf(id) ?? ''}/resourceGroups/${resourceGroupOf(id) ?? ''}`].map(toResourceKey))
  return scopes.some((scope) => own.has(toResourceKey(scope)))
}

function judgeQueryRules(id: string, context: CheckContext): Judgement {
  const read = context.estate.fact(`/tenants/${context.estate.tenantId}`, 'alerting')
  if (!read?.ok) return unreadJudgement('The alert rules', read, queryRulesPermission)
  const rules = read.value.queryRules.filter((rule) => looksAt(rule, id))
  const deliveries = rules.map((rule) => (rule.enabled ? deliveryOfQuery(rule, read.value, context) : null))
  const states = deliveries.map((delivery) => delivery?.state ?? 'off')
  const count = (state: string): number => states.filter((each) => each === state).length
  const working = count('works')
  const evidence = { sentinel: false, queryRules: { working, switchedOff: count('off'), reachNobody: count('broken'), unclear: count('unclear') }, asked: queryRulesMin, rules: rules.slice(0, 10).map((rule) => rule.id) }
  if (working >= queryRulesMin) return { verdict: 'pass', reason: `${working} scheduled query rules look at ${nameOf(id)} and reach someone.`, evidence }
  const found = working === 0 ? 'No scheduled query rule looks' : working === 1 ? 'One scheduled query rule looks' : `${working} scheduled query rules look`
  if (working + count('unclear') >= queryRulesMin) {
    const hidden = deliveries.some((delivery) => delivery?.state === 'unclear' && delivery.reasonCode === 'permission-denied')
    if (!hidden) {
      return { verdict: 'unknown', reasonCode: 'unsupported', evidence, reason: `${found} at ${nameOf(id)} and ${working === 1 ? 'reaches' : 'reach'} someone for certain; what processing rules do to the action groups of more depends on time and alert.` }
    }
    return { verdict: 'unknown', reasonCode: 'permission-denied', permission: 'Microsoft.Insights/actionGroups/read', evidence, reason: `${found} at ${nameOf(id)} and ${working === 1 ? 'reaches' : 'reach'} someone for certain; action groups of more are out of sight.` }
  }
  if (read.value.unread.length > 0) {
    return { verdict: 'unknown', ...whyUnread(read.value, read.value.unread, queryRulesPermission), evidence: { ...evidence, unreadSubscriptions: read.value.unread.slice(0, 10) }, reason: `${found} at ${nameOf(id)} as far as can be seen, and more may live in subscriptions whose rules could not be read.` }
  }
  return { verdict: 'fail', reason: `${found} at ${nameOf(id)} and ${working === 1 ? 'reaches' : 'reach'} someone, where ${queryRulesMin} are asked, and Sentinel is not there.`, evidence }
}
