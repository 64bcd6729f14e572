import { nameOf, toResourceKey } from '@/lib/domain/arm-id'
import type { CheckContext } from '@/lib/domain/check'
import { dayMs } from '@/lib/domain/day'
import type { Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { counts, mayKeep, unclearJudgement, type Destination, type UnclearKeeping } from './destination'
import type { EffectiveLogging } from './effective-logging'
import { isRequired } from './required-categories'
import type { ComparedLogging } from './resource-logging'
import { auditCategory } from './sql-audit'
import { unreadJudgement } from './unread'
import { listInWords } from './wording'

/**
 * The audit of a SQL managed instance. Its diagnostic setting carries what a server audit writes, and the server audit is made in
 * T-SQL: no Azure API shows it, so that the setting alone proves nothing.
 */

export const managedInstanceType = 'microsoft.sql/managedinstances'
export const arrivalsRead = 'Microsoft.OperationalInsights/workspaces/query/AzureDiagnostics/read'

/** How long ago the last event may be: the days that the workspace is asked for. */
const arrivalDays = 7

/** What to run on the instance: an audit of type EXTERNAL MONITOR (or URL, for storage) must be STARTED, and its specification on. */
export const auditStateQuery =
  'SELECT a.name, a.type_desc, s.status_desc, p.name AS specification, p.is_state_enabled AS specification_on FROM sys.server_audits AS a '
  + 'LEFT JOIN sys.dm_server_audit_status AS s ON s.audit_id = a.audit_id LEFT JOIN sys.server_audit_specifications AS p ON p.audit_guid = a.audit_guid'

/** What workspaces tell of the audit events of one instance. */
export type AuditArrivals =
  | { state: 'arrived' | 'none'; workspaces: string[] }
  /** Not read; or nothing came, and what came may not have been kept. */
  | { state: 'unread'; judgement: ReturnType<typeof unreadJudgement> }
  /** No workspace that its audit is sent to was asked. */
  | { state: 'not-asked' }

/** Where settings send the audit, each destination that is not known to lose it once. */
export function auditDestinations({ categories, openGroups }: EffectiveLogging): Destination[] {
  const open = openGroups.filter(({ group }) => group === 'audit' || group === 'alllogs').map(({ flow }) => flow)
  const flows = [...(categories.get(auditCategory.toLowerCase())?.flows ?? []), ...open]
  const byKey = new Map<string, Destination>()
  for (const { destination } of flows) if (counts(destination) || !byKey.has(destination.key)) byKey.set(destination.key, destination)
  return [...byKey.values()]
}

/** Whether audit events of the instance arrived of late where its settings send them. */
export function auditArrivals(instance: Resource, effective: EffectiveLogging, context: CheckContext): AuditArrivals {
  const asked = auditDestinations(effective).flatMap((destination) => {
    const { key, id, kind, unclear } = destination
    const read = kind === 'workspace' && mayKeep(destination) ? context.estate.fact(key, 'audit-arrivals') : undefined
    return read === undefined ? [] : [{ id, read, unclear }]
  })
  if (asked.length === 0) return { state: 'not-asked' }
  const since = Date.parse(context.scannedAt) - (arrivalDays + 1) * dayMs
  const own = toResourceKey(instance.id)
  const arrivedIn = asked.filter(({ read }) => read.ok && read.value.some(({ resource, category, lastOn }) =>
    toResourceKey(resource) === own && category.toLowerCase() === auditCategory.toLowerCase() && Date.parse(lastOn) > since))
  if (arrivedIn.length > 0) return { state: 'arrived', workspaces: arrivedIn.map(({ id }) => id).sort() }
  for (const { id, read } of asked) if (!read.ok) return { state: 'unread', judgement: unreadJudgement(`What arrived in ${nameOf(id)}`, read, arrivalsRead) }
  const [lost] = asked.every(({ unclear }) => unclear !== undefined) ? asked.flatMap(({ id, unclear }) => (unclear ? [perhapsLost(id, unclear)] : [])) : []
  return lost === undefined ? { state: 'none', workspaces: asked.map(({ id }) => id).sort() } : { state: 'unread', judgement: lost }
}

function perhapsLost(workspaceId: string, unclear: UnclearKeeping): ReturnType<typeof unreadJudgement> {
  const lead = `No audit event of the instance arrived in ${nameOf(workspaceId)} in the last ${arrivalDays} days, and what came may not have been kept.`
  return unclearJudgement(lead, unclear, { auditEventsArrivedIn: [] })
}

const whereToLook = 'look at sys.server_audits and sys.dm_server_audit_status on the instance, by the query in the evidence'

/** Unknown because nothing came: an audit that is off and an instance that nobody used look the same. */
export function nothingArrived(workspaces: readonly string[]): Pick<Extract<Judgement, { verdict: 'unknown' }>, 'verdict' | 'reasonCode' | 'reason'> {
  return {
    verdict: 'unknown',
    reasonCode: 'not-onboarded',
    reason: `No audit event of the instance arrived in ${listInWords(workspaces.map(nameOf))} in the last ${arrivalDays} days: its server audit is off, or nothing that it audits happened. To tell, ${whereToLook}.`,
  }
}

/** The verdict on an instance's settings in the light of what is known of its server audit. */
export function withServerAudit(judgement: Judgement, instance: Resource, logging: ComparedLogging, context: CheckContext): Judgement {
  if (!isRequired(logging.required, auditCategory.toLowerCase())) return judgement
  if (judgement.verdict === 'fail') {
    return { ...judgement, reason: `${judgement.reason} A server audit that writes to storage on its own (TO URL) would show in T-SQL alone.`, evidence: { ...judgement.evidence, lookAt: auditStateQuery } }
  }
  if (judgement.verdict !== 'pass') return judgement
  const arrivals = auditArrivals(instance, logging.effective, context)
  const { severity } = judgement
  switch (arrivals.state) {
    case 'arrived':
      return { ...judgement, reason: `${judgement.reason} Audit events arrived in ${listInWords(arrivals.workspaces.map(nameOf))} in the last ${arrivalDays} days.`, evidence: { ...judgement.evidence, auditEventsArrivedIn: arrivals.workspaces } }
    case 'none': return { ...nothingArrived(arrivals.workspaces), severity, evidence: { ...judgement.evidence, auditEventsArrivedIn: [], lookAt: auditStateQuery } }
    case 'unread': return { ...arrivals.judgement, severity, evidence: { ...judgement.evidence, ...arrivals.judgement.evidence, lookAt: auditStateQuery } }
    case 'not-asked':
      return {
        verdict: 'unknown',
        reasonCode: 'unsupported',
        reason: `The setting carries what a server audit writes, and whether one is on is decided in T-SQL, which no Azure API shows: ${whereToLook}.`,
        severity,
        evidence: { ...judgement.evidence, lookAt: auditStateQuery },
      }
  }
}
