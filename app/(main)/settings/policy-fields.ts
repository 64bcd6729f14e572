import { toResourceKey } from '@/lib/domain/arm-id'
import type { KeyPoint } from '@/lib/domain/key-point'
import { fullEveryNightsMax } from '@/lib/domain/policy'
import { keptKeyPoints, retentionDaysMax } from '@/lib/domain/retention-days'

const workspaceId = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i
const destinationId = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/[^/]+\/[^/]+\/[^/]+$/i

export type Errors = Record<string, string>

/** The version that a form was made from. */
export function versionOf(form: FormData): number {
  const version = Number(form.get('version'))
  return Number.isInteger(version) && version >= 0 ? version : -1
}

/** What a field holds, trimmed; empty where the form has no such field. */
export function textOf(form: FormData, name: string): string {
  const value = form.get(name)
  return typeof value === 'string' ? value.trim() : ''
}

/** What all fields of that name hold, trimmed, without empty ones. */
export function textsOf(form: FormData, name: string): string[] {
  return form.getAll(name).flatMap((value) => (typeof value === 'string' && value.trim() !== '' ? [value.trim()] : []))
}

/** Whole days within what Azure can keep; undefined for an empty field, with an error where it must not be empty or is wrong. */
export function daysOf(form: FormData, name: string, label: string, errors: Errors, required = false): number | undefined {
  const text = textOf(form, name)
  if (text === '') {
    if (required) errors[name] = `${label} is missing.`
    return undefined
  }
  const days = Number(text)
  if (Number.isNaN(days)) errors[name] = `${label} is not a number of days.`
  else if (!Number.isInteger(days)) errors[name] = `${label} must be whole days.`
  else if (days < 1) errors[name] = `${label} must be at least 1 day.`
  else if (days > retentionDaysMax) errors[name] = `${label} can be at most ${retentionDaysMax} days (12 years), the most that Azure keeps.`
  return days
}

/** How many nights lie between two scans that read everything; undefined with an error where it is none. */
export function nightsOf(form: FormData, name: string, errors: Errors): number | undefined {
  const nights = Number(textOf(form, name))
  if (Number.isInteger(nights) && nights >= 1 && nights <= fullEveryNightsMax) return nights
  errors[name] = `It must be a whole number of nights from 1 to ${fullEveryNightsMax}.`
  return undefined
}

/** The field that holds a key point's days. */
export function daysField(keyPoint: KeyPoint): string {
  return `days-${keyPoint}`
}

/** Total days of single key points; empty where the form has none. */
export function daysByKeyPointOf(form: FormData, errors: Errors): Partial<Record<KeyPoint, number>> {
  return Object.fromEntries(keptKeyPoints.flatMap((keyPoint) => {
    const days = daysOf(form, daysField(keyPoint), 'The retention of this key point', errors)
    return days === undefined ? [] : [[keyPoint, days]]
  }))
}

function idsOf(texts: readonly string[], name: string, pattern: RegExp, wrongWords: string, errors: Errors): string[] {
  const ids = texts.flatMap((text) => text.split(/\s+/)).map((id) => id.trim()).filter((id) => id !== '')
  const wrong = ids.find((id) => !pattern.test(id))
  if (wrong !== undefined) errors[name] = `“${wrong}” is not the id of ${wrongWords}. Copy it from its JSON view in the portal.`
  return [...new Map(ids.map((id) => [toResourceKey(id), id])).values()]
}

/** Ids of workspaces, each once, compared without case. */
export function workspaceIdsOf(texts: readonly string[], name: string, errors: Errors): string[] {
  return idsOf(texts, name, workspaceId, 'a Log Analytics workspace', errors)
}

/** Ids of workspaces, storage accounts, event hub namespaces or partner resources. */
export function destinationIdsOf(texts: readonly string[], name: string, errors: Errors): string[] {
  return idsOf(texts, name, destinationId, 'a workspace, storage account, event hub namespace or partner resource', errors)
}

/** `type: category, category` a line; a type alone asks nothing of it. */
export function categoriesOf(text: string, name: string, errors: Errors): Record<string, string[]> {
  const byType: Record<string, string[]> = {}
  for (const line of text.split('\n').map((one) => one.trim()).filter((one) => one !== '')) {
    const [type = '', categories = ''] = line.split(/:(.*)/s)
    if (!/^[a-z0-9.]+(\/[a-z0-9]+)+$/i.test(type.trim())) {
      errors[name] = `“${line}” does not begin with a resource type. Write a line like microsoft.keyvault/vaults: AuditEvent.`
      continue
    }
    byType[type.trim().toLowerCase()] = categories.split(',').map((one) => one.trim()).filter((one) => one !== '')
  }
  return byType
}

/** The text that `categoriesOf` reads. */
export function categoriesText(byType: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(byType).map(([type, categories]) => `${type}: ${categories.join(', ')}`).join('\n')
}
