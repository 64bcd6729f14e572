import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { currentPolicy, type Database } from '@/lib/db'
import { isKeyPoint } from '@/lib/domain/key-point'
import { defaultPolicy, fullEveryNightsMax, type Policy } from '@/lib/domain/policy'
import { policyOverrideSchema } from '@/lib/domain/policy-schema'
import { retentionDaysMax } from '@/lib/domain/retention-days'
import { severities } from '@/lib/domain/verdict'
import { KeypointError } from '@/lib/errors'

const armId = z.string().regex(/^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/.+/i, 'is not an ARM id; write it like /subscriptions/…/resourceGroups/…/providers/…')
const days = z.number().int().min(1).max(retentionDaysMax)
const nights = z.number().int().min(1).max(fullEveryNightsMax)
const keyPoint = z.string().refine(isKeyPoint, 'is not a key point')
const policyFile = z.strictObject({
  approvedWorkspaces: z.array(armId).optional(),
  approvedDestinations: z.array(armId).optional(),
  retentionDays: z.strictObject({ total: days.optional(), interactive: days.optional(), byKeyPoint: z.partialRecord(keyPoint, days).optional() }).optional(),
  requiredCategories: z.record(z.string(), z.array(z.string())).optional(),
  disabledChecks: z.array(z.string()).optional(),
  enabledChecks: z.array(z.string()).optional(),
  severityByCheck: z.record(z.string(), z.enum(severities)).optional(),
  acceptedAlternatives: z.array(z.string()).optional(),
  exemptionApprover: z.enum(['any-admin', 'another-person']).optional(),
  fullEveryNights: nights.optional(),
  overrides: z.array(policyOverrideSchema).optional(),
})

/** Reads a `KEYPOINT_POLICY` file. @throws KeypointError that names the file and what is wrong in it. */
export function readPolicyFile(path: string): z.infer<typeof policyFile> {
  let json: unknown
  try {
    json = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    throw new KeypointError('invalid', `KEYPOINT_POLICY names ${path}, which is not JSON: ${error instanceof Error ? error.message : String(error)}`, 'Correct the file, or unset KEYPOINT_POLICY.')
  }
  const parsed = policyFile.safeParse(json)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the file'}: ${issue.message}`).join('; ')
  throw new KeypointError('invalid', `The policy in ${path} is wrong: ${problems}`, 'The shape is {"approvedWorkspaces":["ARM id"],"retentionDays":{"total":365,"interactive":90}}.')
}

/** The stored policy (else the defaults) with the KEYPOINT_POLICY file on top. */
export async function effectivePolicy(db: Database, estateId: number, policyPath: string | null): Promise<Policy> {
  const stored = (await currentPolicy(db, estateId))?.policy ?? defaultPolicy
  if (policyPath === null) return stored
  return withPolicyFile(stored, readPolicyFile(policyPath))
}

/** A stored policy with what a policy file sets on top. */
export function withPolicyFile(stored: Policy, file: z.infer<typeof policyFile>): Policy {
  return { ...stored, ...file, retentionDays: { ...stored.retentionDays, ...file.retentionDays } }
}
