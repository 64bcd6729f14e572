import { nameOf } from '@/lib/domain/arm-id'
import { ok, type Answer } from '../answer'
import { uniform } from '../random'

/** A parameter of a PostgreSQL or MySQL server; half of the servers audit. */
export function databaseParameter(seed: number, subject: string): Answer | undefined {
  const server = subject.replace(/\/configurations\/[^/]+$/, '')
  const audits = uniform(seed, server, 'audits') < 0.5
  const values: Record<string, string> = subject.includes('/microsoft.dbforpostgresql/')
    ? { log_connections: 'on', 'pgaudit.log': audits ? 'ddl,role,write' : 'none', shared_preload_libraries: audits ? 'pg_cron,pg_stat_statements,pgaudit' : 'pg_cron,pg_stat_statements' }
    : { audit_log_enabled: audits ? 'ON' : 'OFF', audit_log_events: 'CONNECTION,DDL' }
  const name = nameOf(subject)
  const value = values[name]
  return value === undefined ? undefined : ok({ id: subject, name, properties: { value, source: 'user-override', isReadOnly: false } })
}
