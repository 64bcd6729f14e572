import { z } from 'zod'
import { isKeyPoint } from './key-point'
import type { Policy, PolicyOverride } from './policy'
import { severities } from './verdict'

const keyPoint = z.string().refine(isKeyPoint)
const texts = z.array(z.string())
const days = { total: z.number(), interactive: z.number() }
const byKeyPoint = z.partialRecord(keyPoint, z.number())

const scope = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('management-group'), name: z.string().min(1) }),
  z.object({ kind: z.literal('subscription'), subscriptionId: z.string().min(1) }),
  z.object({ kind: z.literal('tag'), name: z.string().min(1), value: z.string() }),
])

export const policyOverrideSchema: z.ZodType<PolicyOverride> = z.object({
  scope,
  rules: z.object({
    approvedWorkspaces: texts.nullable().optional(),
    approvedDestinations: texts.optional(),
    retentionDays: z.object({ total: days.total.optional(), interactive: days.interactive.optional(), byKeyPoint: byKeyPoint.optional() }).optional(),
    requiredCategories: z.record(z.string(), texts).optional(),
    disabledChecks: texts.optional(),
    enabledChecks: texts.optional(),
    severityByCheck: z.record(z.string(), z.enum(severities)).optional(),
    acceptedAlternatives: texts.optional(),
  }),
})

/** A policy as it is stored. What came later has a default, so that older versions can be read. */
export const policySchema: z.ZodType<Omit<Policy, 'version'>> = z.object({
  approvedWorkspaces: texts.nullable(),
  approvedDestinations: texts,
  retentionDays: z.object({ ...days, byKeyPoint: byKeyPoint.optional() }),
  requiredCategories: z.record(z.string(), texts),
  disabledChecks: texts,
  enabledChecks: texts.default([]),
  severityByCheck: z.record(z.string(), z.enum(severities)),
  acceptedAlternatives: texts.default([]),
  exemptionApprover: z.enum(['any-admin', 'another-person']).default('any-admin'),
  fullEveryNights: z.number().int().min(1).default(7),
  overrides: z.array(policyOverrideSchema).default([]),
})
