'use client'

import { useActionState } from 'react'
import { Button } from '@/components/ui/button'
import { RunIcon } from '@/components/ui/icons'

/** What a form's action answers when it did not lead elsewhere. */
export interface ActionAnswer {
  ok: boolean
  message: string
}

export function RunScanButton({ action }: { action: (before: ActionAnswer | null) => Promise<ActionAnswer | null> }) {
  const [answer, submit, pending] = useActionState(action, null)
  return (
    <form action={submit} className="flex flex-wrap items-center gap-2">
      <Button type="submit" kind="primary" aria-disabled={pending} onClick={(event) => { if (pending) event.preventDefault() }}>
        <RunIcon /> {pending ? 'Starting…' : 'Run scan'}
      </Button>
      <span role="status" className="max-w-xs text-sm text-fail">{answer !== null && !answer.ok ? answer.message : ''}</span>
    </form>
  )
}
