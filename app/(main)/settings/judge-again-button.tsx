'use client'

import { useActionState } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'

/** Judges stored facts under the policy as it is now; leads to the page of that judging. */
export function JudgeAgainButton({ action, primary = false }: { action: (before: ActionAnswer | null) => Promise<ActionAnswer | null>; primary?: boolean }) {
  const [answer, submit, pending] = useActionState(action, null)
  return (
    <form action={submit} className="flex flex-wrap items-center gap-2">
      <Button type="submit" kind={primary ? 'primary' : 'secondary'} aria-disabled={pending} onClick={(event) => { if (pending) event.preventDefault() }}>{pending ? 'Starting…' : 'Judge again'}</Button>
      <span role="status" className="max-w-xs text-sm text-fail">{answer !== null && !answer.ok ? answer.message : ''}</span>
    </form>
  )
}
