import { z } from 'zod'
import { toResourceKey } from '@/lib/domain/arm-id'

const daysMax = 4383
const workspaceId = /^\/subscriptions\/[^/]+\/resourceGroups\/[^/]+\/providers\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i

function days(label: string) {
  return z.coerce.number({ error: `${label} is not a number of days.` })
    .int(`${label} must be whole days.`).min(1, `${label} must be at least 1 day.`).max(daysMax, `${label} can be at most ${daysMax} days (12 years), the most that Azure keeps.`)
}

const policyForm = z.object({
  version: z.coerce.number().int().min(0),
  workspaces: z.array(z.string()),
  otherWorkspaces: z.string(),
  total: days('Total retention'),
  interactive: days('Interactive retention'),
})

export interface PolicyInput {
  version: number
  /** Each workspace once, ids compared without case. */
  approvedWorkspaces: string[]
  retentionDays: { total: number; interactive: number }
}

/** What the policy form sends, checked; or what is wrong, by field. */
export function parsePolicyForm(form: FormData): { ok: true; value: PolicyInput } | { ok: false; errors: Record<string, string> } {
  const parsed = policyForm.safeParse({
    version: form.get('version'),
    workspaces: form.getAll('workspace'),
    otherWorkspaces: form.get('otherWorkspaces') ?? '',
    total: form.get('total'),
    interactive: form.get('interactive'),
  })
  if (!parsed.success) {
    return { ok: false, errors: Object.fromEntries(parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]).toReversed()) }
  }
  const { version, workspaces, otherWorkspaces, total, interactive } = parsed.data
  const ids = [...workspaces, ...otherWorkspaces.split(/\s+/)].map((id) => id.trim()).filter((id) => id !== '')
  const wrong = ids.find((id) => !workspaceId.test(id))
  if (wrong !== undefined) {
    return { ok: false, errors: { otherWorkspaces: `“${wrong}” is not the id of a Log Analytics workspace. Copy it from the workspace’s JSON view in the portal.` } }
  }
  if (interactive > total) return { ok: false, errors: { interactive: 'Interactive retention cannot be longer than total retention, which includes it.' } }
  const byKey = new Map(ids.map((id) => [toResourceKey(id), id]))
  return { ok: true, value: { version, approvedWorkspaces: [...byKey.values()], retentionDays: { total, interactive } } }
}
