import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const script = fileURLToPath(new URL('worker-process.ts', import.meta.url))

export interface WorkerProcess {
  /** Resolves when it takes jobs. */
  ready: Promise<void>
  /** CPU is not asked and nothing is said: as when the power fails. */
  kill(): Promise<void>
  stop(): Promise<void>
}

export interface WorkerProcessOptions {
  databaseUrl: string
  simulatorUrl: string
  tenantId: string
  connections?: number
  /** Absent: as if Azure had no limits. */
  limited?: 'shared'
}

/** Starts a worker as a process of its own; what it logs goes to stderr. */
export function startWorkerProcess({ databaseUrl, simulatorUrl, tenantId, connections = 64, limited }: WorkerProcessOptions): WorkerProcess {
  const child = spawn(process.execPath, ['--import', 'tsx', script, databaseUrl, simulatorUrl, tenantId, String(connections), limited ?? 'unlimited'], { stdio: ['ignore', 'pipe', 'inherit'] })
  const exited = once(child, 'exit')
  return {
    ready: Promise.race([once(createInterface({ input: child.stdout }), 'line'), exited]).then(() => undefined),
    kill: () => end(child, exited, 'SIGKILL'),
    stop: () => end(child, exited, 'SIGTERM'),
  }
}

async function end(child: ChildProcess, exited: Promise<unknown>, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  await exited
}
