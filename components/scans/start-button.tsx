'use client'

import { useActionState, type ReactNode } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button, type ButtonKind } from '@/components/ui/button'

interface StartButtonProps {
  action: (before: ActionAnswer | null) => Promise<ActionAnswer | null>
  kind?: ButtonKind
  icon?: ReactNode
  label: string
}

/** Starts work that has a page of its own, to which the action leads. */
export function StartButton({ action, kind, icon, label }: StartButtonProps) {
  const [answer, submit, pending] = useActionState(action, null)
  return (
    <form action={submit} className="flex flex-wrap items-center">
      <Button type="submit" kind={kind} aria-disabled={pending} onClick={(event) => { if (pending) event.preventDefault() }}>
        {icon} {pending ? 'Starting…' : label}
      </Button>
      <span role="status" className="max-w-xs text-sm text-fail not-empty:ml-2">{answer !== null && !answer.ok ? answer.message : ''}</span>
    </form>
  )
}
