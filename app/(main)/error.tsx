'use client'

import { Button } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'

/** What went wrong stays in the log of the server; the page shows the id by which to find it there. */
export default function MainError({ error, retry }: { error: unknown; retry: () => void }) {
  const id = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <div className="space-y-4">
      <h1 className="text-2xl font-semibold">This page could not be shown</h1>
      <Notice kind="error" role="alert" title="Something failed while the page was made.">
        <p>Nothing was changed. The database may be down or restarting; <a className="link" href="/api/health">the health page</a> tells whether it is reachable.</p>
        {id !== null && <p>The server’s log holds the details under <code>{id}</code>.</p>}
      </Notice>
      <Button kind="primary" onClick={retry}>Try again</Button>
    </div>
  )
}
