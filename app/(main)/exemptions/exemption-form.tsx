'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button, buttonClass } from '@/components/ui/button'
import { described, Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'

/** The form's fields as text. */
export interface SentExemption {
  scope: string
  tag: string
  tagValue: string
  check: string
  category: string
  reason: string
  until: string
}

export interface ExemptionAnswer extends ActionAnswer {
  /** By field. */
  errors: Record<string, string>
  sent: SentExemption
}

interface ExemptionFormProps {
  values: SentExemption
  checks: { id: string; title: string }[]
  /** The first and last day to choose, as in a date field. */
  earliest: string
  latest: string
  action: (before: ExemptionAnswer | null, form: FormData) => Promise<ExemptionAnswer>
}

export function ExemptionForm({ values, checks, earliest, latest, action }: ExemptionFormProps) {
  const [answer, submit, pending] = useActionState(action, null)
  const errors = answer?.errors ?? {}
  const shown = answer?.sent ?? values
  return (
    // A select does not keep what was sent when the form is reset after its action, so a new answer makes the form anew.
    <form action={submit} className="max-w-3xl space-y-5" key={JSON.stringify(answer)}>
      {answer !== null && <Notice kind="error" role="alert" title={answer.message} />}
      <Field id="scope" label="Of what" hint="The id of a resource, a resource group, a subscription or a management group: it and all below it. Empty: the whole tenant." error={errors.scope}>
        <input id="scope" name="scope" defaultValue={shown.scope} autoComplete="off" spellCheck={false} className={`${inputClass} font-mono`} {...described('scope', errors)} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="tag" label="With the tag" hint="Of that only resources with this tag, and what lies below them. Empty: all." error={errors.tag}>
          <input id="tag" name="tag" defaultValue={shown.tag} autoComplete="off" spellCheck={false} className={inputClass} {...described('tag', errors)} />
        </Field>
        <Field id="tagValue" label="Value of the tag" hint="Empty: any value." error={errors.tagValue}>
          <input id="tagValue" name="tagValue" defaultValue={shown.tagValue} autoComplete="off" spellCheck={false} className={inputClass} {...described('tagValue', errors)} />
        </Field>
      </div>
      <Field id="check" label="From which check" error={errors.check}>
        <select id="check" name="check" defaultValue={shown.check} className={inputClass} aria-describedby="check-error" aria-invalid={errors.check !== undefined}>
          <option value="">Every check</option>
          {checks.map((check) => <option key={check.id} value={check.id}>{check.title}</option>)}
        </select>
      </Field>
      <Field id="category" label="Category" hint="The two words of Azure Policy: the gap is accepted for a time, or dealt with in another way." error={errors.category}>
        <select id="category" name="category" defaultValue={shown.category} className={`${inputClass} sm:w-48`} {...described('category', errors)}>
          <option value="waived">Waived</option>
          <option value="mitigated">Mitigated</option>
        </select>
      </Field>
      <Field id="reason" label="Why" hint="Whoever approves it and whoever audits it will read this." error={errors.reason}>
        <textarea id="reason" name="reason" rows={3} required maxLength={1_000} defaultValue={shown.reason} className={`${inputClass} py-1.5`} {...described('reason', errors)} />
      </Field>
      <Field id="until" label="Until" hint="The last day on which it holds." error={errors.until}>
        <input id="until" name="until" type="date" required min={earliest} max={latest} defaultValue={shown.until} className={`${inputClass} sm:w-48`} {...described('until', errors)} />
      </Field>
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Sending…' : 'Ask for approval'}</Button>
        <Link href="/exemptions" className={buttonClass('quiet')}>Cancel</Link>
      </div>
    </form>
  )
}
