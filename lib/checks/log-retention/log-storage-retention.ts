import type { Check } from '@/lib/domain/check'
import { totalDaysAsked } from '@/lib/domain/retention-days'
import { fieldsOf } from '../remediation/evidence-fields'
import { remediateLifecycle, seeLifecycle } from '../remediation/lifecycle'
import { daysIn } from '../remediation/retention'
import { daysInWords, firstDeletion, lifecycleRead, totalDaysOfUse } from '../retention'
import { unreadJudgement } from '../unread'
import { listInWords } from '../wording'
import { retentionMappings } from './mappings'

export const logStorageRetention: Check = {
  id: 'log-storage-retention',
  version: 3,
  keyPoint: 'log-retention',
  title: 'The storage account keeps its logs long enough',
  question: 'Does no lifecycle rule of this account delete logs before the required time?',
  why: 'A lifecycle rule made to save cost, often without a prefix, deletes the archive of logs with everything else.',
  severity: 'high',
  rules: {
    pass: 'No enabled rule deletes append blobs under the log containers before the total time of the policy; without rules blobs are kept for ever. A rule that asks for blob index tags takes no logs, since Azure sets none on them; prefixes are compared as they are written, with the ids of resources in capitals. Where one of several categories is enough and one of them is kept long enough, the containers of the others are not asked.',
    fail: 'A rule deletes them earlier, counted from modification, creation or last access.',
    unknown: 'The lifecycle rules could not be read.',
  },
  sources: [
    { title: 'Lifecycle management policies of blob storage', url: 'https://learn.microsoft.com/azure/storage/blobs/lifecycle-management-overview' },
    { title: 'MCSB LT-6: Configure log storage retention', url: 'https://learn.microsoft.com/security/benchmark/azure/mcsb-logging-threat-detection#lt-6-configure-log-storage-retention' },
  ],
  mappings: retentionMappings,
  permissions: [lifecycleRead],

  asks: ['microsoft.storage/storageaccounts'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || subject.resource.type !== 'microsoft.storage/storageaccounts') return undefined
    const use = context.estate.destinations.use(subject.id)
    // Only destinations of required logs are asked: an estate has many accounts, and most hold no logs.
    if (!use || use.categories.length === 0) return undefined
    const read = context.estate.fact(subject.id, 'storage-lifecycle')
    if (!read?.ok) {
      if (read?.reason === 'gone') return undefined
      return unreadJudgement('The lifecycle rules of the storage account', read, lifecycleRead)
    }
    const containers = use.categories.map((container) => ({ container, asked: totalDaysOfUse(container, use, context), deletion: firstDeletion(read.value, `${container}/`) }))
    const short = containers.filter(({ deletion, asked }) => deletion !== null && deletion.days < asked)
    const longest = Math.max(...containers.map(({ asked }) => asked))
    const evidence = {
      requiredDays: longest,
      containers: containers.map(({ container, asked, deletion }) => ({
        container, ...(asked !== longest && { requiredDays: asked }), days: daysInWords(deletion?.days ?? Number.POSITIVE_INFINITY), ...(deletion && { rule: deletion.rule }),
      })),
      rules: read.value.filter((rule) => rule.enabled).map((rule) => rule.name).sort(),
    }
    if (short.length > 0) {
      const words = listInWords(short.map(({ container, asked, deletion }) => `${container} after ${deletion?.days} days${asked === longest ? '' : ` of ${asked}`} by '${deletion?.rule}'`))
      return { verdict: 'fail', reason: `Lifecycle rules delete logs before ${short.every(({ asked }) => asked === longest) ? `${longest} days` : 'the days that are asked'}: ${words}.`, evidence }
    }
    return { verdict: 'pass', reason: `No lifecycle rule deletes logs before ${containers.every(({ asked }) => asked === longest) ? `${longest} days` : 'the days that are asked of them'}.`, evidence }
  },

  remediate: ({ resourceId, judgement: { verdict, evidence } }, { policy }) => {
    const days = daysIn(evidence) ?? totalDaysAsked(policy.retentionDays, ['audit-logging'])
    if (verdict === 'unknown') return seeLifecycle(days)
    return remediateLifecycle({ accountId: resourceId, days, ...deletedSooner(evidence?.containers, days) })
  },
}

/** The containers that a finding shows to be emptied too soon, and by which rules. */
function deletedSooner(list: unknown, longest: number): { rules: string[]; containers: string[] } {
  const found = (Array.isArray(list) ? list : []).flatMap((one: unknown) => {
    const { container, days, rule, requiredDays = longest } = fieldsOf(one)
    return typeof container === 'string' && typeof rule === 'string' && Number(days) < Number(requiredDays) ? [{ container, rule }] : []
  })
  return { rules: found.map(({ rule }) => rule), containers: found.map(({ container }) => container) }
}
