import type { Check, CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { bestOfEachList } from '../best-kept'
import { destinationPermissions } from '../destination'
import type { EffectiveCategory, EffectiveLogging } from '../effective-logging'
import { judgeRetention } from '../judge-retention'
import { remediateRetention } from '../remediation/retention'
import { isAlwaysRequired, type RequiredSet } from '../required-categories'
import { judgeOnce, resourceLogging, settingsRead, type ComparedLogging } from '../resource-logging'
import { blobPathOf, exportsRead, lifecycleRead, tablesRead, type RetentionSubject } from '../retention'
import { valueOf } from '../unread'
import { retentionMappings } from './mappings'

/** The required categories that go somewhere, by name, where one of several is enough the one that is kept best; all of them where nobody says which are required. */
function keptCategories(required: RequiredSet, effective: EffectiveLogging, retention: RetentionSubject, context: CheckContext): EffectiveCategory[] {
  const all = [...effective.categories.values()].sort((a, b) => (a.key < b.key ? -1 : 1))
  if (required.decidedBy === 'unknown') return all
  const best = new Set(bestOfEachList(required.anyOf, effective, retention, context).map((one) => one.best.key))
  return all.filter(({ key }) => best.has(key) || isAlwaysRequired(required, key))
}

function judgeLogging({ required, effective }: ComparedLogging, resourceId: string, context: CheckContext): Judgement {
  const retention = { bothTables: effective.profile.bothTables, isActivityLog: false, blobPath: blobPathOf(resourceId) }
  const categories = keptCategories(required, effective, retention, context)
  if (categories.length === 0) {
    if (effective.openGroups.length > 0) {
      const reason = 'A category group is sent, but neither Azure nor the catalogue says what it holds, so its tables are not known.'
      return { verdict: 'unknown', reasonCode: 'unsupported', reason }
    }
    return { verdict: 'not-applicable', reason: 'No required log of this resource is sent anywhere, which resource-audit-logs reports.' }
  }
  return judgeRetention(categories, effective.profile.type, retention, context, required.anyOf.length > 0 ? { oneOfEach: required.anyOf } : undefined)
}

/** Null: resources that are configured alike may have their logs kept for different times. */
const judgeAlike = judgeOnce((logging, context) => (dependsOnResource(logging.effective, context) ? null : judgeLogging(logging, '', context)))

/** Lifecycle rules may name single resources by their path inside a container. */
function dependsOnResource(effective: EffectiveLogging, context: CheckContext): boolean {
  return [...effective.categories.values()].some(({ flows }) =>
    flows.some(({ destination }) => destination.kind === 'storage-account' && namesPaths(destination.key, context)))
}

function namesPaths(account: string, context: CheckContext): boolean {
  const rules = valueOf(context.estate.fact(account, 'storage-lifecycle')) ?? []
  return rules.some((rule) => rule.prefixMatch.some((prefix) => prefix.includes('/')))
}

export const resourceLogRetention: Check = {
  id: 'resource-log-retention',
  version: 10,
  keyPoint: 'log-retention',
  title: 'Logs of the resource are kept long enough',
  question: 'Is every required log that this resource sends kept for the required time in at least one place?',
  why: 'Intrusions are often found months after they began; a log that was deleted by then answers nothing.',
  severity: 'medium',
  rules: {
    pass: 'Each required category that is sent is kept for the total time that the policy asks of its key point in at least one destination: by its table in a workspace (the table’s own figure, else the workspace’s), in a storage account that the workspace exports the table to, or in a storage account whose lifecycle rules delete nothing earlier. Of categories of which one is enough, the one that is kept best is asked.',
    fail: 'The longest kept copy of a required category is shorter than that.',
    notApplicable: 'No required category is sent anywhere (resource-audit-logs says so), or the resource has no logs.',
    unknown: 'The only copy goes to an event hub or partner solution, the destination, its tables or its lifecycle rules could not be read, no source says which table holds the logs, or the workspace’s own transformation may drop some rows.',
  },
  sources: [
    { title: 'Manage data retention in a Log Analytics workspace', url: 'https://learn.microsoft.com/azure/azure-monitor/logs/data-retention-configure' },
    { title: 'Lifecycle management policies of blob storage', url: 'https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview' },
    { title: 'MCSB LT-6: Configure log storage retention', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-6-configure-log-storage-retention' },
  ],
  mappings: retentionMappings,
  permissions: [settingsRead, ...destinationPermissions, tablesRead, exportsRead, lifecycleRead],

  evaluate(subject, context) {
    if (subject.kind !== 'resource') return undefined
    const { resource } = subject
    const logging = resourceLogging(resource, context)
    if (logging.state === 'gone') return undefined
    if (logging.state === 'settled') return logging.judgement
    return judgeAlike(logging, context) ?? judgeLogging(logging, resource.id, context)
  },

  remediate: remediateRetention,
}
