'use client'

import { useActionState, useRef } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { ConfirmDialog } from '@/components/ui/confirm-dialog'
import { CancelIcon } from '@/components/ui/icons'

/** Asks once, in a dialog that names what will happen. */
export function CancelScanButton({ scanId, action }: { scanId: string; action: (before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer | null> }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [answer, submit, pending] = useActionState(action, null)
  return (
    <div className="flex flex-wrap items-center">
      <Button kind="danger" onClick={() => dialog.current?.showModal()}><CancelIcon /> Cancel scan</Button>
      <span role="status" className="text-sm not-empty:ml-2">{answer?.message ?? ''}</span>
      <ConfirmDialog dialog={dialog} question="Cancel this scan?" fields={{ scanId }} action={submit} pending={pending} yes="Cancel the scan" no="Keep scanning">
        Subscriptions that are read completely are kept. The others keep what the scan before knew.
      </ConfirmDialog>
    </div>
  )
}
