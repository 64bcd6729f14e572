'use client'

import Link from 'next/link'
import { useEffect, useRef } from 'react'
import { channelsHref } from '@/components/links'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { buttonClass } from '@/components/ui/button'
import { CodeBlock } from '@/components/ui/code-block'
import { Notice } from '@/components/ui/notice'

export interface SecretAnswer extends ActionAnswer {
  /** When it is new; shown this once. */
  signingSecret: string | null
}

/** A new signing secret, in the place of the form that made it. */
export function SigningSecret({ secret, message }: { secret: string; message: string }) {
  const heading = useRef<HTMLHeadingElement>(null)
  // The button that was pressed is gone with the form.
  useEffect(() => heading.current?.focus(), [])
  return (
    <div className="max-w-3xl space-y-4">
      <h2 ref={heading} tabIndex={-1} className="text-lg font-semibold outline-none">{message}</h2>
      <Notice title="The signing secret is shown this once">
        <p>It is stored encrypted and not shown again: give it to the receiver now.</p>
      </Notice>
      <CodeBlock text={secret} label="signing secret" />
      <p className="text-sm">
        Each message carries the headers <code>webhook-id</code>, <code>webhook-timestamp</code> and <code>webhook-signature</code> of the Standard Webhooks specification: <code>v1,</code> and the
        base64 of an HMAC-SHA256 over id, timestamp and body, joined by dots; two of them, parted by a space, while an older secret is valid. Refuse what is older than five minutes, and do nothing for an id that came before.
      </p>
      <Link href={channelsHref} className={buttonClass('primary')}>Back to the notifications</Link>
    </div>
  )
}
