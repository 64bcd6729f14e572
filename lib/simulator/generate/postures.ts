import type { LogCategory } from '@/lib/domain/estate'
import { pickWeighted, uniform } from '../random'
import type { SettingInput } from '../setting-body'
import type { Discipline } from './company'
import type { DestinationBook } from './destinations'

export type Posture =
  | 'all-logs-group'
  | 'audit-group'
  | 'all-categories'
  | 'two-settings'
  | 'some-categories'
  | 'disabled'
  | 'metrics-only'
  | 'storage-only'
  | 'event-hub-only'
  | 'deleted-workspace'
  | 'unseen-workspace'
  | 'none'

/** How often each posture is met, by how carefully a subscription is run. */
const weights: Record<Discipline, Record<Posture, number>> = {
  strong: {
    'all-logs-group': 44,
    'audit-group': 20,
    'all-categories': 11,
    'two-settings': 5,
    'some-categories': 4,
    disabled: 1,
    'metrics-only': 3,
    'storage-only': 2,
    'event-hub-only': 1.5,
    'deleted-workspace': 1,
    'unseen-workspace': 0.3,
    none: 7,
  },
  fair: {
    'all-logs-group': 26,
    'audit-group': 15,
    'all-categories': 9,
    'two-settings': 6,
    'some-categories': 7,
    disabled: 3,
    'metrics-only': 6,
    'storage-only': 3,
    'event-hub-only': 2,
    'deleted-workspace': 3,
    'unseen-workspace': 0.7,
    none: 20,
  },
  weak: {
    'all-logs-group': 12,
    'audit-group': 8,
    'all-categories': 5,
    'two-settings': 3,
    'some-categories': 9,
    disabled: 5,
    'metrics-only': 10,
    'storage-only': 4,
    'event-hub-only': 3,
    'deleted-workspace': 6,
    'unseen-workspace': 1,
    none: 34,
  },
}

/** How often a workspace that is written to is the central one and not the team's. */
const centralShare: Record<Discipline, number> = { strong: 0.95, fair: 0.8, weak: 0.6 }

export interface PostureSubject {
  /** The id in lower case. */
  key: string
  subscriptionId: string
  /** What is drawn together: a storage account's services mostly share a posture. */
  drawKey: string
}

/** The settings of a subject, drawn from the seed: the same each time it is asked. */
export function settingsOf(
  seed: number,
  subject: PostureSubject,
  categories: LogCategory[],
  book: DestinationBook,
): SettingInput[] {
  const discipline = book.disciplines.get(subject.subscriptionId) ?? 'fair'
  if (categories.length === 0)
    return uniform(seed, subject.key, 'metrics') < 0.25 ? [metricsTo(workspaceFor(seed, subject, discipline, book))] : []
  return settingsFor(pickWeighted(weights[discipline], seed, subject.drawKey, 'posture'), seed, subject, categories, book)
}

function settingsFor(
  posture: Posture,
  seed: number,
  subject: PostureSubject,
  categories: LogCategory[],
  book: DestinationBook,
): SettingInput[] {
  const discipline = book.disciplines.get(subject.subscriptionId) ?? 'fair'
  const workspaceId = workspaceFor(seed, subject, discipline, book)
  const archive = book.archives[Math.floor(uniform(seed, subject.drawKey, 'archive') * book.archives.length)]
  const dedicated = uniform(seed, subject.drawKey, 'dedicated') < 0.5 ? 'Dedicated' : null
  const all = categories.map((each) => ({ category: each.name, enabled: true }))
  const some = all.map((each, index) => ({ ...each, enabled: index === 0 && all.length > 1 }))
  const group = (name: string) => [
    { categoryGroup: name, enabled: true },
    { categoryGroup: name === 'audit' ? 'allLogs' : 'audit', enabled: false },
  ]
  const hasAudit = categories.some((each) => each.groups.includes('audit'))

  switch (posture) {
    case 'all-logs-group':
      return [
        {
          name: 'send-all-to-central',
          workspaceId,
          logAnalyticsDestinationType: dedicated,
          logs: [{ categoryGroup: 'allLogs', enabled: true }],
        },
      ]
    case 'audit-group':
      return [
        {
          name: 'setByPolicy-LogAnalytics',
          workspaceId,
          logAnalyticsDestinationType: dedicated,
          logs: group(hasAudit ? 'audit' : 'allLogs'),
          metrics: [{ category: 'AllMetrics', enabled: false }],
        },
      ]
    case 'all-categories':
      return [
        {
          name: 'diag-full',
          workspaceId,
          storageAccountId: uniform(seed, subject.drawKey, 'also') < 0.3 ? archive?.id : null,
          logs: all,
          metrics: [{ category: 'AllMetrics', enabled: true }],
        },
      ]
    case 'two-settings':
      return twoSettings(subject, all, book, workspaceId)
    case 'some-categories':
      return [{ name: 'diag-app', workspaceId, logs: some, metrics: [{ category: 'AllMetrics', enabled: true }] }]
    case 'disabled':
      return [
        {
          name: 'diag-paused',
          workspaceId,
          logs: all.map((each) => ({ ...each, enabled: false })),
          metrics: [{ category: 'AllMetrics', enabled: false }],
        },
      ]
    case 'metrics-only':
      return [metricsTo(workspaceId)]
    case 'storage-only':
      return archive ? [{ name: 'diag-archive', storageAccountId: archive.id, logs: all }] : []
    case 'event-hub-only':
      return book.eventHubRule
        ? [{ name: 'siem-feed', eventHubAuthorizationRuleId: book.eventHubRule, eventHubName: 'insights-logs', logs: all }]
        : []
    case 'deleted-workspace':
      return [{ name: 'diag-old', workspaceId: book.deletedWorkspace, logs: all }]
    case 'unseen-workspace':
      return [{ name: 'partner-soc', workspaceId: book.unseenWorkspace, logs: all }]
    case 'none':
      return []
  }
}

/** One half of the categories goes to a team's workspace, the other to the centre: together they are complete. */
function twoSettings(
  subject: PostureSubject,
  all: { category: string; enabled: boolean }[],
  book: DestinationBook,
  workspaceId: string,
): SettingInput[] {
  const half = Math.ceil(all.length / 2)
  const entries = (first: boolean) => all.map((each, index) => ({ ...each, enabled: index < half === first }))
  const team = book.teamWorkspaces.get(subject.subscriptionId) ?? workspaceId
  return [
    { name: 'security', workspaceId, logs: entries(true) },
    {
      name: 'operations',
      workspaceId: all.length > 2 ? workspaceId.toLowerCase() : team,
      logs: entries(false),
      metrics: [{ category: 'AllMetrics', enabled: true }],
    },
  ]
}

function metricsTo(workspaceId: string): SettingInput {
  return { name: 'metrics', workspaceId, logs: [], metrics: [{ category: 'AllMetrics', enabled: true }] }
}

/** A workspace that exists, sometimes spelt in lower case as some tools write it. */
function workspaceFor(seed: number, subject: PostureSubject, discipline: Discipline, book: DestinationBook): string {
  const central = uniform(seed, subject.drawKey, 'second') < 0.12 ? book.secondWorkspace : book.centralWorkspace
  const team = book.teamWorkspaces.get(subject.subscriptionId)
  const chosen = team && uniform(seed, subject.drawKey, 'central') >= centralShare[discipline] ? team : central
  return uniform(seed, subject.key, 'spelling') < 0.1 ? chosen.toLowerCase() : chosen
}
