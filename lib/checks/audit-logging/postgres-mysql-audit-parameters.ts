import { nameOf, resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Check, CheckContext, Remediation, RemediationSubject } from '@/lib/domain/check'
import type { DatabaseParameter, Resource } from '@/lib/domain/estate'
import type { Judgement } from '@/lib/domain/finding'
import { coverageOf } from '../coverage'
import { destinationPermissions } from '../destination'
import { loggingEvidence } from '../evidence'
import { fieldsOf } from '../remediation/evidence-fields'
import { bicepResource, Reference } from '../remediation/object-text'
import { shellQuote, terraformString } from '../remediation/quote'
import type { RequiredSet } from '../required-categories'
import { resourceLogging, settingsRead } from '../resource-logging'
import { unreadJudgement } from '../unread'
import { databaseAuditMappings } from './mappings'

interface Engine {
  command: 'postgres' | 'mysql'
  /** The log category that carries what the parameters let the server write. */
  category: string
  permission: string
  parameters: readonly AuditParameter[]
  azureType: string
  /** The resource of azurerm for one parameter. */
  terraform: string
  policy?: Remediation['policy']
}

interface AuditParameter {
  name: string
  isRight: (value: string) => boolean
  /** What is wrong where it is not, in words that follow "the server". */
  fault: string
  /** A value that is right, with what is there already, or its placeholder. */
  wanted: (value: string) => string
}

function words(list: string): string[] {
  return list.toLowerCase().split(',').map((word) => word.trim()).filter((word) => word !== '')
}

/** A switch up to version 17, and from 18 on the steps of a connection to log, of which these name who signed in. */
const logsConnections = new Set(['on', 'true', 'yes', '1', 'all', 'authentication', 'authorization'])

const postgres: Engine = {
  command: 'postgres',
  azureType: 'Microsoft.DBforPostgreSQL/flexibleServers@2022-12-01',
  terraform: 'azurerm_postgresql_flexible_server_configuration',
  policy: { id: '/providers/Microsoft.Authorization/policyDefinitions/4eb5e667-e871-4292-9c5d-8bbb94e0c908', displayName: 'Auditing with PgAudit should be enabled for PostgreSQL flexible servers' },
  category: 'PostgreSQLLogs',
  permission: 'Microsoft.DBforPostgreSQL/flexibleServers/configurations/read',
  parameters: [
    { name: 'log_connections', isRight: (value) => words(value).some((word) => logsConnections.has(word)), fault: 'does not log connections', wanted: () => 'on' },
    { name: 'pgaudit.log', isRight: (value) => words(value).some((word) => word !== 'none'), fault: 'audits no statements', wanted: (value) => [...words(value).filter((word) => word !== 'none'), 'ddl', 'role', 'write'].join(',') },
    { name: 'shared_preload_libraries', isRight: (value) => words(value).includes('pgaudit'), fault: 'does not load pgaudit', wanted: (value) => [...words(value), 'pgaudit'].join(',') },
  ],
}

const mysql: Engine = {
  command: 'mysql',
  azureType: 'Microsoft.DBforMySQL/flexibleServers@2022-01-01',
  terraform: 'azurerm_mysql_flexible_server_configuration',
  category: 'MySqlAuditLogs',
  permission: 'Microsoft.DBforMySQL/flexibleServers/configurations/read',
  parameters: [
    { name: 'audit_log_enabled', isRight: (value) => value.toLowerCase() === 'on', fault: 'does not audit', wanted: () => 'ON' },
    {
      name: 'audit_log_events', isRight: (value) => words(value).some((word) => /^connection(_v2)?$/.test(word)), fault: 'leaves connections out of the audit',
      wanted: (value) => (words(value).length === 0 ? 'CONNECTION,ADMIN,DDL,DCL' : [...words(value), 'connection'].join(',').toUpperCase()),
    },
  ],
}

const engines: Readonly<Record<string, Engine>> = {
  'microsoft.dbforpostgresql/flexibleservers': postgres,
  'microsoft.dbformysql/flexibleservers': mysql,
}

export const postgresMysqlAuditParameters: Check = {
  id: 'postgres-mysql-audit-parameters',
  version: 2,
  keyPoint: 'audit-logging',
  title: 'The database server writes what its log carries',
  question: 'Are the audit parameters of this PostgreSQL or MySQL server on, so that the log that is sent holds an audit?',
  why: 'The diagnostic setting of a database server carries what the server writes. With its audit parameters off the setting looks right and the log says nothing.',
  severity: 'medium',
  rules: {
    pass: 'PostgreSQL: log_connections is on, pgaudit is among shared_preload_libraries and pgaudit.log names some class. MySQL: audit_log_enabled is on and audit_log_events holds CONNECTION.',
    fail: 'The log category is sent, and one of these parameters is off.',
    notApplicable: 'The category is sent nowhere, which resource-audit-logs reports, or a service manages the server.',
    unknown: 'The parameters could not be read.',
  },
  sources: [
    { title: 'Audit logging in Azure Database for PostgreSQL', url: 'https://learn.microsoft.com/azure/postgresql/security/security-audit' },
    { title: 'Track database activity with audit logs in Azure Database for MySQL', url: 'https://learn.microsoft.com/azure/mysql/flexible-server/concepts-audit-logs' },
  ],
  mappings: databaseAuditMappings,
  permissions: [...Object.values(engines).map(({ permission }) => permission), settingsRead, ...destinationPermissions],
  asks: Object.keys(engines),

  evaluate(subject, context) {
    if (subject.kind !== 'resource') return undefined
    const engine = engines[subject.resource.type]
    return engine && judge(subject.resource, engine, context)
  },

  remediate,
}

