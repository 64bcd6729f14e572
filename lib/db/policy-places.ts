import { toResourceKey, typeOf } from '@/lib/domain/arm-id'
import type { Policy } from '@/lib/domain/policy'
import { tagsOver, type PolicyPlace } from '@/lib/domain/policy-scope'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { managementGroupChains } from './management-groups'
import { scopeTypes, toTags } from './resources'
import { managementGroupsOfSubscriptions } from './subscriptions'
import { seenBy } from './viewing'

export type PlaceOf = (subject: { resourceId: string; subscriptionId: string | null }) => PolicyPlace

/** Where subjects lie, as far as the overrides of a policy ask: tags are read only of resources that hold one that an override names. */
export async function policyPlaces(db: Queryable, viewer: Viewer, policy: Policy): Promise<PlaceOf> {
  if (policy.overrides.length === 0) return ({ subscriptionId }) => ({ subscriptionId, managementGroups: [], tags: {} })
  const names = policy.overrides.flatMap(({ scope }) => (scope.kind === 'tag' ? [scope.name.toLowerCase()] : []))
  const [groups, chainOf, tagged] = await Promise.all([
    managementGroupsOfSubscriptions(db, viewer.estateId),
    managementGroupChains(db, viewer.estateId),
    names.length === 0 ? [] : db.$queryRaw<{ key: string; tags: unknown }[]>(Prisma.sql`
      select r.key, r.tags from resource r where ${seenBy(viewer, 'r')} and r.gone_seq is null
        and exists (select 1 from jsonb_object_keys(r.tags) as t(name) where lower(t.name) = any(${names}::text[]))`),
  ])
  const tags = new Map<string, Record<string, string>>(tagged.map((row) => [row.key, toTags(row.tags)]))
  return ({ resourceId, subscriptionId }) => ({
    subscriptionId, managementGroups: typeOf(resourceId) === scopeTypes.managementGroup ? chainOf(resourceId) : (groups.get(subscriptionId ?? '') ?? []), tags: tagsOver(resourceId, (id) => tags.get(toResourceKey(id))),
  })
}
