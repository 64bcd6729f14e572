import { eventHubNamespaceOf, nameOf, subscriptionIdOf, typeOf } from '@/lib/domain/arm-id'
import type { Check, CheckContext } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { centralEvidence, proposalNote } from '../central'
import { readActionOf } from '../destination'
import { remediateSiem } from '../remediation/sentinel'
import { onboardingPermission, sentinelOn } from '../sentinel'
import { listInWords } from '../wording'
import { centralizeSource, reviewMappings } from './mappings'

const externalSiem = 'external-siem'

export const siemInPlace: Check = {
  id: 'siem-in-place',
  version: 1,
  keyPoint: 'log-review',
  title: 'A tool for the review of logs is in place',
  question: 'Is a central workspace onboarded to Sentinel, or does an event hub feed another SIEM?',
  why: 'Nobody reads millions of lines. Without a tool that searches, correlates and opens cases, logs are looked at after the damage alone.',
  severity: 'high',
  rules: {
    pass: 'Sentinel is onboarded to a central workspace; or logs are sent to an event hub or partner solution that the policy approves, which is its word that another SIEM is fed from there.',
    fail: 'No central workspace has Sentinel and the policy approves no such feed.',
    unknown: 'Whether Sentinel is on a central workspace could not be read, or no central workspace is known.',
  },
  sources: [centralizeSource, { title: 'Onboard to Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/quickstart-onboard' }],
  mappings: reviewMappings,
  permissions: ['Microsoft.OperationalInsights/workspaces/read', onboardingPermission],
  alternatives: [
    { id: externalSiem, title: 'A SIEM that Azure cannot show', meaning: 'Your word that another system takes the logs and people work in it. Azure shows neither the system nor what is done there.' },
  ],

  asks: ['tenant'],
  evaluate(subject, context) {
    if (subject.kind !== 'tenant') return undefined
    const judgement = judge(context)
    if (judgement.verdict === 'pass' || !context.policy.acceptedAlternatives.includes(externalSiem)) return judgement
    return { verdict: 'pass', reason: 'The policy states that a SIEM outside of Azure takes the logs.', evidence: { ...judgement.evidence, acceptedAlternative: externalSiem } }
  },

  remediate: remediateSiem,
}

/** Event hubs and partner solutions that the policy approves and that something is sent to, or that are out of sight. */
function feeds(context: CheckContext): { id: string; subjects: number | null; seen: boolean }[] {
  const { destinations } = context.estate
  return context.policy.approvedDestinations
    .filter((id) => !['microsoft.operationalinsights/workspaces', 'microsoft.storage/storageaccounts'].includes(typeOf(id)?.split('/').slice(0, 2).join('/') ?? ''))
    .map((id) => eventHubNamespaceOf(id) ?? id)
    .map((id) => ({ id, subjects: destinations.use(id)?.subjects ?? null, seen: destinations.exists(id) || !destinations.canSee(subscriptionIdOf(id) ?? '') }))
}

function judge(context: CheckContext): Judgement {
  const { ids, basis } = context.estate.destinations.central
  const known = feeds(context)
  const states = ids.map((id) => ({ id, sentinel: sentinelOn(id, context) }))
  const evidence: Evidence = {
    central: centralEvidence(context),
    sentinel: states.map(({ id, sentinel }) => ({ workspace: id, state: sentinel.state })),
    approvedFeeds: known,
  }
  const onboarded = states.filter(({ sentinel }) => sentinel.state === 'onboarded').map(({ id }) => nameOf(id))
  if (onboarded.length > 0) return { verdict: 'pass', reason: `Sentinel is on ${listInWords(onboarded)}${basis === 'confirmed' ? '' : proposalNote(context)}.`, evidence }
  const fed = known.filter(({ seen, subjects }) => seen && subjects !== null)
  if (fed.length > 0) return { verdict: 'pass', reason: `Logs are sent to ${listInWords(fed.map(({ id }) => nameOf(id)))}, which the policy names as the way to another SIEM.`, evidence }
  const [unread] = states.flatMap(({ sentinel }) => (sentinel.state === 'unread' ? sentinel.unread : []))
  if (unread !== undefined) return { ...unread, evidence: { ...evidence, ...unread.evidence } }
  if (ids.length === 0 && context.policy.approvedWorkspaces === null) {
    return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'No central workspace is known, so that it cannot be told where logs would be reviewed: name one in the policy.', evidence, permission: readActionOf.workspace }
  }
  const where = ids.length === 0 ? 'The policy names no central workspace' : `Sentinel is not on ${listInWords(ids.map(nameOf))}`
  return { verdict: 'fail', reason: `${where}, and the policy names no event hub that feeds another SIEM.`, evidence }
}
