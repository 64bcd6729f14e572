'use client'

import { useState } from 'react'
import { Button } from './button'
import { CopyIcon } from './icons'

/** Copies `text` and says so; when the browser refuses, says that too. */
export function CopyButton({ text, label }: { text: string; label: string }) {
  const [state, setState] = useState<'idle' | 'copied' | 'refused'>('idle')

  async function copy() {
    try {
      await navigator.clipboard.writeText(text)
      setState('copied')
    } catch {
      setState('refused')
    }
  }

  return (
    <span className="inline-flex items-center gap-2 print:hidden">
      <Button kind="secondary" onClick={copy} aria-label={label} className="min-h-8 px-2 text-xs">
        <CopyIcon className="size-3.5" /> Copy
      </Button>
      <span role="status" className="text-xs text-muted">
        {state === 'copied' ? 'Copied' : state === 'refused' ? 'The browser refused; select the text and copy it' : ''}
      </span>
    </span>
  )
}
