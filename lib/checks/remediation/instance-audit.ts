import type { Remediation, RemediationContext, RemediationSubject } from '@/lib/domain/check'
import { auditStateQuery } from '../instance-audit'
import { remediateSetting } from './diagnostic-setting'

/** What makes the instance write what its setting carries. */
const serverAudit = [
  'CREATE SERVER AUDIT keypoint TO EXTERNAL_MONITOR;',
  'CREATE SERVER AUDIT SPECIFICATION keypoint FOR SERVER AUDIT keypoint ADD (SUCCESSFUL_LOGIN_GROUP), ADD (FAILED_LOGIN_GROUP), ADD (BATCH_COMPLETED_GROUP) WITH (STATE = ON);',
  'ALTER SERVER AUDIT keypoint WITH (STATE = ON);',
].join(' ')

/** The setting that carries the audit, where it lacks, and the server audit that feeds it. */
export function remediateInstanceAudit(subject: RemediationSubject, context: RemediationContext): Remediation {
  const audit = `On the instance, in T-SQL, see what is on: ${auditStateQuery}. Where no audit of type EXTERNAL MONITOR is STARTED, make one: ${serverAudit}`
  if (subject.judgement.verdict !== 'fail') return { summary: audit, portal: 'Open the workspace, Logs, and look for SQLSecurityAuditEvents of the instance.' }
  const setting = remediateSetting(subject, context)
  return { ...setting, summary: `${setting.summary} ${audit}` }
}
