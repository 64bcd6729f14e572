import { nameOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Check, CheckContext } from '@/lib/domain/check'
import { dayMs } from '@/lib/domain/day'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { alertingPlans } from '../defender-plans'
import { remediateOpenAlerts } from '../remediation/sentinel'
import { incidentsPermission, onboardingPermission, sentinelOn } from '../sentinel'
import { unreadJudgement } from '../unread'
import { listInWords } from '../wording'
import { reviewMappings } from './mappings'

const daysMax = { High: 7, Medium: 30 } as const
const plansPermission = 'Microsoft.Security/pricings/read'
const alertsPermission = 'Microsoft.Security/alerts/read'
/** Alerts are resources of a region: without it Resource Graph leaves them out, and says nothing. */
const regionalAlertsPermission = 'Microsoft.Security/locations/alerts/read'

type Unknown = Extract<Judgement, { verdict: 'unknown' }>

interface Open {
  severity: 'High' | 'Medium'
  /** Null: Azure did not say. */
  since: string | null
  /** Absent: an incident that an earlier release read without one. */
  id?: string
}

export const alertsHandled: Check = {
  id: 'alerts-handled',
  version: 2,
  keyPoint: 'log-review',
  title: 'Somebody deals with what is raised',
  question: 'Is every grave alert and incident of this subscription taken up within days?',
  why: 'That people look is a process, which no API shows. What shows is what they leave lying: an alert that stays open for weeks is one that nobody read.',
  severity: 'medium',
  rules: {
    pass: `No active alert of Defender for Cloud is older than ${daysMax.High} days at severity High or ${daysMax.Medium} days at Medium, and no new incident of a Sentinel that lies in the subscription is.`,
    fail: 'Some are; their number and the oldest are shown, and the ids of the oldest.',
    notApplicable: 'No Defender plan that raises alerts is on (posture management raises none) and no Sentinel lies in the subscription, so that nothing is raised; or the subscription is deleted.',
    unknown: 'The alerts, the plans or the incidents could not be read, or an alert carries no date.',
  },
  sources: [
    { title: 'Manage and respond to security alerts', url: 'https://learn.microsoft.com/azure/defender-for-cloud/managing-and-responding-alerts' },
    { title: 'Investigate incidents in Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/investigate-incidents' },
  ],
  mappings: reviewMappings,
  permissions: [alertsPermission, regionalAlertsPermission, plansPermission, onboardingPermission, incidentsPermission],

  asks: ['subscription'],
  evaluate(subject, context) {
    if (subject.kind !== 'subscription') return undefined
    if (subject.subscription.state === 'Deleted') return { verdict: 'not-applicable', reason: 'The subscription is deleted.' }
    const sentinel = ownSentinel(context)
    const alerts = ownAlerts(subject.id, context)
    const open = [
      ...old(alerts.open, context.scannedAt, 'active alerts', 'active alert'),
      ...old(sentinel.open, context.scannedAt, 'new incidents', 'new incident'),
    ]
    const evidence: Evidence = { daysMax, ...alerts.evidence, ...sentinel.evidence }
    if (open.length > 0) return { verdict: 'fail', reason: `Nobody has taken up ${listInWords(open)}.`, evidence }
    const unread = alerts.unread ?? sentinel.unread
    if (unread !== null) return { ...unread, evidence: { ...evidence, ...unread.evidence } }
    if (!alerts.raised && !sentinel.raised) return { verdict: 'not-applicable', reason: 'No Defender plan that raises alerts is on and no Sentinel lies in the subscription, so that nothing is raised.', evidence }
    if (alerts.open.some(({ since }) => since === null)) {
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: 'Alerts are active, and Azure does not say since when.', evidence }
    }
    return { verdict: 'pass', reason: 'No grave alert or incident has been lying for long.', evidence }
  },

  remediate: remediateOpenAlerts,
}

interface Raised {
  raised: boolean
  open: Open[]
  unread: Unknown | null
  evidence: Evidence
}

function ownAlerts(subscriptionId: string, context: CheckContext): Raised {
  const plans = context.estate.fact(subscriptionId, 'defender-plans')
  const alerts = context.estate.fact(subscriptionId, 'defender-alerts')
  const active = (alerts?.ok ? alerts.value : []).filter(({ status }) => status.toLowerCase() === 'active')
  const open = active.map(({ id, severity, raisedAt }) => ({ id, severity, since: raisedAt }))
  const on = alertingPlans(plans?.ok ? plans.value : [])
  const unread = !plans?.ok
    ? unreadJudgement('The Defender plans of the subscription', plans, plansPermission)
    : on.length > 0 && !alerts?.ok ? unreadJudgement('The alerts of Defender for Cloud', alerts, alertsPermission) : null
  return {
    raised: on.length > 0,
    open,
    unread,
    evidence: { defenderPlans: on, activeAlerts: summary(open) },
  }
}

/** The incidents of each Sentinel whose workspace lies in the subscription. */
function ownSentinel(context: CheckContext): Raised {
  const found: Raised = { raised: false, open: [], unread: null, evidence: {} }
  const shown: Evidence[] = []
  const subscriptionId = context.estate.subscription?.subscriptionId.toLowerCase()
  for (const id of context.estate.destinations.workspaceIds) {
    if (subscriptionIdOf(id) !== subscriptionId || context.estate.fact(id, 'sentinel-onboarding') === undefined) continue
    const sentinel = sentinelOn(id, context)
    if (sentinel.state === 'unread') found.unread ??= sentinel.unread
    if (sentinel.state !== 'onboarded') continue
    found.raised = true
    const incidents = context.estate.fact(id, 'sentinel-incidents')
    if (incidents?.ok) {
      const open = incidents.value.map(({ id, severity, createdAt }): Open => ({ severity, since: createdAt, ...(id !== undefined && { id }) }))
      found.open.push(...open)
      shown.push({ workspace: id, newIncidents: summary(open) })
    } else {
      found.unread ??= unreadJudgement(`The incidents of Sentinel on ${nameOf(id)}`, incidents, incidentsPermission)
    }
  }
  return { ...found, evidence: shown.length > 0 ? { sentinel: shown } : {} }
}

function dates(open: readonly Open[]): string[] {
  return open.flatMap(({ since }) => since ?? []).sort()
}

/** Enough to look them up by. */
function oldestIds(open: readonly Open[]): string[] {
  const keyOf = ({ since, id }: Open): string => `${since ?? '9'} ${id ?? ''}`
  return [...open].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1)).flatMap(({ id }) => id ?? []).slice(0, 5)
}

function summary(open: readonly Open[]): Evidence {
  const [high, medium] = (['High', 'Medium'] as const).map((severity) => open.filter((one) => one.severity === severity))
  const of = (list: readonly Open[] = []): Evidence => {
    const oldest = dates(list)[0]
    const ids = oldestIds(list)
    return { count: list.length, ...(oldest !== undefined && { oldest }), ...(ids.length > 0 && { oldestIds: ids }) }
  }
  return { high: of(high), medium: of(medium) }
}

/** For each severity, those that have been lying for too long, in words. */
function old(open: readonly Open[], scannedAt: string, many: string, one: string): string[] {
  return (['High', 'Medium'] as const).flatMap((severity) => {
    const late = dates(open.filter((each) => each.severity === severity)).filter((since) => Date.parse(scannedAt) - Date.parse(since) > daysMax[severity] * dayMs)
    const [oldest] = late
    if (oldest === undefined) return []
    return `${late.length} ${late.length === 1 ? one : many} of severity ${severity} older than ${daysMax[severity]} days (the oldest of ${oldest.slice(0, 10)})`
  })
}
