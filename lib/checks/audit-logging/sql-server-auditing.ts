import type { Check } from '@/lib/domain/check'
import { destinationPermissions } from '../destination'
import { remediateSqlServer } from '../remediation/sql-auditing'
import { databaseAudit, isSqlServer, isSynapseServer, ofSynapse, serverAudit, userDatabases } from '../sql-audit'
import { sqlAuditMappings } from './mappings'
import { sqlAuditSources } from './sql-sources'
import { untoldInWords } from '../wording'

export const sqlServerAuditing: Check = {
  id: 'sql-server-auditing',
  version: 7,
  keyPoint: 'audit-logging',
  title: 'The SQL server audits to a real target',
  question: 'Is auditing of this SQL server on, and do its events truly go somewhere?',
  why: 'The server’s audit is what records sign-ins and statements of every database. It is easily left half done: on, with Azure Monitor as target, and no diagnostic setting that carries the events.',
  severity: 'high',
  rules: {
    pass: 'The server’s audit is on and its target is real: a storage account that exists and lets services of Azure in, or the server by name, or Azure Monitor with SQLSecurityAuditEvents of master sent to a destination that exists and takes it. Or every database of the server has such an audit of its own.',
    fail: 'Auditing is off, has no target, names a storage account that was deleted, or Azure Monitor while no setting of master carries the events.',
    notApplicable: 'The logical server of a Synapse workspace, whose auditing is Synapse’s own.',
    unknown: `The auditing settings, the settings of master or the destination could not be read, the server’s audit reaches nothing while that of a database could not be read, ${untoldInWords}, or the storage account is in no subscription that can be read, or is shut to public networks though its rules let everybody in.`,
  },
  sources: sqlAuditSources,
  mappings: sqlAuditMappings,
  permissions: ['Microsoft.Sql/servers/auditingSettings/read', 'Microsoft.Sql/servers/databases/auditingSettings/read', 'Microsoft.Insights/diagnosticSettings/read', ...destinationPermissions],

  asks: ['microsoft.sql/servers'],
  evaluate(subject, context) {
    if (subject.kind !== 'resource' || !isSqlServer(subject.resource)) return undefined
    if (isSynapseServer(subject.resource)) return ofSynapse
    if (isGone(context.estate.fact(subject.id, 'sql-auditing'))) return undefined
    const server = serverAudit(subject.id, context)
    if (server.state === 'real') return { verdict: 'pass', reason: 'Auditing is on and its events reach a real target.', evidence: server.evidence }

    const databases = userDatabases(subject.id, context).filter(({ id }) => !isGone(context.estate.fact(id, 'sql-auditing'))).map((database) => ({ database, audit: databaseAudit(database, context) }))
    const own = databases.filter(({ audit }) => audit.state === 'real').map(({ database }) => database.name).sort()
    if (databases.length > 0 && own.length === databases.length) {
      return { verdict: 'pass', reason: 'Each database audits to a real target on its own.', evidence: { databasesWithOwnAudit: own, ...(server.state === 'none' && { server: server.evidence }) } }
    }
    if (server.state === 'unknown') return server.judgement
    const perhaps = databases.find(({ audit }) => audit.state === 'unknown')
    const surelyNone = databases.some(({ audit }) => audit.state === 'none')
    if (perhaps?.audit.state === 'unknown' && !surelyNone) return perhaps.audit.judgement
    return {
      verdict: 'fail',
      reason: `No audit covers this server: ${server.why}.`,
      evidence: { ...server.evidence, ...(own.length > 0 && { databasesWithOwnAudit: own }) },
    }
  },

  remediate: ({ resourceId, judgement }, context) => remediateSqlServer(resourceId, judgement, context),
}

function isGone(read: { ok: boolean; reason?: string } | undefined): boolean {
  return read?.ok === false && read.reason === 'gone'
}
