import { loadCatalog } from '@/lib/catalog'
import { pickWeighted } from '../random'
import type { SettingInput } from '../setting-body'
import type { DestinationBook } from './destinations'
import type { SubscriptionPlan } from './estate'

/** What a subscription's activity log does: the first subscriptions show each case, the others are drawn. */
export function activityLogSettings(seed: number, plan: SubscriptionPlan, book: DestinationBook): SettingInput[] {
  const shown = ['complete', 'complete', 'partial', 'complete', 'missing', 'complete', 'deleted'] as const
  const drawn = pickWeighted(
    { complete: 70, group: 8, partial: 8, missing: 8, archive: 4, deleted: 2 },
    seed,
    plan.subscriptionId,
    'export',
  )
  const posture = shown[plan.index] ?? drawn
  const { categories } = loadCatalog().platform.subscription
  const only = (names: readonly string[]) => categories.map((category) => ({ category, enabled: names.includes(category) }))
  const archive = book.archives[0]
  switch (posture) {
    case 'complete':
      return [{ name: 'activity-to-central', workspaceId: book.centralWorkspace, logs: only(categories) }]
    case 'group':
      return [
        {
          name: 'activity-all',
          workspaceId: book.centralWorkspace.toLowerCase(),
          logs: [{ categoryGroup: 'allLogs', enabled: true }],
        },
      ]
    case 'partial':
      return [{ name: 'activity-admin', workspaceId: book.centralWorkspace, logs: only(['Administrative', 'ServiceHealth']) }]
    case 'archive':
      return archive ? [{ name: 'activity-archive', storageAccountId: archive.id, logs: only(categories) }] : []
    case 'deleted':
      return [{ name: 'activity-old', workspaceId: book.deletedWorkspace, logs: only(categories) }]
    case 'missing':
      return []
  }
}

const unusedEntraCategories: readonly string[] = [
  'B2CRequestLogs',
  'ADFSSignInLogs',
  'RemoteNetworkHealthLogs',
  'AzureADGraphActivityLogs',
  'EnrichedOffice365AuditLogs',
]

/** Entra's logs go to the centre, but for those that the company has no use for. */
export function entraSettings(book: DestinationBook): SettingInput[] {
  const { categories } = loadCatalog().platform.tenant
  return [
    {
      name: 'entra-to-central',
      workspaceId: book.centralWorkspace,
      logs: categories.map((category) => ({ category, enabled: !unusedEntraCategories.includes(category) })),
    },
  ]
}

export function managementGroupSettings(name: string, book: DestinationBook): SettingInput[] {
  if (name !== 'brightwater' && name !== 'production') return []
  return [{ name: 'group-to-central', workspaceId: book.centralWorkspace, logs: [{ categoryGroup: 'allLogs', enabled: true }] }]
}
