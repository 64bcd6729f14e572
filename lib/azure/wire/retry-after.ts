interface HeaderReader {
  get(name: string): string | undefined
}

const headers: { name: string; unitMs: number }[] = [
  { name: 'retry-after-ms', unitMs: 1 },
  { name: 'x-ms-retry-after-ms', unitMs: 1 },
  { name: 'retry-after', unitMs: 1000 },
]

/**
 * Milliseconds that an answer asks to wait: from its headers, else from the text of its error; null when it says nothing.
 * @param wall the time of day (milliseconds since 1970) by our clock, for an answer that waits until one and does not tell its own.
 */
export function retryAfterMs(reader: HeaderReader, bodyText: string | null | undefined, wall: number): number | null {
  for (const { name, unitMs } of headers) {
    const value = reader.get(name)
    if (value === undefined || value.trim() === '') continue
    const amount = Number(value)
    if (Number.isFinite(amount)) return Math.max(0, amount * unitMs)
    const [date, sentAt] = [Date.parse(value), Date.parse(reader.get('date') ?? '')]
    if (!Number.isNaN(date)) return Math.max(0, date - (Number.isNaN(sentAt) ? wall : sentAt))
  }
  const seconds = /after '(\d+)' seconds/i.exec(bodyText ?? '')?.[1]
  return seconds === undefined ? null : Number(seconds) * 1000
}

/** Milliseconds of `hh:mm:ss`, as Resource Graph says when its quota comes back; null for anything else. */
export function quotaResetMs(value: string | undefined): number | null {
  const parts = /^(\d+):(\d+):(\d+(?:\.\d+)?)$/.exec(value?.trim() ?? '')
  return parts === null ? null : (Number(parts[1]) * 3600 + Number(parts[2]) * 60 + Number(parts[3])) * 1000
}
