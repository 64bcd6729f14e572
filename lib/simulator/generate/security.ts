import { armError, ok, type Answer } from '../answer'
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

/** Half of the careless have never opened Defender for Cloud. */
export function isUnregistered(seed: number, subject: string, discipline: Discipline): boolean {
  return discipline === 'weak' && uniform(seed, subject, 'registered') < 0.5
}

function disciplineOf(subject: string, book: DestinationBook): Discipline {
  return book.disciplines.get(subscriptionIdOf(subject) ?? '') ?? 'fair'
}

/** Whether the plan for servers is on in a subscription, as `pricings` and Resource Graph both tell it. */
export function serversPlan(seed: number, subscriptionId: string, book: DestinationBook): boolean {
  const subject = `/subscriptions/${subscriptionId}`
  return !isUnregistered(seed, subject, disciplineOf(subject, book)) && isStandard(seed, subject, 'VirtualMachines', book)
}

function isStandard(seed: number, subject: string, name: string, book: DestinationBook): boolean {
  return uniform(seed, subject, 'plan', name) < standardShare[disciplineOf(subject, book)]
}

const unregistered = (): Answer =>
  armError(404, 'Subscription Not Registered', 'Please register to Microsoft.Security in order to view your security status')

export function pricings(seed: number, subject: string, book: DestinationBook): Answer {
  if (isUnregistered(seed, subject, disciplineOf(subject, book))) return unregistered()
  return ok({
    value: plans.map((name) => {
      const standard = isStandard(seed, subject, name, book)
      return {
        id: `${subject}/providers/Microsoft.Security/pricings/${name}`,
        name,
        type: 'Microsoft.Security/pricings',
        properties: {
          pricingTier: standard ? 'Standard' : 'Free',
          freeTrialRemainingTime: 'PT0S',
          resourcesCoverageStatus: !standard ? 'NotCovered' : uniform(seed, subject, 'covers', name) < 0.15 ? 'PartiallyCovered' : 'FullyCovered',
          enforce: 'False',
          ...(name === 'StorageAccounts' && { extensions: [{ name: 'OnUploadMalwareScanning', isEnabled: standard && uniform(seed, subject, 'scans') < 0.6 ? 'True' : 'False' }] }),
        },
      }
    }),
  })
}

export function securityContacts(seed: number, subject: string, book: DestinationBook): Answer {
  if (isUnregistered(seed, subject, disciplineOf(subject, book))) return unregistered()
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
