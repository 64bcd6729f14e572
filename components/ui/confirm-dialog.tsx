'use client'

import { useId, type ReactNode, type RefObject } from 'react'
import { Button } from './button'

interface ConfirmDialogProps {
  /** Shown by `showModal` of whoever asks. */
  dialog: RefObject<HTMLDialogElement | null>
  question: ReactNode
  /** What will be. */
  children: ReactNode
  /** What the action is sent, by name. */
  fields: Readonly<Record<string, string>>
  action: (form: FormData) => void
  pending: boolean
  yes: string
  no: string
}

/** Asks once before something is done that cannot be undone. */
export function ConfirmDialog({ dialog, question, children, fields, action, pending, yes, no }: ConfirmDialogProps) {
  const titleId = useId()
  return (
    <dialog ref={dialog} aria-labelledby={titleId} className="m-auto max-w-md rounded border border-control bg-page p-5 text-text backdrop:bg-black/50">
      <h2 id={titleId} className="text-lg font-semibold wrap-anywhere">{question}</h2>
      <p className="mt-2 text-sm">{children}</p>
      <form action={action} className="mt-4 flex justify-end gap-2" onSubmit={() => dialog.current?.close()}>
        {Object.entries(fields).map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <Button onClick={() => dialog.current?.close()}>{no}</Button>
        <Button type="submit" kind="danger" disabled={pending}>{yes}</Button>
      </form>
    </dialog>
  )
}
