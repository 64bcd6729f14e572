import { isIP } from 'node:net'
import { z } from 'zod'
import { keyPointSlugs } from '@/lib/domain/key-point'
import { nameLengthMax } from '@/lib/domain/name-length'
import { channelKinds, recipientsMax, topics } from '@/lib/domain/notification'
import { isTimeZone } from '@/lib/domain/schedule'
import { severities } from '@/lib/domain/verdict'
import { AddressGuard } from '@/lib/notify/address-guard'
import type { ChannelForm } from '@/lib/notify/channels'
import { errorsByField } from '../../form-input'

const email = z.email()

/** One address a line, or parted by commas; each once. */
const recipients = z.string().transform((text, context) => {
  const list = [...new Set(text.split(/[\s,;]+/).filter((address) => address !== ''))]
  const wrong = list.find((address) => !email.safeParse(address).success)
  if (wrong !== undefined) context.addIssue({ code: 'custom', message: `${wrong} is no e-mail address.` })
  if (list.length > recipientsMax) context.addIssue({ code: 'custom', message: `A channel has at most ${recipientsMax} recipients; use a distribution list.` })
  return list
})

const address = z.string().trim().max(2_000, 'The address is too long.').transform((text, context) => {
  if (text === '') return null
  const url = URL.canParse(text) ? new URL(text) : null
  if (url !== null && (url.protocol === 'https:' || url.protocol === 'http:')) return url.href
  context.addIssue({ code: 'custom', message: 'This is no address of the form https://host/path.' })
  return z.NEVER
})

/** What is wrong with where a webhook leads, as far as its address alone tells: a name is looked up with each message. */
function wrongWith(url: URL, networks: readonly string[]): string | null {
  const guard = new AddressGuard(networks)
  const host = /(^|\.)localhost$/.test(url.hostname) ? '127.0.0.1' : url.hostname.replace(/^\[|\]$/g, '')
  const isAddress = isIP(host) !== 0
  if (isAddress && !guard.permits(host)) return `${url.hostname} is not a public address; KEYPOINT_WEBHOOK_NETWORKS can allow its network.`
  const mayBePlain = isAddress ? guard.isAllowed(host) : networks.length > 0
  return url.protocol === 'http:' && !mayBePlain ? 'Write https; only the networks that KEYPOINT_WEBHOOK_NETWORKS names are reached over http.' : null
}

const channelForm = z.object({
  id: z.uuid().optional(),
  kind: z.enum(channelKinds),
  name: z.string().trim().min(1, 'Give it a name.').max(nameLengthMax, `The name can have at most ${nameLengthMax} characters.`),
  url: address,
  recipients,
  topics: z.array(z.enum(topics)).min(1, 'Choose at least one.'),
  minSeverity: z.enum(severities),
  keyPoints: z.array(z.enum(keyPointSlugs)),
  alwaysSend: z.boolean(),
  rhythm: z.enum(['each', 'daily']),
  hour: z.coerce.number().int().min(0).max(23),
  timeZone: z.string().trim(),
}).superRefine(({ id, kind, url, recipients: list, rhythm, timeZone }, context) => {
  const wrong = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message })
  if (kind !== 'email' && id === undefined && url === null) wrong('url', 'Enter the address of the webhook.')
  if (kind === 'email' && list.length === 0) wrong('recipients', 'Enter at least one address.')
  if (kind === 'email' && rhythm === 'daily' && !isTimeZone(timeZone)) wrong('timeZone', 'This time zone is not known; write it as in Europe/Berlin.')
})

/**
 * What the channel form sends, checked; or what is wrong, by field.
 * @param networks those that webhooks may lead to though they are not public, in CIDR form.
 */
export function parseChannelForm(form: FormData, networks: readonly string[]): { ok: true; value: ChannelForm } | { ok: false; errors: Record<string, string> } {
  const text = (name: string) => String(form.get(name) ?? '')
  const parsed = channelForm.safeParse({
    id: text('id') || undefined, kind: text('kind'), name: text('name'), url: text('url'), recipients: text('recipients'), topics: form.getAll('topic').map(String),
    minSeverity: text('minSeverity'), keyPoints: form.getAll('keyPoint').map(String), alwaysSend: form.get('alwaysSend') !== null, rhythm: text('rhythm') || 'each', hour: text('hour') || '0',
    timeZone: text('timeZone'),
  })
  if (!parsed.success) return { ok: false, errors: errorsByField(parsed.error) }
  const { id, kind, rhythm, hour, timeZone, ...rest } = parsed.data
  const isMail = kind === 'email'
  const wrong = isMail || rest.url === null ? null : wrongWith(new URL(rest.url), networks)
  if (wrong !== null) return { ok: false, errors: { url: wrong } }
  return {
    ok: true,
    value: {
      ...rest, ...(id !== undefined && { id }), kind, url: isMail ? null : rest.url, recipients: isMail ? rest.recipients : [],
      digest: isMail && rhythm === 'daily' ? { hour, timeZone } : null,
    },
  }
}
