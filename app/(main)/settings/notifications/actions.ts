'use server'

import { revalidatePath } from 'next/cache'
import { redirect } from 'next/navigation'
import { z } from 'zod'
import { channelsHref } from '@/components/links'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { webSessions } from '@/lib/auth/current-person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { webConfig } from '@/lib/auth/web-settings'
import { enableChannel, getDatabase, removeChannel, setSecretExpiry } from '@/lib/db'
import { overlapHours, secretOwners } from '@/lib/domain/notification'
import { requestTest } from '@/lib/jobs/request-test'
import { endOlderSecret, keepChannel, renewSigningSecret } from '@/lib/notify/channels'
import { log } from '@/lib/log'
import { idOf } from '../../form-input'
import { toAnswer } from '../../to-answer'
import type { ChannelAnswer } from './channel-form'
import { parseChannelForm } from './channel-input'
import type { SecretAnswer } from './signing-secret'

const notNamed: ActionAnswer = { ok: false, message: 'The channel was not named. Reload the page and try again.' }

/** Saves a channel and leads to the list; a new signing secret is shown first, for it cannot be read again. */
export async function saveChannelForm(_before: ChannelAnswer | null, form: FormData): Promise<ChannelAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const parsed = parseChannelForm(form, webConfig().webhookNetworks)
  if (!parsed.ok) return { ok: false, message: 'Nothing was saved: see the fields marked below.', errors: parsed.errors, signingSecret: null }
  const outcome = await toAnswer(() => keepChannel(getDatabase(), viewer, parsed.value, person.username, webSessions().secrets))
  if (!outcome.ok) return { ...outcome, errors: {}, signingSecret: null }
  log('info', 'a channel was saved', { channelId: outcome.value.channel.id, by: person.username })
  revalidatePath(channelsHref)
  const { channel, signingSecret } = outcome.value
  if (signingSecret === null) redirect(channelsHref)
  return { ok: true, message: `Saved: ${channel.name}.`, errors: {}, signingSecret }
}

/** Sends a test by way of a worker and says what came of it. */
export async function testChannel(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(() => requestTest({ viewer, channelId: id, by: person.name, baseUrl: webConfig().url }))
  revalidatePath(channelsHref)
  if (!outcome.ok) return outcome
  const { status, outcome: met } = outcome.value
  if (status === 'sent') return { ok: true, message: `Delivered. ${met ?? ''}` }
  if (met === null && status === 'waiting') return { ok: false, message: 'No worker has taken it yet. If none runs, start one with `keypoint worker`.' }
  return { ok: false, message: `${status === 'waiting' ? 'It is tried again. ' : 'Not delivered. '}${met ?? ''}` }
}

const secretForm = z.object({ id: z.uuid(), hours: z.coerce.number().refine((hours) => overlapHours.some((one) => one === hours)) })

/** Makes a new signing secret and shows it: it cannot be read again. */
export async function renewSecret(_before: SecretAnswer | null, form: FormData): Promise<SecretAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const parsed = secretForm.safeParse({ id: form.get('id'), hours: form.get('hours') })
  if (!parsed.success) return { ...notNamed, signingSecret: null }
  const { id, hours } = parsed.data
  const outcome = await toAnswer(() => renewSigningSecret(getDatabase(), viewer, id, hours, webSessions().secrets))
  if (!outcome.ok) return { ...outcome, signingSecret: null }
  log('info', 'a signing secret was renewed', { channelId: id, by: person.username, olderValidHours: hours === 0 ? null : hours })
  revalidatePath(channelsHref)
  return { ok: true, message: 'The new signing secret', signingSecret: outcome.value }
}

/** Ends the older signing secret before its time. */
export async function endOlderSecretById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(() => endOlderSecret(getDatabase(), viewer, id, webSessions().secrets))
  if (!outcome.ok) return outcome
  log('info', 'an older signing secret was ended', { channelId: id, by: person.username })
  revalidatePath(channelsHref, 'layout')
  return null
}

/** Switches a channel off, or on where the form says `on`. */
export async function switchChannel(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const id = idOf(form)
  if (id === null) return notNamed
  const enabled = form.get('value') === 'on'
  const outcome = await toAnswer(() => enableChannel(getDatabase(), viewer, id, enabled))
  if (outcome.ok) log('info', `a channel was switched ${enabled ? 'on' : 'off'}`, { channelId: id, by: person.username })
  revalidatePath(channelsHref)
  return outcome.ok ? null : outcome
}

/** Removes a channel, with the list of what was sent to it. */
export async function removeChannelById(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer | null> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const id = idOf(form)
  if (id === null) return notNamed
  const outcome = await toAnswer(() => removeChannel(getDatabase(), viewer, id))
  if (outcome.ok) log('info', 'a channel was removed', { channelId: id, by: person.username })
  revalidatePath(channelsHref)
  return outcome.ok ? null : outcome
}

const expiryForm = z.object({ secret: z.enum(secretOwners), expiresOn: z.union([z.literal(''), z.iso.date()]) })

/** Keeps the day on which a client secret expires, as Entra shows it; an empty one forgets it. */
export async function saveExpiry(_before: ActionAnswer | null, form: FormData): Promise<ActionAnswer> {
  const { person, viewer } = await requireViewer('Keypoint.Admin')
  const parsed = expiryForm.safeParse({ secret: form.get('secret'), expiresOn: form.get('expiresOn') })
  if (!parsed.success) return { ok: false, message: 'Choose the day on which it expires.' }
  const { secret, expiresOn } = parsed.data
  await setSecretExpiry(getDatabase(), viewer, secret, expiresOn === '' ? null : new Date(`${expiresOn}T00:00:00Z`), person.username)
  revalidatePath(channelsHref)
  return { ok: true, message: expiresOn === '' ? 'Forgotten.' : 'Saved.' }
}
