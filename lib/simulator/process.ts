import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createRequire } from 'node:module'
import { Socket } from 'node:net'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { z } from 'zod'
import { KeypointError, type ErrorCode } from '@/lib/errors'

export interface SimulatorProcessOptions {
  /** As KEYPOINT_DEMO_TENANT: `generated:RESOURCES[:SEED]` or the path of a tenant file. */
  tenant: string
  /** Of a generated tenant; as many as usual at its size by default. */
  subscriptions?: number
  port?: number
  latencyMs?: number
  /** False: never a 429. */
  limits?: boolean
  pageSize?: number
  tokenLifetimeSeconds?: number
  quotaHeaders?: boolean
}

export interface SimulatorProcess {
  url: string
  tenantId: string
  processId: number
  stop(): Promise<void>
}

const ready = z.object({ url: z.string(), tenantId: z.string() })
const codes = [
  'usage',
  'invalid',
  'not-configured',
  'not-found',
  'forbidden',
  'conflict',
  'unavailable',
] as const satisfies ErrorCode[]
const failure = z.object({ code: z.enum(codes), message: z.string(), remedy: z.string() })

const folder = path.dirname(fileURLToPath(import.meta.url))

/**
 * Starts a simulator in a process of its own, so that it shares neither CPU nor memory with the scanner.
 * @throws KeypointError with the child's own message when the tenant cannot be served.
 */
export async function startSimulatorProcess(options: SimulatorProcessOptions): Promise<SimulatorProcess> {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
  const child = spawn(
    process.execPath,
    ['--import', tsx, path.join(folder, 'main.ts'), ...argumentsOf(options)],
    {
      cwd: path.join(folder, '../..'),
      stdio: ['pipe', 'pipe', 'pipe'],
    },
  )
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const exited = once(child, 'exit')
  const lines = createInterface({ input: child.stdout })
  const first = await Promise.race([once(lines, 'line').then(([line]) => String(line)), exited.then(() => null)])
  lines.close()
  if (first === null) throw failureOf(errors)
  const { url, tenantId } = ready.parse(JSON.parse(first))
  letGo(child)

  return {
    url,
    tenantId,
    processId: child.pid ?? 0,
    stop: async () => {
      if (child.exitCode === null && child.signalCode === null) {
        // Waiting for a child that is unreferenced would let Node end before it.
        child.ref()
        child.kill('SIGTERM')
        await exited
      }
    },
  }
}

/** The child must not keep its parent alive: it ends by itself when its stdin closes. */
function letGo(child: ChildProcess): void {
  child.unref()
  for (const stream of [child.stdin, child.stdout, child.stderr]) if (stream instanceof Socket) stream.unref()
  child.stdout?.resume()
}

function argumentsOf(options: SimulatorProcessOptions): string[] {
  const named: Record<string, number | string | undefined> = {
    tenant: options.tenant,
    subscriptions: options.subscriptions,
    port: options.port,
    latency: options.latencyMs,
    limits: options.limits === false ? 'off' : undefined,
    'page-size': options.pageSize,
    'token-lifetime': options.tokenLifetimeSeconds,
  }
  const given = Object.entries(named).flatMap(([name, value]) => (value === undefined ? [] : [`--${name}`, String(value)]))
  return options.quotaHeaders ? [...given, '--quota-headers'] : given
}

function failureOf(errors: string): KeypointError {
  const last = errors.trim().split('\n').at(-1) ?? ''
  const read = failure.safeParse(last.startsWith('{') ? JSON.parse(last) : undefined)
  if (read.success) return new KeypointError(read.data.code, read.data.message, read.data.remedy)
  return new KeypointError(
    'unavailable',
    `The simulator did not start: ${last || 'it ended without a word'}.`,
    'Run lib/simulator/main.ts by hand to see why.',
  )
}
