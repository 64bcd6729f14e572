/** One value of a line at a time; null breaks the line. */
export interface LinePoint {
  at: string
  value: number | null
}

/** The drawing's own units: it is stretched to the room it has. */
export const chartWidth = 1000
export const chartHeight = 100

function xOf(at: string, since: Date, until: Date): number {
  const share = (Date.parse(at) - since.getTime()) / Math.max(1, until.getTime() - since.getTime())
  return Math.round(Math.min(1, Math.max(0, share)) * chartWidth * 10) / 10
}

/** From 0 at the bottom to 100 at the top. */
export function yOf(value: number): number {
  return Math.round((chartHeight - value) * 10) / 10
}

/** The path of a line, broken where nothing could be said and where no scan ran for three times as long as usual. */
export function linePath(points: readonly LinePoint[], since: Date, until: Date): string {
  const pauseMax = 3 * usualPause(points)
  let path = ''
  let before: LinePoint | undefined
  for (const point of points) {
    if (point.value !== null) {
      const joined = before !== undefined && before.value !== null && Date.parse(point.at) - Date.parse(before.at) <= pauseMax
      path += `${joined ? 'L' : 'M'}${xOf(point.at, since, until)} ${yOf(point.value)}`
    }
    before = point
  }
  return path
}

/** The path of dots, as lines without length, whose round ends are what shows. */
export function dotsPath(points: readonly LinePoint[], since: Date, until: Date): string {
  return points.map(({ at, value }) => (value === null ? '' : `M${xOf(at, since, until)} ${yOf(value)}h0`)).join('')
}

/** The median time between two scans. */
function usualPause(points: readonly LinePoint[]): number {
  const pauses = points.slice(1).map((point, index) => Date.parse(point.at) - Date.parse(points[index]?.at ?? point.at)).sort((a, b) => a - b)
  return pauses[Math.floor(pauses.length / 2)] ?? 0
}
