'use client'

import { useActionState } from 'react'
import { formatUtc } from '@/components/format'
import { Button } from '@/components/ui/button'
import { CommandButton } from '@/components/ui/command-button'
import { Field, inputClass } from '@/components/ui/field'
import { overlapHours, type ChannelRow } from '@/lib/domain/notification'
import { endOlderSecretById, renewSecret } from './actions'
import { overlapWords } from './overlap-words'
import { SigningSecret } from './signing-secret'

/** Puts a new signing secret beside the one in use, which ends after some time or when somebody ends it. */
export function SecretForm({ id, name, olderSecret }: Pick<ChannelRow, 'id' | 'name' | 'olderSecret'>) {
  const [answer, submit, pending] = useActionState(renewSecret, null)
  if (answer?.ok && answer.signingSecret !== null) return <SigningSecret secret={answer.signingSecret} message={answer.message} />
  if (olderSecret !== null) {
    return (
      <div className="space-y-3">
        <p className="text-sm">
          Messages are signed with two secrets: the newest, and the one before it, which is valid {olderSecret.until === null ? 'until somebody ends it' : `until ${formatUtc(olderSecret.until)}`}.
          End it once the receiver has the newest.
        </p>
        <CommandButton fields={{ id }} label="End the older secret" about={`of ${name}`} action={endOlderSecretById} confirm="A receiver that knows the older secret alone refuses messages from then on." />
      </div>
    )
  }
  return (
    <form action={submit} className="space-y-3">
      <input type="hidden" name="id" value={id} />
      <Field id="hours" label="The secret in use stays valid" hint="Meanwhile each message carries two signatures, so that the receiver can change over at any time.">
        <select id="hours" name="hours" defaultValue={24} className={`${inputClass} sm:w-72`} aria-describedby="hours-hint">
          {overlapHours.map((hours) => <option key={hours} value={hours}>{overlapWords[hours]}</option>)}
        </select>
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        <Button type="submit" disabled={pending}>{pending ? 'Making…' : 'Make a new signing secret'}</Button>
        <span role="status" className="text-sm text-fail wrap-anywhere">{answer?.message ?? ''}</span>
      </div>
    </form>
  )
}
