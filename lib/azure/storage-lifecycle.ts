import { z } from 'zod'
import { collected, type Collected } from '../domain/collected'
import type { LifecycleRule } from '../domain/estate'
import { apiVersions } from './api-versions'
import { armPath } from './pages'
import { flag, number, parseAnswer, text, texts } from './shape'
import type { Wire } from './wire/wire'

const deletion = z.object({
  daysAfterModificationGreaterThan: number,
  daysAfterCreationGreaterThan: number,
  daysAfterLastAccessTimeGreaterThan: number,
})

const rule = z
  .object({
    name: z.string(),
    enabled: flag,
    definition: z.object({
      actions: z.object({ baseBlob: z.object({ delete: deletion.nullish() }).nullish() }).nullish(),
      filters: z.object({ blobTypes: texts, prefixMatch: texts, blobIndexMatch: z.array(z.object({ name: text })).nullish() }).nullish(),
    }),
  })
  .transform(({ name, enabled, definition }): LifecycleRule => {
    const removal = definition.actions?.baseBlob?.delete
    const tags = (definition.filters?.blobIndexMatch ?? []).map((tag) => tag.name ?? '')
    return {
      name,
      // Azure's default: a rule is on unless it says otherwise.
      enabled: enabled !== false,
      blobTypes: definition.filters?.blobTypes ?? [],
      prefixMatch: definition.filters?.prefixMatch ?? [],
      ...(tags.length > 0 && { tags }),
      deleteAfterModificationDays: removal?.daysAfterModificationGreaterThan ?? null,
      deleteAfterCreationDays: removal?.daysAfterCreationGreaterThan ?? null,
      deleteAfterLastAccessDays: removal?.daysAfterLastAccessTimeGreaterThan ?? null,
    }
  })

const policy = z.object({ properties: z.object({ policy: z.object({ rules: z.array(rule) }) }) })

/** No policy at all (404 `ManagementPolicyNotFound`) is an empty list: blobs are kept for ever. */
export function parseStorageLifecycle(status: number, body: unknown): Collected<LifecycleRule[]> {
  const read = parseAnswer(status, body, policy)
  if (read.ok) return collected(read.value.properties.policy.rules)
  return read.code === 'ManagementPolicyNotFound' ? collected([]) : read
}

/** The lifecycle rules of a storage account; empty for an account without a policy. */
export async function readStorageLifecycle(wire: Wire, accountId: string): Promise<Collected<LifecycleRule[]>> {
  const answer = await wire.get(`${armPath(`${accountId}/managementPolicies/default`)}?api-version=${apiVersions.storageLifecycle}`)
  return answer.ok ? parseStorageLifecycle(answer.value.status, answer.value.body) : answer
}
