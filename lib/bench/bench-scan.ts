import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { ScanMode, ScanSummary } from '@/lib/domain/scan'

export interface MeasuredScan {
  summary: ScanSummary
  estateId: number
  seconds: number
  /** CPU seconds of the scanning process, its start left out. */
  cpu: number
  /** MiB, the most that the scanning process ever held. */
  memoryMost: number
}

export interface ScanToMeasure {
  databaseUrl: string
  simulator: { url: string; tenantId: string }
  /** Full unless told otherwise. */
  mode?: ScanMode
  /** False: Azure's limits, which only take time, are not kept. */
  limits?: boolean
}

const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
const child = fileURLToPath(new URL('scan-child.ts', import.meta.url))
const root = fileURLToPath(new URL('../..', import.meta.url))
/** As `npm run keypoint` starts the command. */
const flags = ['--max-semi-space-size=32']

/** Runs one scan of what a simulator serves, in a process of its own, and measures it; progress goes to stderr. */
export async function measureScan(scan: ScanToMeasure): Promise<MeasuredScan> {
  const scanning = spawn(process.execPath, [...flags, '--import', tsx, child, JSON.stringify(scan)], { cwd: root, stdio: ['ignore', 'pipe', 'inherit'] })
  let said = ''
  scanning.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()))
  const [code] = await once(scanning, 'close')
  if (code !== 0) throw new Error(`The scanning process ended with ${code}; what it said is above.`)
  return toMeasured(JSON.parse(said))
}

/** What `scan-child.ts` prints is what it measured. */
function toMeasured(printed: unknown): MeasuredScan {
  return printed as MeasuredScan
}
