'use client'

import { useActionState } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { inputClass } from '@/components/ui/field'
import type { SecretOwner } from '@/lib/domain/notification'

interface ExpiryFormProps {
  secret: SecretOwner
  name: string
  /** `2027-03-31`, or empty. */
  expiresOn: string
  action: (before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer>
}

export function ExpiryForm({ secret, name, expiresOn, action }: ExpiryFormProps) {
  const [answer, submit, pending] = useActionState(action, null)
  const id = `expires-${secret}`
  return (
    <form action={submit} className="flex flex-wrap items-end gap-2">
      <input type="hidden" name="secret" value={secret} />
      <div className="space-y-1">
        <label htmlFor={id} className="block text-sm font-medium">Expires on<span className="sr-only">: {name}</span></label>
        <input key={expiresOn} id={id} name="expiresOn" type="date" defaultValue={expiresOn} className={inputClass} />
      </div>
      <Button type="submit" disabled={pending}>Save<span className="sr-only"> the end of {name}</span></Button>
      <span role="status" className="self-center text-sm text-muted">{answer?.message ?? ''}</span>
    </form>
  )
}
