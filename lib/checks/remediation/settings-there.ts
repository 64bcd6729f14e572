import { toResourceKey } from '@/lib/domain/arm-id'
import type { Judgement } from '@/lib/domain/finding'
import { fieldsOf } from './evidence-fields'

/** What a new setting must keep clear of: Azure refuses a second setting of a resource that sends a category to the same workspace. */
export interface SettingsThere {
  /** A name that no setting of the resource has: one of that name would be replaced. */
  name: string
  /** Categories, by name or in a group, and groups as `group:audit`, that settings send to the workspace already; lower case. */
  sent: ReadonlySet<string>
}

function textsIn(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((text): text is string => typeof text === 'string') : []
}

/** The settings that a subject has already, as its finding keeps them. */
export function settingsThere({ evidence }: Judgement, workspace: string, wanted = 'keypoint-security'): SettingsThere {
  const settings = (Array.isArray(evidence?.settings) ? evidence.settings : []).map(fieldsOf)
  const names = new Set(settings.map(({ name }) => String(name).toLowerCase()))
  const isFree = (name: string): boolean => !names.has(name)
  let [name, count] = [wanted, 1]
  while (!isFree(name)) name = `${wanted}-${++count}`
  const beside = settings.filter(({ destinations }) => textsIn(destinations).some((id) => toResourceKey(id) === toResourceKey(workspace)))
  const sent = new Set(beside.flatMap(({ logs }) => textsIn(logs)).map((category) => category.toLowerCase()))
  return { name, sent: new Set([...sent, ...heldByGroups(evidence, sent)]) }
}

/** What groups that are sent hold of what is required: allLogs all of it, and audit the set that Azure or the catalogue has as audit. */
function heldByGroups(evidence: Judgement['evidence'], sent: ReadonlySet<string>): string[] {
  const { decidedBy, categories, oneOfEach } = fieldsOf(evidence?.required)
  const isAudit = decidedBy === 'live-audit-group' || decidedBy === 'catalogue-audit'
  if (!sent.has('group:alllogs') && !(isAudit && sent.has('group:audit'))) return []
  return [...textsIn(categories), ...(Array.isArray(oneOfEach) ? oneOfEach : []).flatMap(textsIn)].map((name) => name.toLowerCase())
}

/** The categories that are not sent there yet; all where none is left, since then something else is wrong. */
export function notSentYet(categories: readonly string[], { sent }: SettingsThere): readonly string[] {
  const left = categories.filter((category) => !sent.has(category.toLowerCase()))
  return left.length > 0 ? left : categories
}