function judge(server: Resource, engine: Engine, context: CheckContext): Judgement | undefined {
  const logging = resourceLogging(server, context)
  if (logging.state === 'gone') return undefined
  if (logging.state === 'settled' && logging.judgement.verdict === 'not-applicable') return logging.judgement
  const required: RequiredSet = { decidedBy: 'type-judgement', categories: [engine.category], anyOf: [], why: null }
  if (logging.state === 'read' && coverageOf(required, logging.effective).missing.length > 0) {
    return { verdict: 'not-applicable', reason: `${engine.category} is sent nowhere, which resource-audit-logs reports.`, evidence: loggingEvidence(logging.effective, context) }
  }
  const read = context.estate.fact(server.id, 'database-parameters')
  if (!read?.ok) return read?.reason === 'gone' ? undefined : unreadJudgement('The parameters of the server', read, engine.permission)

  const evidence = { category: engine.category, parameters: Object.fromEntries(read.value.map(({ name, value }) => [name, value])) }
  const faults = engine.parameters.filter(({ name, isRight }) => !isRight(valueOf(name, read.value))).map(({ name, fault }) => `${fault} (${name})`)
  if (faults.length === 0) return { verdict: 'pass', reason: 'The audit parameters of the server are on.', evidence }
  // Where nobody could look whether the log is sent, an audit that is off may be wanted so.
  if (logging.state === 'settled') return logging.judgement
  return { verdict: 'fail', reason: `${engine.category} is sent, but the server ${faults.join(' and ')}.`, evidence }
}

function valueOf(name: string, parameters: readonly DatabaseParameter[]): string {
  return parameters.find((parameter) => parameter.name === name)?.value ?? ''
}

/** Stands for a value that was not read. */
const unseen = '<what is there>'

/** The parameters that are not as they must be, all where a finding does not tell; the rest stay as they are. */
function remediate({ resourceId, resourceType, judgement }: RemediationSubject): ReturnType<Check['remediate']> {
  const { command, azureType, terraform, policy, parameters } = engines[resourceType.toLowerCase()] ?? postgres
  const seen = fieldsOf(judgement.evidence?.parameters)
  const wanted = parameters.flatMap(({ name, isRight, wanted: valueFor }) => {
    const value = seen[name]
    return typeof value === 'string' && isRight(value) ? [] : [[name, valueFor(typeof value === 'string' ? value : unseen)] as const]
  })
  const isUnseen = parameters.some(({ name }) => typeof seen[name] !== 'string')
  const group = resourceGroupOf(resourceId) ?? ''
  const server = `--subscription ${shellQuote(subscriptionIdOf(resourceId) ?? '')} --resource-group ${shellQuote(group)} --server-name ${shellQuote(nameOf(resourceId))}`
  return {
    summary: `Turn on the audit parameters of the server, beside what they hold${isUnseen ? `, which was not read: name it in place of ${unseen}, since what is left out ends` : ''}. PostgreSQL must restart to load pgaudit.`,
    azureCli: wanted.map(([name, value]) => `az ${command} flexible-server parameter set ${server} \\\n  --name ${name} --value ${shellQuote(value)}`).join('\n'),
    bicep: [
      bicepResource({ symbol: 'server', type: azureType, existing: true, body: { name: nameOf(resourceId) } }),
      ...wanted.map(([name, value], index) => bicepResource({
        symbol: `parameter${index}`, type: azureType.replace('@', '/configurations@'),
        body: { parent: new Reference('server'), name, properties: { value, source: 'user-override' } },
      })),
    ].join('\n\n'),
    terraform: wanted.map(([name, value]) => [
      `resource "${terraform}" "${name.replace('.', '_')}" {`,
      `  name  = "${name}"`,
      ...(command === 'postgres' ? [`  server_id = ${terraformString(resourceId)}`] : [`  resource_group_name = ${terraformString(group)}`, `  server_name = ${terraformString(nameOf(resourceId))}`]),
      `  value = ${terraformString(value)}`,
      '}',
    ].join('\n')).join('\n\n'),
    ...(policy && { policy }),
    portal: 'Open the server, Settings, Server parameters.',
  }
}
