'use client'

import clsx from 'clsx'
import { useActionState, useRef } from 'react'
import type { ActionAnswer } from './action-answer'
import { Button } from './button'
import { ConfirmDialog } from './confirm-dialog'

interface CommandButtonProps {
  /** What the action is sent, by name: the thing's id, and what else it needs. */
  fields: Readonly<Record<string, string>>
  label: string
  /** The name of what it acts on. */
  about: string
  action: (before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer | null>
  /** Asks first, and says what will be. */
  confirm?: string
}

/** A command on one thing of a list; one that destroys asks first. */
export function CommandButton({ fields, label, about, action, confirm }: CommandButtonProps) {
  const [answer, submit, pending] = useActionState(action, null)
  const dialog = useRef<HTMLDialogElement>(null)
  const message = <span role="status" className={clsx('max-w-xs text-sm wrap-anywhere not-empty:ml-2', answer?.ok === false && 'text-fail')}>{answer?.message ?? ''}</span>
  if (confirm === undefined) {
    return (
      <form action={submit} className="flex flex-wrap items-center">
        {Object.entries(fields).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <Button type="submit" disabled={pending}>{label}<span className="sr-only"> {about}</span></Button>
        {message}
      </form>
    )
  }
  return (
    <div className="flex flex-wrap items-center">
      <Button kind="danger" onClick={() => dialog.current?.showModal()}>{label}<span className="sr-only"> {about}</span></Button>
      {message}
      <ConfirmDialog dialog={dialog} question={`${label} ${about}?`} fields={fields} action={submit} pending={pending} yes={label} no="Keep it">{confirm}</ConfirmDialog>
    </div>
  )
}
