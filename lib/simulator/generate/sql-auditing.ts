import { nameOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import { ok, type Answer } from '../answer'
import { pickWeighted } from '../random'
import type { Discipline } from './company'
import type { DestinationBook } from './destinations'

type Posture = 'monitor' | 'storage' | 'storage-short' | 'disabled' | 'no-target'

const weights: Record<Discipline, Record<Posture, number>> = {
  strong: { monitor: 80, storage: 8, 'storage-short': 3, disabled: 7, 'no-target': 2 },
  fair: { monitor: 58, storage: 12, 'storage-short': 6, disabled: 20, 'no-target': 4 },
  weak: { monitor: 25, storage: 8, 'storage-short': 10, disabled: 52, 'no-target': 5 },
}

const actionGroups = ['SUCCESSFUL_DATABASE_AUTHENTICATION_GROUP', 'FAILED_DATABASE_AUTHENTICATION_GROUP', 'BATCH_COMPLETED_GROUP']

/** Auditing of a server; of its databases one in twelve has auditing of its own. */
export function sqlAuditing(seed: number, subject: string, book: DestinationBook): Answer {
  const database = subject.includes('/databases/')
  const discipline = book.disciplines.get(subscriptionIdOf(subject) ?? '') ?? 'fair'
  const own: Record<Posture, number> = { monitor: 8, storage: 0, 'storage-short': 0, disabled: 92, 'no-target': 0 }
  const posture =
    database && nameOf(subject) === 'master'
      ? 'disabled'
      : pickWeighted(database ? own : weights[discipline], seed, subject, 'auditing')
  const toStorage = posture === 'storage' || posture === 'storage-short'
  const account = nameOf(book.archives[0]?.id ?? '')
  return ok({
    properties: {
      state: posture === 'disabled' ? 'Disabled' : 'Enabled',
      isAzureMonitorTargetEnabled: posture === 'monitor',
      isManagedIdentityInUse: false,
      isStorageSecondaryKeyInUse: false,
      isDevopsAuditEnabled: posture === 'monitor' && !database,
      retentionDays: posture === 'storage-short' ? 30 : 0,
      auditActionsAndGroups: posture === 'disabled' ? [] : actionGroups,
      storageEndpoint: toStorage && account !== '' ? `https://${account}.blob.core.windows.net/` : '',
      storageAccountSubscriptionId: '00000000-0000-0000-0000-000000000000',
    },
  })
}
