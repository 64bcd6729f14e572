import { z } from 'zod'
import type { ActionGroup, ActivityLogAlert, AlertExport, QueryRule, AlertLeaf, AdditionRule, ProcessingRule } from '../domain/alerting'
import { automation, toAlertExport } from './alert-exports'
import { isOnAny } from './on-any'
import { number, text, texts } from './shape'

/** What one row of `alertingQuery` is. */
export type AlertingRow =
  | { kind: 'activity-log-alert'; value: ActivityLogAlert }
  | { kind: 'query-rule'; value: QueryRule }
  | { kind: 'action-group'; value: ActionGroup }
  | { kind: 'suppression-rule'; value: ProcessingRule }
  | { kind: 'addition-rule'; value: AdditionRule }
  | { kind: 'export'; value: AlertExport }
  /** A rule that has no part in alerts on the activity log. */
  | { kind: 'other' }

/** Older rules have `"true"` for `true`. */
const flag = z.union([z.boolean(), z.stringbool()]).nullish().transform((value) => value ?? null)

const leaf = { field: text, equals: text, containsAny: texts }
const anyLeaf = z.object(leaf)

const activityLogAlert = z.object({
  enabled: flag,
  scopes: texts,
  condition: z.object({ allOf: z.array(z.object({ ...leaf, anyOf: z.array(anyLeaf).nullish() })).nullish() }).nullish(),
  actions: z.object({ actionGroups: z.array(z.object({ actionGroupId: text })).nullish() }).nullish(),
})

/** The first preview listed the action groups as objects, later versions list their ids. */
const queryActions = z.union([
  z.object({ actionGroups: texts }).transform(({ actionGroups }) => actionGroups),
  z.array(z.object({ actionGroupId: text })).transform((list) => list.flatMap(({ actionGroupId }) => actionGroupId ?? [])),
])

const criterion = z.object({
  query: text,
  operator: text,
  threshold: number,
  timeAggregation: text,
  failingPeriods: z.object({ minFailingPeriodsToAlert: number }).nullish(),
  dimensions: z.array(z.object({ operator: text, values: texts })).nullish(),
  resourceIdColumn: text,
})

/** True when one row in one period is enough, whatever its columns hold. */
function isOnAnyRow({ operator, threshold, timeAggregation, failingPeriods, dimensions }: z.infer<typeof criterion>): boolean {
  const splitsOnly = (dimensions ?? []).every((each) => each.operator?.toLowerCase() === 'include' && each.values.includes('*'))
  return splitsOnly && (failingPeriods?.minFailingPeriodsToAlert ?? 1) <= 1 && timeAggregation?.toLowerCase() === 'count' && isOnAny(operator, threshold)
}

const queryRule = z.object({
  enabled: flag,
  scopes: texts,
  criteria: z.object({ allOf: z.array(criterion).nullish() }).nullish(),
  actions: queryActions.nullish(),
  // The API of 2018, whose rules live on.
  source: z.object({ query: text, dataSourceId: text }).nullish(),
  action: z.object({
    aznsAction: z.object({ actionGroup: texts }).nullish(),
    trigger: z.object({ thresholdOperator: text, threshold: number, metricTrigger: z.unknown().optional() }).nullish(),
  }).nullish(),
})

const receivers = z.array(z.object({ status: text })).nullish()
const actionGroup = z.object({
  enabled: flag,
  emailReceivers: receivers,
  smsReceivers: receivers,
  webhookReceivers: receivers,
  itsmReceivers: receivers,
  azureAppPushReceivers: receivers,
  automationRunbookReceivers: receivers,
  voiceReceivers: receivers,
  logicAppReceivers: receivers,
  azureFunctionReceivers: receivers,
  armRoleReceivers: receivers,
  eventHubReceivers: receivers,
  incidentReceivers: receivers,
})

const processingRule = z.object({
  enabled: flag,
  scopes: texts,
  actions: z.array(z.object({ actionType: text, actionGroupIds: texts })).nullish(),
  conditions: z.array(z.object({ field: text, operator: text, values: texts })).nullish(),
  schedule: z.object({ effectiveFrom: text, effectiveUntil: text, recurrences: z.array(z.unknown()).nullish() }).nullish(),
})

function isEnabled(enabled: boolean | null): boolean {
  // Azure's default: what does not say otherwise is on.
  return enabled !== false
}

function toAlert(id: string, read: z.infer<typeof activityLogAlert>): ActivityLogAlert {
  return {
    id,
    enabled: isEnabled(read.enabled),
    scopes: read.scopes,
    conditions: (read.condition?.allOf ?? []).map(({ field, equals, containsAny, anyOf }) => ({ field, equals, containsAny, anyOf: (anyOf ?? []).map((each): AlertLeaf => each) })),
    actionGroupIds: (read.actions?.actionGroups ?? []).flatMap(({ actionGroupId }) => actionGroupId ?? []),
  }
}

