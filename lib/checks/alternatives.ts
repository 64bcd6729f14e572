import type { Check, CheckAlternative } from '@/lib/domain/check'
import { checks } from './list'

/** What may count as a pass in place of what some checks ask for: each once, with those checks. */
export const alternatives: readonly (CheckAlternative & { checks: readonly Check[] })[] = [
  ...Map.groupBy(checks.flatMap((check) => (check.alternatives ?? []).map((alternative) => ({ alternative, check }))), ({ alternative }) => alternative.id).values(),
].flatMap((group) => group.slice(0, 1).map(({ alternative }) => ({ ...alternative, checks: group.map(({ check }) => check) })))
