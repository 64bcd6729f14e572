import type { CheckContext } from '@/lib/domain/check'

/** Without these two nothing is known of who signed in and who changed the directory. */
export const entraCore: readonly string[] = ['AuditLogs', 'SignInLogs']

/** The other categories of Entra ID that must be logged. */
export function entraOthers({ catalog }: CheckContext): string[] {
  return catalog.platform.tenant.required.filter((name) => !entraCore.includes(name))
}