function toActionGroup(id: string, { enabled, ...lists }: z.infer<typeof actionGroup>): ActionGroup {
  const counts = Object.entries(lists).map(([name, list]) => {
    const off = (list ?? []).filter(({ status }) => status?.toLowerCase() === 'disabled').length
    return { kind: name.replace(/Receivers$/, ''), on: (list ?? []).length - off, off }
  })
  return {
    id,
    enabled: isEnabled(enabled),
    receivers: Object.fromEntries(counts.filter(({ on }) => on > 0).map(({ kind, on }) => [kind, on])),
    disabledReceivers: counts.reduce((sum, { off }) => sum + off, 0),
  }
}

function toProcessing(id: string, { enabled, scopes, conditions, schedule }: z.infer<typeof processingRule>): ProcessingRule {
  const limits = { from: schedule?.effectiveFrom ?? null, until: schedule?.effectiveUntil ?? null, recurring: (schedule?.recurrences ?? []).length > 0 }
  const always = limits.from === null && limits.until === null && !limits.recurring
  return { id, enabled: isEnabled(enabled), scopes, conditions: conditions ?? [], always, ...(!always && { schedule: limits }) }
}

function toQueryRule(id: string, { enabled, scopes, criteria, actions, source, action }: z.infer<typeof queryRule>): QueryRule {
  const trigger = action?.trigger
  const queries = source
    ? [{ text: source.query, onAny: !trigger?.metricTrigger && isOnAny(trigger?.thresholdOperator ?? null, trigger?.threshold ?? null) }]
    : (criteria?.allOf ?? []).map((each) => ({ text: each.query, onAny: isOnAnyRow(each) }))
  return {
    id,
    enabled: isEnabled(enabled),
    scopes: source ? (source.dataSourceId === null ? [] : [source.dataSourceId]) : scopes,
    queries: queries.flatMap(({ text: query, onAny }) => (query !== null && /\bAzureActivity\b/i.test(query) ? { text: query, onAny } : [])),
    actionGroupIds: source ? (action?.aznsAction?.actionGroup ?? []) : (actions ?? []),
    ...((criteria?.allOf ?? []).some(({ resourceIdColumn }) => resourceIdColumn) && { byResource: true }),
  }
}

/** Reads one type's properties; null where they have a form that is not known. */
function reading<T>(schema: z.ZodType<T>, toEntry: (id: string, read: T) => AlertingRow): (id: string, properties: unknown) => AlertingRow | null {
  return (id, properties) => {
    const read = schema.safeParse(properties)
    return read.success ? toEntry(id, read.data) : null
  }
}

const readers: Record<string, (id: string, properties: unknown) => AlertingRow | null> = {
  'microsoft.insights/activitylogalerts': reading(activityLogAlert, (id, read) => ({ kind: 'activity-log-alert', value: toAlert(id, read) })),
  'microsoft.insights/actiongroups': reading(actionGroup, (id, read) => ({ kind: 'action-group', value: toActionGroup(id, read) })),
  'microsoft.insights/scheduledqueryrules': reading(queryRule, (id, read) => ({ kind: 'query-rule', value: toQueryRule(id, read) })),
  'microsoft.security/automations': reading(automation, (id, read) => {
    const value = toAlertExport(id, read)
    return value === null ? { kind: 'other' } : { kind: 'export', value }
  }),
  'microsoft.alertsmanagement/actionrules': reading(processingRule, (id, read) => {
    const actions = (read.actions ?? []).map(({ actionType, actionGroupIds }) => ({ type: actionType?.toLowerCase(), actionGroupIds }))
    // Suppression comes before addition, whichever rule says so.
    if (actions.some(({ type }) => type === 'removeallactiongroups')) return { kind: 'suppression-rule', value: toProcessing(id, read) }
    const actionGroupIds = actions.flatMap((each) => (each.type === 'addactiongroups' ? each.actionGroupIds : []))
    return actionGroupIds.length > 0 ? { kind: 'addition-rule', value: { ...toProcessing(id, read), actionGroupIds } } : { kind: 'other' }
  }),
}

/** A row of `alertingQuery`; one in an unknown form makes the whole page unreadable, since it might be the rule that counts. */
export const alertingRow = z.object({ id: z.string().min(1), type: z.string(), properties: z.unknown() }).transform((row, context): AlertingRow => {
  const entry = readers[row.type.toLowerCase()]?.(row.id, row.properties)
  if (entry) return entry
  context.addIssue({ code: 'custom', message: `an unknown form of ${row.type}` })
  return z.NEVER
})
