import type { CheckContext } from '@/lib/domain/check'
import { scopeLogging, type ScopeLogging } from '../scope-logging'

/** Without these two nothing is known of who signed in and who changed the directory. */
export const entraCore: readonly string[] = ['AuditLogs', 'SignInLogs']

/** The tenant's log settings, asked for some of the required categories. Outside the public cloud the API is not offered. */
export function entraLogging(id: string, categories: readonly string[], context: CheckContext): ScopeLogging {
  const logging = scopeLogging(id, 'tenant', context, undefined, categories)
  if (logging.state !== 'unread' || context.estate.cloud === 'AzureCloud') return logging
  return {
    state: 'unread',
    judgement: { verdict: 'unknown', reasonCode: 'unsupported', reason: `${context.estate.cloud} does not show the log settings of Entra ID by this API.` },
  }
}

export function entraOthers({ catalog }: CheckContext): string[] {
  return catalog.platform.tenant.required.filter((name) => !entraCore.includes(name))
}
