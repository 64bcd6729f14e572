import type { Policy } from '@/lib/domain/policy'
import { policySchema } from '@/lib/domain/policy-schema'
import type { Viewer } from '@/lib/domain/viewer'
import { KeypointError } from '@/lib/errors'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { toJson } from './json'

/** The policy in force, or null while nobody has saved one. */
export async function currentPolicy(db: Queryable, estateId: number): Promise<PolicyVersion | null> {
  const row = await db.policy.findFirst({ where: { estateId }, orderBy: { version: 'desc' } })
  if (row === null) return null
  return { policy: { ...policySchema.parse(row.content), version: row.version }, createdBy: row.createdBy, createdAt: row.createdAt.toISOString() }
}

/**
 * Saves a policy as the version after `policy.version`, which must be the one in force (0: none yet).
 * Throws KeypointError `conflict` when somebody else saved one meanwhile.
 */
export async function savePolicy(db: Queryable, viewer: Viewer, policy: Policy, by: string): Promise<Policy> {
  const { version, ...content } = policy
  const saved = await db.$executeRaw(Prisma.sql`
    insert into policy (estate_id, version, content, created_by)
    select ${viewer.estateId}, ${version + 1}, ${toJson(policySchema.parse(content))}::jsonb, ${by}
    where ${version} = (select coalesce(max(version), 0) from policy where estate_id = ${viewer.estateId})
    on conflict do nothing`)
  if (saved === 1) return { ...policy, version: version + 1 }
  throw new KeypointError('conflict', 'Somebody else changed the policy meanwhile.', 'Reload the page, look at their change, and save yours again.')
}

export interface PolicyVersion {
  policy: Policy
  createdBy: string
  /** ISO 8601 UTC. */
  createdAt: string
}

/** Every version that was saved, newest first. */
export async function listPolicies(db: Queryable, viewer: Viewer): Promise<PolicyVersion[]> {
  const rows = await db.policy.findMany({ where: { estateId: viewer.estateId }, orderBy: { version: 'desc' } })
  return rows.map((row) => ({ policy: { ...policySchema.parse(row.content), version: row.version }, createdBy: row.createdBy, createdAt: row.createdAt.toISOString() }))
}
