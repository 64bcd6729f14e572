import { ok, type Answer } from '../answer'
import { subscriptionIdOf } from '@/lib/domain/arm-id'
import { uniform } from '../random'
import type { Discipline } from './company'
import type { DestinationBook } from './destinations'

const plans = [
  'VirtualMachines',
  'SqlServers',
  'AppServices',
  'StorageAccounts',
  'SqlServerVirtualMachines',
  'Containers',
  'KeyVaults',
  'Arm',
  'OpenSourceRelationalDatabases',
  'CosmosDbs',
  'CloudPosture',
  'Api',
  'AI',
] as const

const standardShare: Record<Discipline, number> = { strong: 0.85, fair: 0.5, weak: 0.1 }

export function pricings(seed: number, subject: string, book: DestinationBook): Answer {
  const discipline = book.disciplines.get(subscriptionIdOf(subject) ?? '') ?? 'fair'
  return ok({
    value: plans.map((name) => {
      const standard = uniform(seed, subject, 'plan', name) < standardShare[discipline]
      return {
        id: `${subject}/providers/Microsoft.Security/pricings/${name}`,
        name,
        type: 'Microsoft.Security/pricings',
        properties: {
          pricingTier: standard ? 'Standard' : 'Free',
          freeTrialRemainingTime: 'PT0S',
          resourcesCoverageStatus: standard ? 'FullyCovered' : 'NotCovered',
          enforce: 'False',
        },
      }
    }),
  })
}

export function securityContacts(seed: number, subject: string): Answer {
  if (uniform(seed, subject, 'contact') >= 0.75) return ok({ value: [] })
  return ok({
    value: [
      {
        id: `${subject}/providers/Microsoft.Security/securityContacts/default`,
        name: 'default',
        type: 'Microsoft.Security/securityContacts',
        location: 'West Europe',
        properties: {
          isEnabled: true,
          emails: 'security@brightwater-provisions.example',
          phone: '',
          notificationsSources: [
            { sourceType: 'Alert', minimalSeverity: uniform(seed, subject, 'minimum') < 0.8 ? 'Medium' : 'High' },
          ],
          notificationsByRole: { state: 'On', roles: ['Owner'] },
        },
      },
    ],
  })
}
