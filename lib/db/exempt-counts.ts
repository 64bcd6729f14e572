import type { ExemptionRow } from '@/lib/domain/exemption'
import { managementGroupKey, managementGroupPrefix } from '@/lib/domain/management-group'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Viewer } from '@/lib/domain/viewer'
import { Prisma } from './generated/client'
import type { Queryable } from './client'
import { exemptionsInForce } from './exemptions'
import { toJson } from './json'
import { seenBy } from './viewing'

/** A key that exemptions hold for, with all below it. */
interface Held {
  key: string
  check: string | null
  /** Null: every type. */
  types: string[] | null
}

/** How many gaps of now are exempt, by key point: they are counted apart and stay gaps. */
export async function countExempted(db: Queryable, viewer: Viewer, now = new Date()): Promise<Partial<Record<KeyPoint, number>>> {
  const rows = await exemptionsInForce(db, viewer, now)
  if (rows.length === 0) return {}
  const held = await heldKeys(db, viewer, rows)
  const subscriptionOf = ({ key }: Held) => /^\/subscriptions\/([^/]+)$/.exec(key)?.[1]
  // Where the scope is wide and the check is named, the gaps of the check are fewer than the resources of the scope.
  const everywhere = held.filter(({ key, check }) => key === '' && check !== null)
  const inSubscriptions = held.filter((one) => one.check !== null && subscriptionOf(one) !== undefined).map((one) => ({ ...one, subscription: subscriptionOf(one) }))
  const below = held.filter((one) => one.key !== '' && (one.check === null || subscriptionOf(one) === undefined))
  const gap = Prisma.sql`${seenBy(viewer, 'f')} and f.to_seq is null and f.verdict = 'fail'`
  const ofTypes = Prisma.sql`(h.types is null or exists (select 1 from resource r where r.id = f.resource_ref and r.type = any(h.types)))`
  /** For the planner, too: the index of the filters begins with the check. */
  const ofChecks = (some: readonly Held[]) => Prisma.sql`f."check" = any(${[...new Set(some.flatMap(({ check }) => (check === null ? [] : [check])))]}::text[])`
  const found = Prisma.sql`f.resource_ref, f."check", f.key_point`
  const counted = await db.$queryRaw<{ keyPoint: KeyPoint; count: number }[]>(Prisma.sql`
    with below as (
      select h.key, h."check", h.types from jsonb_to_recordset(${toJson(below)}::jsonb) as h(key text, "check" text, types text[])
      union all
      select t.key, e."check", null from exemption_target t join exemption e on e.id = t.exemption_id where e.id = any(${rows.filter((row) => row.tag !== null).map((row) => row.id)}::uuid[])
    )
    select x.key_point as "keyPoint", count(*)::int as count from (
      select ${found} from jsonb_to_recordset(${toJson(everywhere)}::jsonb) as h("check" text, types text[]) join finding f on f."check" = h."check" where ${gap} and ${ofChecks(everywhere)} and ${ofTypes}
      union
      select ${found} from jsonb_to_recordset(${toJson(inSubscriptions)}::jsonb) as h("check" text, types text[], subscription text)
        join finding f on f."check" = h."check" and f.subscription_id = h.subscription where ${gap} and ${ofTypes}
      union
      select ${found} from below h cross join lateral (
          select r.id from resource r where r.estate_id = ${viewer.estateId} and r.gone_seq is null and r.key >= h.key collate "C" and r.key < (h.key || '0') collate "C"
            and (r.key = h.key or substr(r.key, length(h.key) + 1, 1) = '/') and (h.types is null or r.type = any(h.types))
        ) r join finding f on f.resource_ref = r.id and (h."check" is null or f."check" = h."check") where ${gap}
    ) x group by 1`)
  return Object.fromEntries(counted.map((row) => [row.keyPoint, row.count]))
}

/** The keys of exemptions without a tag: of a management group its own, and those of the groups and subscriptions below it. */
async function heldKeys(db: Queryable, viewer: Viewer, rows: readonly ExemptionRow[]): Promise<Held[]> {
  const untagged = rows.filter((row) => row.tag === null)
  const groups = untagged.some((row) => row.scope.startsWith(managementGroupPrefix))
    ? await db.subscription.findMany({ where: { estateId: viewer.estateId }, select: { subscriptionId: true, managementGroups: true } })
    : []
  return untagged.flatMap(({ scope, check, resourceTypes }) => {
    const keys = new Set([scope])
    for (const { subscriptionId, managementGroups } of groups) {
      const chain = [`/subscriptions/${subscriptionId}`, ...managementGroups.map(managementGroupKey)]
      for (const key of chain.slice(0, Math.max(0, chain.indexOf(scope)))) keys.add(key)
    }
    return [...keys].map((key) => ({ key, check, types: resourceTypes.length === 0 ? null : resourceTypes }))
  })
}
