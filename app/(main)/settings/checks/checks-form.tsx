'use client'

import type { ReactNode } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { useKeptForm } from '@/components/ui/use-kept-form'

interface ChecksFormProps {
  version: number
  action: (before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer>
  /** The tables of checks, whose fields belong to the form. */
  children: ReactNode
}

export function ChecksForm({ version, action, children }: ChecksFormProps) {
  const { answer, pending, form } = useKeptForm(action)
  return (
    <form {...form} key={version} className="space-y-6">
      <input type="hidden" name="version" value={version} />
      {children}
      <div className="sticky bottom-0 space-y-3 border-t border-line bg-page py-3">
        {answer !== null && <Notice kind={answer.ok ? 'info' : 'error'} role={answer.ok ? 'status' : 'alert'} title={answer.message} />}
        <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Saving…' : 'Save'}</Button>
      </div>
    </form>
  )
}
