'use client'

import { useActionState, useRef } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { CancelIcon } from '@/components/ui/icons'

/** Asks once, in a dialog that names what will happen. */
export function CancelScanButton({ scanId, action }: { scanId: string; action: (before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer | null> }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [answer, submit, pending] = useActionState(action, null)
  return (
    <div className="flex flex-wrap items-center">
      <Button kind="danger" onClick={() => dialog.current?.showModal()}><CancelIcon /> Cancel scan</Button>
      <span role="status" className="text-sm not-empty:ml-2">{answer?.message ?? ''}</span>
      <dialog ref={dialog} aria-labelledby="cancel-title" className="m-auto max-w-md rounded border border-control bg-page p-5 text-text backdrop:bg-black/50">
        <h2 id="cancel-title" className="text-lg font-semibold">Cancel this scan?</h2>
        <p className="mt-2 text-sm">Subscriptions that are read completely are kept. The others keep what the scan before knew.</p>
        <form action={submit} className="mt-4 flex justify-end gap-2" onSubmit={() => dialog.current?.close()}>
          <input type="hidden" name="scanId" value={scanId} />
          <Button onClick={() => dialog.current?.close()}>Keep scanning</Button>
          <Button type="submit" kind="danger" disabled={pending}>Cancel the scan</Button>
        </form>
      </dialog>
    </div>
  )
}
