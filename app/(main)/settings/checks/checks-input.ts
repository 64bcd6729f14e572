import { alternatives, checks } from '@/lib/checks'
import type { Policy } from '@/lib/domain/policy'
import { severities } from '@/lib/domain/verdict'
import { textOf, textsOf } from '../policy-fields'

/**
 * What the form says of each check: `on` holds the ids of those that are asked, `severity:{id}` one's severity, `accept` the
 * alternatives. What the policy says of checks that this version does not have stays.
 */
export function checksFromForm(form: FormData): (stored: Policy) => Policy {
  const on = new Set(textsOf(form, 'on'))
  const known = new Set(checks.flatMap((check) => [check.id, ...(check.aliases ?? [])]))
  const isKnown = (alternative: string) => alternatives.some(({ id }) => id === alternative)
  const accepted = [...new Set(textsOf(form, 'accept'))].filter(isKnown)
  return (stored) => ({
    ...stored,
    disabledChecks: [...stored.disabledChecks.filter((id) => !known.has(id)), ...checks.filter((check) => !check.optional && !on.has(check.id)).map(({ id }) => id)],
    enabledChecks: [...stored.enabledChecks.filter((id) => !known.has(id)), ...checks.filter((check) => check.optional && on.has(check.id)).map(({ id }) => id)],
    severityByCheck: {
      ...Object.fromEntries(Object.entries(stored.severityByCheck).filter(([id]) => !known.has(id))),
      ...Object.fromEntries(checks.flatMap(({ id }) => {
        const severity = severities.find((one) => one === textOf(form, `severity:${id}`))
        return severity === undefined ? [] : [[id, severity]]
      })),
    },
    acceptedAlternatives: [...stored.acceptedAlternatives.filter((id) => !isKnown(id)), ...accepted],
  })
}
