import { describe } from 'vitest'
import type { Resource } from '@/lib/domain/estate'
import type { EstateLiteral } from '../testing/estate-builder'
import { gone, idOf, refused, resourceOf, settingOf, throttled, unseen, workspaceId, type SettingLiteral } from '../testing/literals'
import { judgedCases, type JudgedCase } from '../testing/judged-cases'

const postgres = resourceOf('Microsoft.DBforPostgreSQL/flexibleServers', 'psql')
const mysql = resourceOf('Microsoft.DBforMySQL/flexibleServers', 'mysql')
const central = workspaceId('central')
const sent: SettingLiteral[] = [{ logs: ['group:allLogs'], workspace: central }]

function server(resource: Resource, parameters: Record<string, string>, settings = sent, more: EstateLiteral = {}): Pick<JudgedCase, 'estate' | 'of'> {
  return {
    estate: {
      resources: [resource],
      settings: { [resource.id]: settings.map(settingOf) },
      parameters: { [resource.id]: Object.entries(parameters).map(([name, value]) => ({ name, value })) },
      ...more,
    },
    of: resource.id,
  }
}

const audits = { log_connections: 'on', 'pgaudit.log': 'ddl, role', shared_preload_libraries: 'pg_cron,pgaudit' }
const auditing = { audit_log_enabled: 'ON', audit_log_events: 'CONNECTION,DDL' }

const cases: JudgedCase[] = [
  { because: 'PostgreSQL logs connections and audits statements', ...server(postgres, audits), verdict: 'pass', severity: 'medium' },
  { because: 'values are the same in any casing', ...server(postgres, { ...audits, log_connections: 'ON', shared_preload_libraries: 'PGAUDIT' }), verdict: 'pass' },
  { because: 'the log may go by its own category', ...server(postgres, audits, [{ logs: ['PostgreSQLLogs'], workspace: central }]), verdict: 'pass' },
  { because: 'from PostgreSQL 18 on every step of a connection is logged', ...server(postgres, { ...audits, log_connections: 'all' }), verdict: 'pass' },
  { because: 'who was authorized is logged', ...server(postgres, { ...audits, log_connections: 'receipt, authorization' }), verdict: 'pass' },
  { because: 'that somebody knocked does not tell who', ...server(postgres, { ...audits, log_connections: 'receipt' }), verdict: 'fail', says: 'log_connections' },
  { because: 'connections are not logged', ...server(postgres, { ...audits, log_connections: 'off' }), verdict: 'fail', says: 'log_connections' },
  { because: 'pgaudit audits nothing', ...server(postgres, { ...audits, 'pgaudit.log': 'NONE' }), verdict: 'fail', says: 'pgaudit.log' },
  { because: 'pgaudit is not loaded, so its classes do nothing', ...server(postgres, { ...audits, shared_preload_libraries: 'pg_cron' }), verdict: 'fail', says: 'does not load pgaudit' },
  { because: 'a server that does not know pgaudit does not audit', ...server(postgres, { log_connections: 'on' }), verdict: 'fail' },
  { because: 'MySQL audits connections', ...server(mysql, auditing), verdict: 'pass' },
  { because: 'MySQL’s newer connection event is as good', ...server(mysql, { ...auditing, audit_log_events: 'CONNECTION_V2' }), verdict: 'pass' },
  { because: 'MySQL’s audit is off', ...server(mysql, { ...auditing, audit_log_enabled: 'OFF' }), verdict: 'fail', says: 'MySqlAuditLogs is sent, but the server does not audit' },
  { because: 'MySQL audits other events alone', ...server(mysql, { ...auditing, audit_log_events: 'DDL,DML' }), verdict: 'fail', says: 'leaves connections out' },
  { because: 'the category is sent nowhere, which another check says', ...server(mysql, auditing, []), verdict: 'not-applicable' },
  { because: 'another category is sent', ...server(mysql, { ...auditing, audit_log_enabled: 'OFF' }, [{ logs: ['MySqlSlowLogs'], workspace: central }]), verdict: 'not-applicable' },
  { because: 'the category goes out of sight, and the audit is off in any case', ...server(mysql, { ...auditing, audit_log_enabled: 'OFF' }, [{ logs: ['MySqlAuditLogs'], workspace: workspaceId('soc', unseen) }]), verdict: 'fail' },
  { because: 'the parameters were refused', ...server(postgres, {}, sent, { parameters: { [postgres.id]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the parameters were throttled', ...server(postgres, {}, sent, { parameters: { [postgres.id]: throttled } }), verdict: 'unknown', reasonCode: 'throttled' },
  { because: 'the parameters were never read', ...server(postgres, {}, sent, { parameters: {} }), verdict: 'unknown', reasonCode: 'api-error' },
  { because: 'whether the log is sent was refused, and the audit is off', ...server(mysql, { audit_log_enabled: 'OFF' }, [], { settings: { [mysql.id]: refused } }), verdict: 'unknown', reasonCode: 'permission-denied' },
  { because: 'the audit is on, wherever the log is sent', ...server(mysql, auditing, [], { settings: { [mysql.id]: refused } }), verdict: 'pass' },
  { because: 'a service manages the server', ...server({ ...mysql, resourceGroup: 'managed', managedBy: idOf('Microsoft.Solutions/applications', 'app') }, auditing), verdict: 'not-applicable' },
  { because: 'the server was deleted meanwhile', ...server(mysql, auditing, [], { settings: { [mysql.id]: gone } }), verdict: 'none' },
]

describe('postgres-mysql-audit-parameters', () => judgedCases('postgres-mysql-audit-parameters', cases))
