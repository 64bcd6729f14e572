import type { DefenderPlan } from '@/lib/domain/alerting'

/** Plans that find weak settings and raise recommendations alone. */
const posture = new Set(['cloudposture', 'foundationalcspm', 'discovery'])

/** Names of the plans that are on and raise alerts. */
export function alertingPlans(plans: readonly DefenderPlan[]): string[] {
  return plans.filter(({ tier, name }) => tier === 'Standard' && !posture.has(name.toLowerCase())).map(({ name }) => name).sort()
}
