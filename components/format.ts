/** Numbers and times as people read them. The language is English, so numbers are too. */
const whole = new Intl.NumberFormat('en')
const decimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const signed = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay: 'exceptZero' })
const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
const utc = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })
const day = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeZone: 'UTC' })

/** `1,284`. */
export function formatCount(value: number): string {
  return whole.format(value)
}

/** `1 resource`, `1,284 resources`. */
export function formatCounted(value: number, singular: string, plural = `${singular}s`): string {
  return `${whole.format(value)} ${value === 1 ? singular : plural}`
}

/** One decimal; null has no number and says so. */
export function formatScore(score: number | null): string {
  return score === null ? 'Not scored' : decimal.format(score)
}

/** `97.5 %`, of a value in percent. */
export function formatPercent(value: number): string {
  return `${decimal.format(value)} %`
}

/** `+1.5`: a difference of two scores, always with its sign; none is `0.0`. */
export function formatPoints(value: number): string {
  return signed.format(value)
}

/** `2 hours ago`; `now` is passed in, so that one page agrees with itself. */
export function formatRelative(iso: string, now: Date): string {
  const seconds = Math.round((new Date(iso).getTime() - now.getTime()) / 1000)
  const units: [Intl.RelativeTimeFormatUnit, number][] = [['day', 86_400], ['hour', 3_600], ['minute', 60]]
  for (const [unit, size] of units) {
    if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit)
  }
  return Math.abs(seconds) < 5 ? 'just now' : relative.format(seconds, 'second')
}

/** `3 Nov 2026, 02:00 UTC`. */
export function formatUtc(iso: string): string {
  return `${utc.format(new Date(iso))} UTC`
}

/** `597 MB`: decimal units, as disks are sold. */
export function formatBytes(bytes: number): string {
  const unit = bytes < 1e9 ? { size: 1e6, name: 'MB' } : { size: 1e9, name: 'GB' }
  const value = bytes / unit.size
  return `${value < 10 ? decimal.format(value) : whole.format(Math.round(value))} ${unit.name}`
}

/** `3 Nov 2026`, UTC. */
export function formatDay(iso: string): string {
  return day.format(new Date(iso))
}

/** `5 h`, `3.5 days`: one unit, rounded as one would say it. */
export function formatSpan(seconds: number): string {
  const hours = seconds / 3_600
  if (hours < 1) return `${Math.max(1, Math.round(seconds / 60))} min`
  if (hours < 48) return `${Math.round(hours)} h`
  const days = Math.round(hours / 2.4) / 10
  return `${days < 10 ? days : Math.round(days)} days`
}

/** `Sat, 24 Oct 2026, 02:00 CEST`: by the clock of a time zone. */
export function formatIn(timeZone: string, iso: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone, weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short',
  }).format(new Date(iso))
}

/** `4 min 12 s`; with one unit below a minute. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${seconds % 60} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
