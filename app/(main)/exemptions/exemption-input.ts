import { z } from 'zod'
import { findCheck } from '@/lib/checks'
import type { ExemptionInput } from '@/lib/domain/exemption'
import type { SentExemption } from './exemption-form'

const armId = /^\/(subscriptions\/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}(\/.+)?|providers\/microsoft\.management\/managementgroups\/[^/]+|tenants\/[^/]+)$/i

const exemptionForm = z.object({
  scope: z.string().trim().max(2_000, 'The id is too long.').refine((scope) => scope === '' || scope === '/' || armId.test(scope), 'Write an id such as /subscriptions/…, or leave it empty for the whole tenant.'),
  check: z.string().refine((check) => check === '' || findCheck(check) !== undefined, 'There is no such check.').transform((check) => (check === '' ? null : check)),
  reason: z.string().trim().min(1, 'Say why this gap may stay for a time.').max(1_000, 'The reason can have at most 1,000 characters.'),
  until: z.iso.date('Choose a date.'),
})

/** What the form sends, checked; or what is wrong, by field. The exemption lasts until the end of its last day, UTC. */
export function parseExemptionForm(form: FormData): { ok: true; value: ExemptionInput } | { ok: false; errors: Record<string, string> } {
  const parsed = exemptionForm.safeParse(sentBy(form))
  if (!parsed.success) return { ok: false, errors: Object.fromEntries(parsed.error.issues.toReversed().map((issue) => [String(issue.path[0]), issue.message])) }
  const { scope, check, reason, until } = parsed.data
  return { ok: true, value: { scope, check, reason, expiresAt: `${until}T23:59:59.999Z` } }
}

/** The fields as they came, so that nothing has to be typed again. */
export function sentBy(form: FormData): SentExemption {
  const text = (name: string) => String(form.get(name) ?? '')
  return { scope: text('scope'), check: text('check'), reason: text('reason'), until: text('until') }
}
