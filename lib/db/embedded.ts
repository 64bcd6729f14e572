import { readFile, rm } from 'node:fs/promises'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { KeypointError } from '@/lib/errors'
import { log } from '@/lib/log'
import { createCluster, embeddedUser, prepareDataDir, readCluster, readPidFile, spawnServer, type ClusterInfo, type StartedServer } from './embedded-cluster'
import { leaseKey } from './lock-keys'
import { clusterPaths } from './postgres-binaries'

export interface EmbeddedDatabase {
  url: string
  /** False: another process of ours had started it, and we attached. */
  started: boolean
  /** Leaves; the last one to leave stops the server. */
  stop(): Promise<void>
}

const databaseName = 'keypoint'
const patienceMs = 60_000

/**
 * Starts the PostgreSQL of a data folder, or attaches to it when it runs already. Any number of processes may do so at once.
 * Throws KeypointError `unavailable` when the folder cannot hold or does not hold a database of ours.
 */
export async function startEmbedded(dataDir: string): Promise<EmbeddedDatabase> {
  const folder = resolve(dataDir)
  await prepareDataDir(folder)
  let holding = await attach(folder)
  let left = false
  let returning: Promise<void> | null = null
  const follow = (lease: Lease) => {
    keepAlive(lease.client, false)
    lease.client.once('end', () => {
      if (left) return
      // The server was killed or crashed under us: bring it back, the pools reconnect by themselves.
      log('warn', 'lost the embedded database, starting it again', { folder })
      returning = attach(folder).then(
        (next) => { holding = next; follow(next) },
        (error: unknown) => log('error', 'the embedded database could not be started again', { reason: error instanceof Error ? error.message : String(error) }),
      )
    })
  }
  await createDatabaseOnce(holding)
  follow(holding)
  return {
    url: urlOf(holding, databaseName),
    started: holding.started,
    async stop() {
      if (left) return
      left = true
      // A server that is just being brought back must be left too, or nobody would stop it.
      await returning
      await leave(folder, holding)
    },
  }
}

interface Lease {
  client: pg.Client
  port: number
  password: string
  started: boolean
}

function urlOf(lease: Pick<Lease, 'port' | 'password'>, database: string): string {
  return `postgresql://${embeddedUser}:${lease.password}@127.0.0.1:${lease.port}/${database}`
}

/** Tries in turn: make the cluster, connect, start the server; until connected and holding the lease. */
async function attach(folder: string): Promise<Lease> {
  const deadline = Date.now() + patienceMs
  let spawned: StartedServer | null = null
  let failure = ''
  while (Date.now() < deadline) {
    const info = await readCluster(folder)
    if (info === null) {
      await createCluster(folder)
      continue
    }
    const running = await readPidFile(folder)
    if (running !== null) {
      const client = await takeLease(info, running.port)
      if (client !== null) {
        return { client, port: running.port, password: info.password, started: running.pid === spawned?.pid }
      }
      // PostgreSQL clears its own stale record, except when that process id lives on as something else.
      if (!(await isPostgres(running.pid))) await rm(clusterPaths(folder).pidFile, { force: true })
    } else if (spawned === null) {
      spawned = await spawnServer(folder, info)
      void spawned.exited.then((reason) => {
        failure = reason
        spawned = null
      })
    }
    await sleep(spawned === null ? 250 : 50)
  }
  throw new KeypointError('unavailable', `The embedded PostgreSQL in ${folder} did not start within ${patienceMs / 1000} s. ${failure}`.trim(),
    `See ${clusterPaths(folder).logFile}; free its memory or disk space, or set DATABASE_URL to a PostgreSQL server.`)
}

/** A connection that holds the lease, or null when nobody answers or the server is just stopping. */
async function takeLease(info: ClusterInfo, port: number): Promise<pg.Client | null> {
  const client = new pg.Client({ connectionString: urlOf({ port, password: info.password }, 'postgres'), connectionTimeoutMillis: 5_000,
    application_name: 'keypoint lease', keepAlive: true })
  // Without a listener, a lost connection would end the process.
  client.on('error', () => undefined)
  try {
    await client.connect()
    await client.query('select pg_advisory_lock_shared($1)', [leaseKey])
    return client
  } catch (error) {
    await client.end().catch(() => undefined)
    if (error instanceof pg.DatabaseError && error.code === '53300') {
      throw new KeypointError('unavailable', 'The embedded PostgreSQL has no free connection.', 'Stop some Keypoint processes.', { cause: error })
    }
    return null
  }
}

async function leave(folder: string, lease: Lease): Promise<void> {
  keepAlive(lease.client, true)
  try {
    await lease.client.query('select pg_advisory_unlock_shared($1)', [leaseKey])
    const { rows } = await lease.client.query<{ last: boolean }>('select pg_try_advisory_lock($1) as last', [leaseKey])
    // Holding it alone: whoever attaches now waits for it, is cut off by the stop, and starts the server again.
    const running = rows[0]?.last === true ? await readPidFile(folder) : null
    if (running !== null) {
      process.kill(running.pid, 'SIGINT')
      await ended(folder, running.pid)
    }
  } catch (error) {
    log('debug', 'the embedded database was gone before we left', { reason: error instanceof Error ? error.message : String(error) })
  } finally {
    await lease.client.end().catch(() => undefined)
  }
}

/** The server is gone when its own record is: its process may linger as a zombie where nobody reaps it. */
async function ended(folder: string, pid: number): Promise<void> {
  const deadline = Date.now() + patienceMs
  while ((await readPidFile(folder))?.pid === pid && Date.now() < deadline) await sleep(20)
}

/** False also for zombies and for other programs that were given the recorded process id: in containers, ids start again from 1. */
async function isPostgres(pid: number): Promise<boolean> {
  const status = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  if (status !== null) return /\(postgres\) [^ZX]/.test(status)
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** The lease alone must not keep a finished process alive. `ref` and `unref` exist in pg but not in its types. */
function keepAlive(client: pg.Client & { ref?(): void; unref?(): void }, yes: boolean): void {
  if (yes) client.ref?.()
  else client.unref?.()
}

async function createDatabaseOnce(lease: Lease): Promise<void> {
  const { rowCount } = await lease.client.query('select 1 from pg_database where datname = $1', [databaseName])
  if (rowCount) return
  try {
    await lease.client.query(`create database ${databaseName}`)
  } catch (error) {
    const raced = error instanceof pg.DatabaseError && (error.code === '42P04' || error.code === '23505')
    if (!raced) throw error
  }
}
