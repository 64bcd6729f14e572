import type { PgBoss } from 'pg-boss'
import type { EstateInfo } from '@/lib/domain/views'

/** What tells estates apart for those who read them: a tenant, and whether it is the demo's. */
export type EstateKey = Pick<EstateInfo, 'tenantId' | 'isDemo'>

/** The name of an estate's own queue. Many estates may share a database, and a worker reads one of them: it must not even see the jobs of another. */
export function estateQueue(kind: string, { tenantId, isDemo }: EstateKey): string {
  return `${kind}/${isDemo ? 'demo/' : ''}${tenantId.toLowerCase().replaceAll(/[^\w.-]/g, '_')}`
}

/** One estate's queue and the pg-boss that it is in. */
export interface OpenQueue {
  boss: PgBoss
  name: string
}
