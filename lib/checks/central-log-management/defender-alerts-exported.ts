import type { Check } from '@/lib/domain/check'
import { nameOf } from '@/lib/domain/arm-id'
import { defenderDelivery, defenderDeliveryPermissions } from '../defender-delivery'
import { alertingPlans } from '../defender-plans'
import { remediateAlertExport } from '../remediation/alert-export'
import { unreadJudgement } from '../unread'
import { centralMappings } from './mappings'

const plansPermission = 'Microsoft.Security/pricings/read'

export const defenderAlertsExported: Check = {
  id: 'defender-alerts-exported',
  version: 4,
  keyPoint: 'central-log-management',
  title: 'Alerts of Defender for Cloud reach the centre',
  question: 'Do the alerts that Defender for Cloud raises in this subscription go to a workspace or an event hub?',
  why: 'Defender for Cloud keeps an alert for 90 days, in a place of its own. Beside the logs it can be correlated with them, and it stays.',
  severity: 'medium',
  rules: {
    pass: 'A continuous export for the whole subscription is on, takes alerts of severity High at least, and sends them to a workspace or event hub that exists; or a connector of Sentinel takes the subscription’s alerts.',
    fail: 'There is neither; or the export is switched off, takes a part, leaves High out, or sends to what no longer exists.',
    notApplicable: 'No Defender plan that raises alerts is on (posture management raises none), or the subscription is deleted.',
    unknown: 'The plans, exports or connectors could not be read, the destination is out of sight, or only the connector of Defender XDR is there, of which Azure does not tell whether it brings alerts of Defender for Cloud.',
  },
  sources: [
    { title: 'Continuous export of Defender for Cloud data', url: 'https://learn.microsoft.com/azure/defender-for-cloud/continuous-export' },
    { title: 'Ingest Defender for Cloud alerts to Microsoft Sentinel', url: 'https://learn.microsoft.com/azure/sentinel/connect-defender-for-cloud' },
  ],
  mappings: centralMappings,
  permissions: [plansPermission, ...defenderDeliveryPermissions],

  asks: ['subscription'],
  evaluate(subject, context) {
    if (subject.kind !== 'subscription') return undefined
    if (subject.subscription.state === 'Deleted') return { verdict: 'not-applicable', reason: 'The subscription is deleted.' }
    const plans = context.estate.fact(subject.id, 'defender-plans')
    if (!plans?.ok) return unreadJudgement('The Defender plans of the subscription', plans, plansPermission)
    const on = alertingPlans(plans.value)
    if (on.length === 0) return { verdict: 'not-applicable', reason: 'No Defender plan that raises alerts is on, so that no alert is raised.', evidence: { defenderPlans: on } }
    const delivery = defenderDelivery(context)
    if (delivery === null) return undefined
    const evidence = { defenderPlans: on, ...delivery.evidence }
    if (delivery.by !== null) return { verdict: 'pass', reason: `Alerts of the subscription are taken by ${delivery.by}.`, evidence }
    if (delivery.unread !== null) return { ...delivery.unread, evidence: { ...evidence, ...delivery.unread.evidence } }
    if (delivery.xdr !== null) {
      return { verdict: 'unknown', reasonCode: 'unsupported', reason: `Sentinel on ${nameOf(delivery.xdr)} takes incidents of Defender XDR, and Azure does not tell whether alerts of this subscription are among them.`, evidence }
    }
    return { verdict: 'fail', reason: `Alerts of the subscription stay in Defender for Cloud: ${delivery.faults[0] ?? 'there is no export and no connector for it'}.`, evidence }
  },

  remediate: remediateAlertExport,
}
