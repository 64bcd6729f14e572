import { nameOf } from '@/lib/domain/arm-id'
import type { Check, CheckContext, Subject } from '@/lib/domain/check'
import type { Finding, Judgement } from '@/lib/domain/finding'
import type { Policy } from '@/lib/domain/policy'
import { checks as allChecks } from './list'
import { contextOfSubject } from './scoped-context'
import { subjectsOf } from './subjects'

type SubjectColumns = Pick<Finding, 'subscriptionId' | 'resourceId' | 'resourceType' | 'resourceName' | 'location'>

function columnsOf(subject: Subject): SubjectColumns {
  switch (subject.kind) {
    case 'resource': {
      const { id, type, name, location, subscriptionId } = subject.resource
      return { subscriptionId: subscriptionId.toLowerCase(), resourceId: id, resourceType: type, resourceName: name, location }
    }
    case 'subscription': {
      const { subscriptionId, displayName } = subject.subscription
      return { subscriptionId: subscriptionId.toLowerCase(), resourceId: subject.id, resourceType: 'microsoft.resources/subscriptions', resourceName: displayName, location: 'global' }
    }
    case 'management-group': {
      const { displayName, name } = subject.managementGroup
      return { subscriptionId: null, resourceId: subject.id, resourceType: 'microsoft.management/managementgroups', resourceName: displayName || name, location: 'global' }
    }
    case 'tenant':
      return { subscriptionId: null, resourceId: subject.id, resourceType: 'microsoft.aadiam/tenants', resourceName: nameOf(subject.id), location: 'global' }
  }
}

/** A check that throws costs its own verdict and nothing else. */
function evaluateSafely(check: Check, subject: Subject, context: CheckContext): Judgement | undefined {
  try {
    return check.evaluate(subject, context)
  } catch (cause) {
    const message = cause instanceof Error ? cause.message : String(cause)
    return {
      verdict: 'unknown',
      reasonCode: 'api-error',
      reason: `The check ${check.id} could not judge what was read: ${message}`,
      evidence: { check: check.id, error: message },
    }
  }
}

/** Whether a policy has a check asked. */
export function isEnabled(check: Check, policy: Policy): boolean {
  const ids = [check.id, ...(check.aliases ?? [])]
  if (ids.some((id) => policy.disabledChecks.includes(id))) return false
  return check.optional !== true || ids.some((id) => policy.enabledChecks.includes(id))
}

/** The checks to ask about a subject, worked out once for each kind and type. */
function byKindAndType(checks: readonly Check[]): (subject: Subject) => readonly Check[] {
  const known = new Map<string, readonly Check[]>()
  return (subject) => {
    const key = subject.kind === 'resource' ? subject.resource.type : subject.kind
    let asked = known.get(key)
    if (!asked) known.set(key, (asked = checks.filter(({ asks }) => asks === undefined || asks.includes(key))))
    return asked
  }
}

/** Judges every subject of this part of the estate by every enabled check. Same facts, same findings, in the same order. */
export function judgeSubjects(context: CheckContext, checks: readonly Check[] = allChecks): Finding[] {
  const checksUnder = new Map<Policy, (subject: Subject) => readonly Check[]>()
  const findings: Finding[] = []
  for (const subject of subjectsOf(context)) {
    let columns: SubjectColumns | undefined
    const scoped = contextOfSubject(subject, context)
    const { policy } = scoped
    let checksFor = checksUnder.get(policy)
    if (!checksFor) checksUnder.set(policy, (checksFor = byKindAndType(checks.filter((check) => isEnabled(check, policy)))))
    for (const check of checksFor(subject)) {
      const judgement = evaluateSafely(check, subject, scoped)
      if (judgement === undefined) continue
      columns ??= columnsOf(subject)
      findings.push({
        subscriptionId: columns.subscriptionId,
        resourceId: columns.resourceId,
        resourceType: columns.resourceType,
        resourceName: columns.resourceName,
        location: columns.location,
        keyPoint: check.keyPoint,
        check: check.id,
        checkVersion: check.version,
        severity: policy.severityByCheck[check.id] ?? judgement.severity ?? check.severity,
        judgement,
      })
    }
  }
  return findings
}
