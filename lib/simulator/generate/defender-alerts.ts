import type { GraphRow } from '../graph-row'
import { guid } from '../random'
import type { Discipline } from './company'
import type { DestinationBook } from './destinations'
import type { Estate, SubscriptionPlan } from './estate'
import { isUnregistered } from './security'

interface AlertPlan {
  name: string
  severity: 'High' | 'Medium' | 'Low' | 'Informational'
  status: 'Active' | 'InProgress' | 'Resolved' | 'Dismissed'
  raised: string
}

/** The strong take alerts up; the others leave some lying. */
const alerts: Record<Discipline, readonly AlertPlan[]> = {
  strong: [
    { name: 'Unusual number of files extracted from a storage account', severity: 'High', status: 'InProgress', raised: '2025-11-20T06:15:00Z' },
    { name: 'Suspicious authentication activity', severity: 'Medium', status: 'Resolved', raised: '2025-11-02T13:40:00Z' },
    { name: 'Traffic detected from an address that was seen before', severity: 'Low', status: 'Active', raised: '2025-10-11T19:05:00Z' },
  ],
  fair: [
    { name: 'Possible credential dumping', severity: 'High', status: 'Active', raised: '2025-11-03T09:30:00Z' },
    { name: 'Unusual access to a key vault', severity: 'Medium', status: 'Dismissed', raised: '2025-10-21T16:22:00Z' },
  ],
  weak: [
    { name: 'Digital currency mining related behaviour', severity: 'High', status: 'Active', raised: '2025-08-17T01:12:00Z' },
    { name: 'Login from an unusual location', severity: 'Medium', status: 'Active', raised: '2025-09-29T22:47:00Z' },
  ],
}

/** Alerts of Defender for Cloud, in subscriptions that have ever opened it. */
export function defenderAlerts(estate: Estate, plans: readonly SubscriptionPlan[], book: DestinationBook): GraphRow[] {
  return plans.flatMap((plan) => {
    const discipline = book.disciplines.get(plan.subscriptionId) ?? plan.discipline
    const scope = `/subscriptions/${plan.subscriptionId}`
    if (isUnregistered(estate.seed, scope, discipline)) return []
    return alerts[discipline].map(({ name, severity, status, raised }, index): GraphRow => {
      const id = guid(estate.seed, 'defender-alert', plan.index, index)
      return {
        id: `${scope}/providers/Microsoft.Security/locations/${plan.region.name}/alerts/${id}`,
        name: id,
        type: 'microsoft.security/locations/alerts',
        tenantId: estate.tenantId,
        kind: '',
        location: plan.region.name,
        resourceGroup: '',
        subscriptionId: plan.subscriptionId,
        managedBy: '',
        sku: null,
        plan: null,
        properties: { AlertDisplayName: name, Severity: severity, Status: status, TimeGeneratedUtc: raised, StartTimeUtc: raised, VendorName: 'Microsoft' },
        tags: null,
        identity: null,
        zones: null,
        extendedLocation: null,
      }
    })
  })
}
