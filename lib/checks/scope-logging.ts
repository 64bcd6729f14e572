import type { CheckContext } from '@/lib/domain/check'
import type { Judgement } from '@/lib/domain/finding'
import { coverageOf, anywhere, type Asked, type Coverage } from './coverage'
import { collectEffective, effectiveLogging, type EffectiveLogging } from './effective-logging'
import { platformProfile, type PlatformScope } from './logging-profile'
import type { RequiredSet } from './required-categories'
import { unreadJudgement } from './unread'

export type ScopeLogging =
  | { state: 'gone' }
  | { state: 'unread'; judgement: Extract<Judgement, { verdict: 'unknown' }> }
  | { state: 'read'; effective: EffectiveLogging; required: RequiredSet; coverage: Coverage }

const words: Record<PlatformScope, string> = {
  subscription: 'The diagnostic settings of the subscription',
  managementGroup: 'The diagnostic settings of the management group',
  tenant: 'The diagnostic settings of Entra ID',
}

const permissions: Record<PlatformScope, string> = {
  subscription: 'Microsoft.Insights/diagnosticSettings/read',
  managementGroup: 'Microsoft.Insights/diagnosticSettings/read',
  tenant: 'microsoft.aadiam/diagnosticSettings/read',
}

/** The log settings of a subscription, management group or the tenant against the categories asked. */
export function scopeLogging(id: string, scope: PlatformScope, context: CheckContext, asked: Asked = anywhere, categories?: readonly string[]): ScopeLogging {
  const effective = effectiveLogging(id, context) ?? collectEffective(id, platformProfile(scope, context), context)
  const { read } = effective
  if (!read?.ok) {
    if (read?.reason === 'gone' && scope !== 'tenant') return { state: 'gone' }
    return { state: 'unread', judgement: unreadJudgement(words[scope], read, permissions[scope]) }
  }
  const whole = effective.profile.required
  const required = categories ? { ...whole, categories } : whole
  return { state: 'read', effective, required, coverage: coverageOf(required, effective, asked) }
}
