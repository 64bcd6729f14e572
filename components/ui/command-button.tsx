'use client'

import clsx from 'clsx'
import { useActionState, useRef } from 'react'
import type { ActionAnswer } from './action-answer'
import { Button } from './button'

interface CommandButtonProps {
  id: string
  label: string
  /** The name of what it acts on. */
  about: string
  action: (before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer | null>
  value?: string
  /** Asks first, and says what will be. */
  confirm?: string
}

/** A command on one thing of a list, sent by the thing's id; one that destroys asks first. */
export function CommandButton({ id, label, about, action, value, confirm }: CommandButtonProps) {
  const [answer, submit, pending] = useActionState(action, null)
  const dialog = useRef<HTMLDialogElement>(null)
  const fields = (
    <>
      <input type="hidden" name="id" value={id} />
      {value !== undefined && <input type="hidden" name="value" value={value} />}
    </>
  )
  const message = <span role="status" className={clsx('max-w-xs text-sm wrap-anywhere not-empty:ml-2', answer?.ok === false && 'text-fail')}>{answer?.message ?? ''}</span>
  if (confirm === undefined) {
    return <form action={submit} className="flex flex-wrap items-center">{fields}<Button type="submit" disabled={pending}>{label}<span className="sr-only"> {about}</span></Button>{message}</form>
  }
  const titleId = `${label}-${id}`
  return (
    <div className="flex flex-wrap items-center">
      <Button kind="danger" onClick={() => dialog.current?.showModal()}>{label}<span className="sr-only"> {about}</span></Button>
      {message}
      <dialog ref={dialog} aria-labelledby={titleId} className="m-auto max-w-md rounded border border-control bg-page p-5 text-text backdrop:bg-black/50">
        <h2 id={titleId} className="text-lg font-semibold wrap-anywhere">{label} {about}?</h2>
        <p className="mt-2 text-sm">{confirm}</p>
        <form action={submit} className="mt-4 flex justify-end gap-2" onSubmit={() => dialog.current?.close()}>
          {fields}
          <Button onClick={() => dialog.current?.close()}>Keep it</Button>
          <Button type="submit" kind="danger" disabled={pending}>{label}</Button>
        </form>
      </dialog>
    </div>
  )
}
