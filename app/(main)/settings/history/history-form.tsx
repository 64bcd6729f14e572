'use client'

import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { useKeptForm } from '@/components/ui/use-kept-form'

export interface HistoryAnswer extends ActionAnswer {
  /** The shorter time that waits for a person's word, and what it does; null when nothing waits. */
  toConfirm: { days: number; consequence: string } | null
}

interface HistoryFormProps {
  days: number
  min: number
  max: number
  action: (before: HistoryAnswer | null, form: FormData) => Promise<HistoryAnswer>
}

export function HistoryForm({ days, min, max, action }: HistoryFormProps) {
  const { answer, pending, form } = useKeptForm(action)
  const toConfirm = answer?.toConfirm ?? null
  return (
    <form {...form} className="max-w-xl space-y-4">
      {answer !== null && toConfirm === null && <Notice kind={answer.ok ? 'info' : 'error'} role={answer.ok ? 'status' : 'alert'} title={answer.message} />}
      <Field id="days" label="Keep scans in full, in days" hint="What is older is pruned within a day of saving a shorter time, and cannot be brought back.">
        <input
          id="days" name="days" type="number" inputMode="numeric" min={min} max={max} required defaultValue={toConfirm?.days ?? days}
          className={`${inputClass} sm:w-40`} aria-describedby="days-hint"
        />
      </Field>
      <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Saving…' : 'Save'}</Button>
      {/* Below, so that the Enter key in the field asks once more and confirms nothing. */}
      {answer !== null && toConfirm !== null && (
        <Notice kind="warning" role="alert" title={answer.message}>
          <p>{toConfirm.consequence}</p>
          <Button type="submit" kind="danger" name="confirmed" value={toConfirm.days} disabled={pending}>Keep {toConfirm.days} days only</Button>
        </Notice>
      )}
    </form>
  )
}
