import { z } from 'zod'
import type { DefenderPlan } from '../domain/alerting'
import { collected, type Collected } from '../domain/collected'
import { apiVersions } from './api-versions'
import { isUnregistered } from './errors'
import { armPath } from './pages'
import { parseAnswer, text } from './shape'
import type { Wire } from './wire/wire'

/** Booleans come as `true` or `"True"`. */
const loose = z.union([z.boolean(), z.string()]).nullish().transform((value) => String(value).toLowerCase() === 'true')

const plan = z
  .object({
    name: z.string(),
    properties: z.object({
      pricingTier: z.string(),
      subPlan: text,
      freeTrialRemainingTime: text,
      resourcesCoverageStatus: text,
      inheritedFrom: text,
      deprecated: loose,
      extensions: z.array(z.object({ name: text, isEnabled: loose })).nullish(),
    }),
  })
  .transform(({ name, properties }): DefenderPlan => ({
    name,
    tier: properties.pricingTier.toLowerCase() === 'standard' ? 'Standard' : 'Free',
    subPlan: properties.subPlan,
    freeTrialRemainingTime: properties.freeTrialRemainingTime,
    coverage: properties.resourcesCoverageStatus,
    inheritedFrom: properties.inheritedFrom,
    deprecated: properties.deprecated,
    ...(properties.extensions && { extensionsOn: properties.extensions.flatMap(({ name, isEnabled }) => (isEnabled && name !== null ? name : [])).toSorted() }),
  }))

const plans = z.object({ value: z.array(plan) })

/** A subscription that is not registered with Microsoft.Security has no plan on: an empty list. */
export function parseDefenderPlans(status: number, body: unknown): Collected<DefenderPlan[]> {
  if (isUnregistered(status, body)) return collected([])
  const read = parseAnswer(status, body, plans)
  return read.ok ? collected(read.value.value) : read
}

/** The plans of Defender for Cloud of a subscription, on or off. */
export async function readDefenderPlans(wire: Wire, subscriptionId: string): Promise<Collected<DefenderPlan[]>> {
  const path = armPath(`/subscriptions/${subscriptionId}/providers/Microsoft.Security/pricings`)
  const answer = await wire.get(`${path}?api-version=${apiVersions.defenderPlans}`)
  return answer.ok ? parseDefenderPlans(answer.value.status, answer.value.body) : answer
}
