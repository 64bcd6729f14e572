'use client'

import { useActionState } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'

interface HistoryFormProps {
  days: number
  min: number
  max: number
  action: (before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer>
}

export function HistoryForm({ days, min, max, action }: HistoryFormProps) {
  const [answer, submit, pending] = useActionState(action, null)
  return (
    <form action={submit} className="max-w-md space-y-4">
      {answer !== null && <Notice kind={answer.ok ? 'info' : 'error'} role={answer.ok ? 'status' : 'alert'} title={answer.message} />}
      <Field id="days" label="Keep scans in full, in days" hint="What is older is pruned within a day of saving a shorter time, and cannot be brought back.">
        <input id="days" name="days" type="number" inputMode="numeric" min={min} max={max} required defaultValue={days} className={`${inputClass} sm:w-40`} aria-describedby="days-hint" />
      </Field>
      <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Saving…' : 'Save'}</Button>
    </form>
  )
}
