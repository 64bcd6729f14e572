import { z } from 'zod'
import { typeOf } from '../domain/arm-id'
import type { Collected } from '../domain/collected'
import type { SqlAuditing } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath } from './pages'
import { flag, number, parseAnswer, text, texts } from './shape'
import type { Wire } from './wire/wire'

const auditing = z
  .object({
    properties: z.object({
      state: z.string(),
      isAzureMonitorTargetEnabled: flag,
      isDevopsAuditEnabled: flag,
      retentionDays: number,
      auditActionsAndGroups: texts,
      storageEndpoint: text,
      storageAccountSubscriptionId: text,
      predicateExpression: text,
    }),
  })
  .transform(({ properties }): SqlAuditing => ({
    state: properties.state.toLowerCase() === 'enabled' ? 'Enabled' : 'Disabled',
    isAzureMonitorTargetEnabled: properties.isAzureMonitorTargetEnabled === true,
    isDevopsAuditEnabled: properties.isDevopsAuditEnabled === true,
    retentionDays: properties.retentionDays ?? 0,
    auditActionsAndGroups: properties.auditActionsAndGroups,
    storageEndpoint: properties.storageEndpoint,
    storageSubscriptionId: subscriptionOf(properties.storageAccountSubscriptionId),
    predicateExpression: properties.predicateExpression,
  }))

// Azure writes the empty GUID where it does not know.
const noSubscription = '00000000-0000-0000-0000-000000000000'

function subscriptionOf(id: string | null): string | null {
  return id === null || id === noSubscription ? null : id.toLowerCase()
}

export function parseSqlAuditing(status: number, body: unknown): Collected<SqlAuditing> {
  return parseAnswer(status, body, auditing)
}

/** Types of Synapse that have an audit like that of a SQL server: a workspace, which covers its pools, and a dedicated pool. */
export const synapseAuditTypes: readonly string[] = ['microsoft.synapse/workspaces', 'microsoft.synapse/workspaces/sqlpools']

/** Auditing of a SQL server or database, or of a Synapse workspace or pool: the extended settings, which hold the predicate; where they do not answer, the plain ones. */
export async function readSqlAuditing(wire: Wire, id: string): Promise<Collected<SqlAuditing>> {
  const extended = await readSettings(wire, id, 'extendedAuditingSettings')
  if (extended.ok || !mayHavePlain(extended)) return extended
  const plain = await readSettings(wire, id, 'auditingSettings')
  return plain.ok || extended.reason === 'not-supported' ? plain : extended
}

async function readSettings(wire: Wire, id: string, kind: 'extendedAuditingSettings' | 'auditingSettings'): Promise<Collected<SqlAuditing>> {
  const version = synapseAuditTypes.includes(typeOf(id) ?? '') ? apiVersions.synapseAuditing : apiVersions.sqlAuditing
  const answer = await wire.get(`${armPath(`${id}/${kind}/default`)}?api-version=${version}`)
  return answer.ok ? parseSqlAuditing(answer.value.status, answer.value.body) : answer
}

/** A refusal or an unknown kind of settings says nothing of the plain ones; a resource that is gone or a throttled lane does. */
function mayHavePlain(read: { reason: string; status: number | null }): boolean {
  return read.reason !== 'gone' && (read.status === 400 || read.status === 403 || read.status === 404)
}
