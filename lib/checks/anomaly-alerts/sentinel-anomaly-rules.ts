import { nameOf } from '@/lib/domain/arm-id'
import type { Check } from '@/lib/domain/check'
import { remediateFusion } from '../remediation/sentinel'
import { connectorsPermission, correlation, onboardingPermission, rulesEvidence, rulesPermission, sentinelOn } from '../sentinel'
import { unreadJudgement, valueOf } from '../unread'
import { planMappings } from './mappings'

export const sentinelAnomalyRules: Check = {
  id: 'sentinel-anomaly-rules',
  version: 1,
  keyPoint: 'anomaly-alerts',
  title: 'Sentinel correlates anomalies',
  question: 'Is Fusion on for the Sentinel of this workspace?',
  why: 'One odd sign-in is noise, and so is one odd download. Fusion puts the two together, which no single rule does.',
  severity: 'low',
  rules: {
    pass: 'A Fusion rule is on.',
    fail: 'Fusion is off, and nothing shows that Defender XDR correlates in its place.',
    notApplicable: 'Sentinel is not on the workspace.',
    unknown: 'The onboarding, the rules or the connectors could not be read; or Fusion is off and the connector of Defender XDR brings incidents: in the Defender portal its correlation takes the place of Fusion, which Azure does not tell.',
  },
  sources: [{ title: 'Advanced multistage attack detection in Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/fusion' }],
  mappings: planMappings({}),
  permissions: [onboardingPermission, rulesPermission, connectorsPermission],

  asks: ['microsoft.operationalinsights/workspaces'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.operationalinsights/workspaces') return undefined
    // A workspace that nothing is sent to is not asked whether it has Sentinel.
    if (context.estate.fact(subject.id, 'sentinel-onboarding') === undefined) return undefined
    const sentinel = sentinelOn(subject.id, context)
    if (sentinel.state === 'absent') return { verdict: 'not-applicable', reason: 'Sentinel is not on this workspace.' }
    if (sentinel.state === 'unread') return sentinel.unread
    const read = context.estate.fact(subject.id, 'sentinel-rules')
    if (!read?.ok) return unreadJudgement('The analytics rules of Sentinel', read, rulesPermission)
    const connectors = context.estate.fact(subject.id, 'sentinel-connectors')
    const by = correlation(read.value, valueOf(connectors))
    const evidence = { rules: rulesEvidence(read.value), correlation: by }
    if (by === 'fusion') return { verdict: 'pass', reason: `Fusion is on for Sentinel on ${nameOf(subject.id)}.`, evidence }
    if (by === 'defender-xdr') {
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'Fusion is off, and Defender XDR, whose incidents are brought in, may correlate in its place.', evidence }
    }
    if (!connectors?.ok) return { ...unreadJudgement('Fusion is off, and the connectors of Sentinel', connectors, connectorsPermission), evidence }
    const there = read.value.some(({ kind }) => kind.toLowerCase() === 'fusion')
    return { verdict: 'fail', reason: there ? 'The Fusion rule of Sentinel is switched off.' : 'Sentinel has no Fusion rule.', evidence }
  },

  remediate: remediateFusion,
}
