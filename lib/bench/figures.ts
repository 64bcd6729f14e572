import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

export interface Figure {
  name: string
  value: number
  unit: string
  /** What the project means to reach: at most, or at least. */
  target?: { most?: number; least?: number }
}

export function median(values: readonly number[]): number {
  return percentile(values, 50)
}

export function percentile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor((sorted.length * p) / 100))] ?? Number.NaN
}

/** Prints figures as a table on stdout and writes them, with the machine and the time, to a JSON file. */
export async function publish(bench: string, figures: readonly Figure[], about: Record<string, unknown>): Promise<string> {
  for (const { name, value, unit, target } of figures) {
    const met = target === undefined ? '' : (target.most === undefined || value <= target.most) && (target.least === undefined || value >= target.least) ? 'met' : 'MISSED'
    const wanted = target === undefined ? '' : target.most !== undefined ? `target ≤ ${target.most} ` : `target ≥ ${target.least} `
    process.stdout.write(`${name.padEnd(54)} ${new Intl.NumberFormat('en', { maximumFractionDigits: 2 }).format(value).padStart(12)} ${unit.padEnd(16)} ${wanted}${met}\n`)
  }
  const folder = 'bench-results'
  await mkdir(folder, { recursive: true })
  const path = join(folder, `${bench}.json`)
  await writeFile(path, `${JSON.stringify({ bench, at: new Date().toISOString(), node: process.version, about, figures }, null, 2)}\n`)
  return path
}
