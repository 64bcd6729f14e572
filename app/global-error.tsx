'use client'

import './globals.css'

/** Stands in when even the frame could not be made, so it brings its own html and body. */
export default function GlobalError({ error, retry }: { error: unknown; retry: () => void }) {
  const id = error instanceof Error && 'digest' in error ? String(error.digest) : null
  return (
    <html lang="en">
      <body>
        <main className="mx-auto max-w-md space-y-4 px-4 py-16">
          <title>Failed · Keypoint</title>
          <h1 className="text-2xl font-semibold">Keypoint could not show this page</h1>
          <p>The database may be unreachable, or the configuration may be wrong. The server’s log says which{id !== null && <> (look for <code>{id}</code>)</>}; <code>keypoint doctor</code> checks both.</p>
          <button type="button" className="min-h-9 rounded border border-control px-3 text-sm font-medium" onClick={retry}>Try again</button>
        </main>
      </body>
    </html>
  )
}
