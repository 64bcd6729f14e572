import { dayMs } from './day'

/** What a clock on the wall shows, as the UTC time that has the same figures. */
export type WallTime = number

const minuteMs = 60_000
const formats = new Map<string, Intl.DateTimeFormat>()

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone)
  if (known !== undefined) return known
  const format = new Intl.DateTimeFormat('en', { timeZone, calendar: 'iso8601', numberingSystem: 'latn', hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
  formats.set(timeZone, format)
  return format
}

/** @param at milliseconds since 1970. */
export function wallTimeOf(at: number, timeZone: string): WallTime {
  const parts = new Map(formatOf(timeZone).formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  const [year, month, day, hour, minute, second] = (['year', 'month', 'day', 'hour', 'minute', 'second'] as const).map((type) => parts.get(type) ?? 0) as [number, number, number, number, number, number]
  return Date.UTC(year, month - 1, day, hour, minute, second) + (((at % 1_000) + 1_000) % 1_000)
}

/** Milliseconds by which the clocks are ahead of UTC. */
export function offsetOf(at: number, timeZone: string): number {
  return wallTimeOf(at, timeZone) - at
}

/** When the clocks show a time first; where they go forward over it, by as much later. */
export function firstTimeOf(wall: WallTime, timeZone: string): number {
  const [before, after] = [offsetOf(wall - dayMs, timeZone), offsetOf(wall + dayMs, timeZone)]
  const shown = [wall - before, wall - after].filter((at) => wallTimeOf(at, timeZone) === wall)
  return shown.length === 0 ? wall - before : Math.min(...shown)
}

/** The minute from which on the clocks are set otherwise than at `from`, given that they are at `to`. */
export function changeBetween(from: number, to: number, timeZone: string): number {
  const offset = offsetOf(from, timeZone)
  let [before, after] = [Math.floor(from / minuteMs), Math.ceil(to / minuteMs)]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetOf(middle * minuteMs, timeZone) === offset) before = middle
    else after = middle
  }
  return after * minuteMs
}
