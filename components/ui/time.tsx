'use client'

import { useSyncExternalStore } from 'react'
import { formatUtc } from '@/components/format'

const neverChanges = () => () => undefined

/** A time as `text`, with the exact time as tip: UTC from the server, the reader's own zone once the browser took over. */
export function Time({ iso, text }: { iso: string; text: string }) {
  const exact = useSyncExternalStore(
    neverChanges,
    () => new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' }),
    () => formatUtc(iso),
  )
  return <time dateTime={iso} title={exact} className="whitespace-nowrap">{text}</time>
}
