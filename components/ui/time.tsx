'use client'

import { useSyncExternalStore } from 'react'
import { formatUtc } from '@/components/format'

const neverChanges = () => () => undefined

/**
 * A time as `text`, with the exact time as tip: UTC from the server, the reader's own zone once the browser took over. On paper, which no longer knows what now was, UTC follows unless
 * it stands beside anyway.
 */
export function Time({ iso, text, exactBeside = false }: { iso: string; text: string; exactBeside?: boolean }) {
  const exact = useSyncExternalStore(
    neverChanges,
    () => new Date(iso).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'long' }),
    () => formatUtc(iso),
  )
  return <time dateTime={iso} title={exact} data-utc={exactBeside ? undefined : formatUtc(iso)} className="whitespace-nowrap">{text}</time>
}
