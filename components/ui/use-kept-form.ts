'use client'

import { startTransition, useActionState, type FormEvent } from 'react'

/**
 * A form whose fields keep what was typed when the action answers; React would empty them. Without script the action still runs.
 */
export function useKeptForm<Answer>(action: (before: Answer | null, form: FormData) => Promise<Answer | null>) {
  const [answer, submit, pending] = useActionState(action, null)
  return {
    answer,
    pending,
    form: {
      action: submit,
      onSubmit: (event: FormEvent<HTMLFormElement>) => {
        event.preventDefault()
        const { submitter } = event.nativeEvent as SubmitEvent
        const data = new FormData(event.currentTarget, submitter)
        startTransition(() => submit(data))
      },
    },
  }
}
