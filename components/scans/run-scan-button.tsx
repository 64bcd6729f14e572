'use client'

import { useActionState } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { RunIcon } from '@/components/ui/icons'

export function RunScanButton({ action }: { action: (before: ActionAnswer | null) => Promise<ActionAnswer | null> }) {
  const [answer, submit, pending] = useActionState(action, null)
  return (
    <form action={submit} className="flex flex-wrap items-center">
      <Button type="submit" kind="primary" aria-disabled={pending} onClick={(event) => { if (pending) event.preventDefault() }}>
        <RunIcon /> {pending ? 'Starting…' : 'Run scan'}
      </Button>
      <span role="status" className="max-w-xs text-sm text-fail not-empty:ml-2">{answer !== null && !answer.ok ? answer.message : ''}</span>
    </form>
  )
}
