import type { DefenderPlan } from '@/lib/domain/alerting'
import type { Check, CheckContext } from '@/lib/domain/check'
import type { Evidence, Judgement } from '@/lib/domain/finding'
import { remediateDefenderPlan } from '../remediation/defender'
import { unreadJudgement } from '../unread'
import { planMappings } from './mappings'
import { askedPlans, type AskedPlan } from './plans'

const permission = 'Microsoft.Security/pricings/read'

/** False only where the inventory is complete and holds nothing that the plan watches. */
function mayWatchSomething({ types, only }: AskedPlan, { estate }: CheckContext): boolean {
  if (types === null || estate.subscription === null || !estate.destinations.canSee(estate.subscription.subscriptionId)) return true
  return estate.kinds.some((kind) => types.includes(kind.type) && (only?.(kind) ?? true))
}

/** The day a trial ends, `2026-08-20`; null: no trial. The rest of the day is dropped, so that each scan finds the same. */
export function trialEnd(remaining: string | null, scannedAt: string): string | null {
  const [, days = '0', hours = '0', minutes = '0'] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:[\d.]+S)?)?$/i.exec(remaining ?? '') ?? []
  const left = (Number(days) * 24 + Number(hours)) * 60 + Number(minutes)
  return left === 0 ? null : new Date(Date.parse(scannedAt) + left * 60_000).toISOString().slice(0, 10)
}

function evidenceOf(plan: DefenderPlan, ends: string | null): Evidence {
  const { name, tier, subPlan, coverage, inheritedFrom } = plan
  return { plan: name, tier, ...(subPlan && { subPlan }), ...(coverage && { coverage }), ...(inheritedFrom && { inheritedFrom }), ...(ends && { trialEnds: ends }) }
}

function judge(plan: DefenderPlan, scannedAt: string): Judgement {
  const covers = plan.coverage?.toLowerCase()
  if (plan.deprecated) return { verdict: 'not-applicable', reason: `Azure has replaced the plan ${plan.name} by others.`, evidence: evidenceOf(plan, null) }
  if (plan.tier === 'Free') {
    const some = covers === 'partiallycovered' ? ', though single resources have it on' : ''
    return { verdict: 'fail', reason: `The plan ${plan.name} is off for the subscription${some}.`, evidence: evidenceOf(plan, null) }
  }
  const ends = trialEnd(plan.freeTrialRemainingTime, scannedAt)
  const evidence = evidenceOf(plan, ends)
  if (covers === 'notcovered') return { verdict: 'fail', reason: `The plan ${plan.name} is on and covers no resource.`, evidence }
  const notes = [
    ...(covers === 'partiallycovered' ? ['some resources are left out'] : []),
    ...(plan.inheritedFrom ? ['it is taken over from a wider scope'] : []),
    ...(ends ? [`a free trial until ${ends}`] : []),
  ]
  return { verdict: 'pass', reason: `The plan ${plan.name} is on${notes.length > 0 ? `: ${notes.join(', ')}` : ''}.`, evidence }
}

function defenderPlan(asked: AskedPlan): Check {
  const { name, watches } = asked
  return {
    id: `defender-plan-${asked.slug}`,
    version: 1,
    keyPoint: 'anomaly-alerts',
    title: `Defender for Cloud watches ${watches}`,
    question: `Is the Defender plan ${name} on for this subscription?`,
    why: `Without the plan ${name} nothing in the platform looks for attacks on ${watches}: the logs are there, and nobody is told.`,
    severity: asked.severity,
    rules: {
      pass: `${name} is on the tier Standard and covers resources. A trial counts, with its end noted.`,
      fail: `${name} is on the tier Free, covers nothing, or the subscription never registered with Defender for Cloud.`,
      notApplicable: `${asked.types === null ? '' : 'The subscription holds nothing that the plan watches, or '}Azure has replaced the plan, or the subscription is deleted.`,
      unknown: 'The plans could not be read, or Azure does not list this one.',
    },
    sources: [
      { title: 'Defender for Cloud plans', url: 'https://learn.microsoft.com/azure/defender-for-cloud/defender-for-cloud-introduction' },
      { title: 'Pricings of Microsoft.Security', url: 'https://learn.microsoft.com/rest/api/defenderforcloud/pricings/list' },
    ],
    mappings: planMappings(asked.cis),
    permissions: [permission],

    asks: ['subscription'],
    evaluate(subject, context) {
      if (subject.kind !== 'subscription') return undefined
      if (subject.subscription.state === 'Deleted') return { verdict: 'not-applicable', reason: 'The subscription is deleted.' }
      if (!mayWatchSomething(asked, context)) return { verdict: 'not-applicable', reason: `The subscription holds no resource that the plan ${name} watches.` }
      const read = context.estate.fact(subject.id, 'defender-plans')
      if (!read?.ok) return unreadJudgement('The Defender plans of the subscription', read, permission)
      if (read.value.length === 0) {
        return { verdict: 'fail', reason: `The plan ${name} is off: the subscription never registered with Defender for Cloud.`, evidence: { plans: [] } }
      }
      const plan = read.value.find((one) => one.name.toLowerCase() === name.toLowerCase())
      if (plan !== undefined) return judge(plan, context.scannedAt)
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: `Azure does not list the plan ${name} for this subscription.`, evidence: { plans: read.value.map((one) => one.name).sort() } }
    },

    remediate: (subject) => remediateDefenderPlan(subject, name, asked.policy),
  }
}

/** One check for each plan. */
export const defenderPlanChecks: readonly Check[] = askedPlans.map(defenderPlan)
