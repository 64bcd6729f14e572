import { checks } from '@/lib/checks'
import { isGuid } from '@/lib/domain/guid'
import type { PolicyOverride, PolicyScope } from '@/lib/domain/policy'
import { severities } from '@/lib/domain/verdict'
import { categoriesOf, daysByKeyPointOf, daysOf, destinationIdsOf, textOf, textsOf, workspaceIdsOf, type Errors } from '../policy-fields'

function scopeOf(form: FormData, errors: Errors): PolicyScope | undefined {
  switch (textOf(form, 'scope')) {
    case 'management-group': {
      const name = textOf(form, 'group').split('/').at(-1) ?? ''
      if (name === '') errors.group = 'Name the management group.'
      return { kind: 'management-group', name }
    }
    case 'subscription': {
      const subscriptionId = textOf(form, 'subscription').toLowerCase()
      if (!isGuid(subscriptionId)) errors.subscription = 'Choose a subscription.'
      return { kind: 'subscription', subscriptionId }
    }
    case 'tag': {
      const name = textOf(form, 'tagName')
      if (name === '') errors.tagName = 'Name the tag.'
      return { kind: 'tag', name, value: textOf(form, 'tagValue') }
    }
    default:
      errors.scope = 'Choose what the override is for.'
      return undefined
  }
}

function checkRules(form: FormData): PolicyOverride['rules'] {
  const asked = (word: string) => checks.filter(({ id }) => textOf(form, `asked:${id}`) === word).map(({ id }) => id)
  const [enabledChecks, disabledChecks] = [asked('on'), asked('off')]
  const severityByCheck = Object.fromEntries(checks.flatMap(({ id }) => {
    const severity = severities.find((one) => one === textOf(form, `severity:${id}`))
    return severity === undefined ? [] : [[id, severity]]
  }))
  return {
    ...(enabledChecks.length > 0 && { enabledChecks }),
    ...(disabledChecks.length > 0 && { disabledChecks }),
    ...(Object.keys(severityByCheck).length > 0 && { severityByCheck }),
  }
}

/** What the form of one override sends, checked; or what is wrong, by field. Empty fields set nothing. */
export function overrideFromForm(form: FormData): { ok: true; value: PolicyOverride } | { ok: false; errors: Errors } {
  const errors: Errors = {}
  const scope = scopeOf(form, errors)
  const total = daysOf(form, 'total', 'Total retention', errors)
  const interactive = daysOf(form, 'interactive', 'Interactive retention', errors)
  const byKeyPoint = daysByKeyPointOf(form, errors)
  const workspaces = workspaceIdsOf([textOf(form, 'workspaces')], 'workspaces', errors)
  const destinations = destinationIdsOf([textOf(form, 'destinations')], 'destinations', errors)
  const requiredCategories = categoriesOf(textOf(form, 'categories'), 'categories', errors)
  const days = { ...(total !== undefined && { total }), ...(interactive !== undefined && { interactive }), ...(Object.keys(byKeyPoint).length > 0 && { byKeyPoint }) }
  const rules: PolicyOverride['rules'] = {
    ...(textOf(form, 'ownWorkspaces') !== '' && { approvedWorkspaces: workspaces }),
    ...(textOf(form, 'ownDestinations') !== '' && { approvedDestinations: destinations }),
    ...(Object.keys(days).length > 0 && { retentionDays: days }),
    ...(Object.keys(requiredCategories).length > 0 && { requiredCategories }),
    ...checkRules(form),
    ...(textOf(form, 'ownAlternatives') !== '' && { acceptedAlternatives: textsOf(form, 'accept') }),
  }
  const unticked = 'Tick the box above, or leave this empty.'
  if (textOf(form, 'ownWorkspaces') === '' && textOf(form, 'workspaces') !== '') errors.workspaces ??= unticked
  if (textOf(form, 'ownDestinations') === '' && textOf(form, 'destinations') !== '') errors.destinations ??= unticked
  if (textOf(form, 'ownAlternatives') === '' && textsOf(form, 'accept').length > 0) errors.alternatives = unticked
  if (total !== undefined && interactive !== undefined && interactive > total) errors.interactive ??= 'Interactive retention cannot be longer than total retention, which includes it.'
  if (Object.keys(errors).length === 0 && Object.keys(rules).length === 0) errors.rules = 'The override sets nothing yet.'
  return scope === undefined || Object.keys(errors).length > 0 ? { ok: false, errors } : { ok: true, value: { scope, rules } }
}
