import { z } from 'zod'
import { findCheck } from '@/lib/checks'
import { exemptionCategories, type ExemptionInput } from '@/lib/domain/exemption'
import { isGuid } from '@/lib/domain/guid'
import { errorsByField } from '../form-input'
import type { SentExemption } from './exemption-form'

/** The whole tenant, a subscription or something in one, a management group, or the tenant by its id. */
function isScope(text: string): boolean {
  if (text === '' || text === '/') return true
  const subscription = /^\/subscriptions\/([^/]+)(\/.+)?$/i.exec(text)
  return subscription === null ? /^\/(providers\/microsoft\.management\/managementgroups|tenants)\/[^/]+$/i.test(text) : isGuid(subscription[1] ?? '')
}

const exemptionForm = z.object({
  scope: z.string().trim().max(2_000, 'The id is too long.').refine(isScope, 'Write an id such as /subscriptions/…, or leave it empty for the whole tenant.'),
  tag: z.string().trim().max(512, 'A tag name has at most 512 characters.'),
  tagValue: z.string().trim().max(256, 'A tag value has at most 256 characters.'),
  check: z.string().refine((check) => check === '' || findCheck(check) !== undefined, 'There is no such check.').transform((check) => (check === '' ? null : check)),
  category: z.enum(exemptionCategories, 'Choose one of the two.'),
  reason: z.string().trim().min(1, 'Say why this gap may stay for a time.').max(1_000, 'The reason can have at most 1,000 characters.'),
  until: z.iso.date('Choose a date.'),
})

/** What the form sends, checked; or what is wrong, by field. The exemption lasts until the end of its last day, UTC. */
export function parseExemptionForm(form: FormData): { ok: true; value: ExemptionInput } | { ok: false; errors: Record<string, string> } {
  const sent = sentBy(form)
  const parsed = exemptionForm.safeParse(sent)
  const errors = parsed.success ? {} : errorsByField(parsed.error)
  if (sent.tag.trim() === '' && sent.tagValue.trim() !== '') errors.tag = 'Name the tag that has this value.'
  if (!parsed.success || errors.tag !== undefined) return { ok: false, errors }
  const { scope, tag, tagValue, check, category, reason, until } = parsed.data
  return { ok: true, value: { scope, tag: tag === '' ? null : { name: tag, value: tagValue }, check, category, reason, expiresAt: `${until}T23:59:59.999Z` } }
}

/** The fields as they came, so that nothing has to be typed again. */
export function sentBy(form: FormData): SentExemption {
  const text = (name: string) => String(form.get(name) ?? '')
  return { scope: text('scope'), tag: text('tag'), tagValue: text('tagValue'), check: text('check'), category: text('category'), reason: text('reason'), until: text('until') }
}
