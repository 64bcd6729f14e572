import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmod, chown, mkdir, mkdtemp, open, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { KeypointError } from '@/lib/errors'
import { freePort, isFree } from '@/lib/free-port'
import { chooseRunAs, clusterPaths, embeddedMajor, findPostgresBinaries, isWritable, launchAs, type RunAs } from './postgres-binaries'

const infoSchema = z.object({ port: z.number().int().min(1).max(65535), password: z.string().min(16) })

/** What is kept beside the cluster: the port it prefers and the password of its only user. */
export type ClusterInfo = z.infer<typeof infoSchema>

/** The name of the cluster's only role. */
export const embeddedUser = 'keypoint'

/** Makes the data folder when missing and makes sure that a cluster can live there. */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    await mkdir(dataDir, { recursive: true })
  } catch (cause) {
    throw new KeypointError('unavailable', `The data folder ${dataDir} cannot be created: ${reasonOf(cause)}.`,
      'Set KEYPOINT_DATA_DIR to a folder that you may write to.', { cause })
  }
  if (!(await isWritable(dataDir))) {
    throw new KeypointError('unavailable', `The data folder ${dataDir} is not writable for this user.`,
      'Give this user write access to it, or set KEYPOINT_DATA_DIR to another folder.')
  }
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'EEXIST' || code === 'ENOTDIR') return 'a file is in the way'
  if (code === 'EACCES' || code === 'EPERM') return 'permission denied'
  if (code === 'EROFS') return 'the file system is read-only'
  return cause instanceof Error ? cause.message : String(cause)
}

/** The cluster's port and password; null when there is no cluster yet. Refuses a cluster of another PostgreSQL. */
export async function readCluster(dataDir: string): Promise<ClusterInfo | null> {
  const { cluster, info } = clusterPaths(dataDir)
  const major = await readIfPresent(join(cluster, 'PG_VERSION'))
  if (major === null) {
    if ((await readdirIfPresent(cluster)).length === 0) return null
    throw new KeypointError('unavailable', `${cluster} is not a PostgreSQL data folder of Keypoint.`,
      'Move it away, or set KEYPOINT_DATA_DIR to another folder.')
  }
  if (major.trim() !== embeddedMajor) {
    throw new KeypointError('unavailable', `${cluster} belongs to PostgreSQL ${major.trim()}; this Keypoint brings PostgreSQL ${embeddedMajor}.`,
      `Dump it with PostgreSQL ${major.trim()} and restore it into a new folder, or set KEYPOINT_DATA_DIR to another folder.`)
  }
  const content = await readIfPresent(info)
  const parsed = content === null ? null : infoSchema.safeParse(parseJson(content))
  if (parsed?.success) return parsed.data
  throw new KeypointError('unavailable', `${info}, which holds the database's port and password, is missing or damaged.`,
    'Restore it from a backup, or set KEYPOINT_DATA_DIR to another folder.')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function readdirIfPresent(folder: string): Promise<string[]> {
  return readdir(folder).catch((cause: unknown) => absent(cause, [], folder))
}

async function readIfPresent(file: string): Promise<string | null> {
  return readFile(file, 'utf8').catch((cause: unknown) => absent(cause, null, file))
}

function absent<T>(cause: unknown, value: T, path: string): T {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  if (code === 'ENOENT') return value
  throw new KeypointError('unavailable', `${path} cannot be read: ${reasonOf(cause)}.`,
    'Run Keypoint as the user that created it, or set KEYPOINT_DATA_DIR to another folder.', { cause })
}

/**
 * Makes a cluster. It grows in a folder of its own and is renamed into place when complete, so that of several starters
 * one wins, the others find its cluster, and a starter killed half-way leaves nothing that looks like a cluster.
 */
export async function createCluster(dataDir: string): Promise<void> {
  const { cluster } = clusterPaths(dataDir)
  const runAs = await chooseRunAs(null)
  const { initdb } = await findPostgresBinaries()
  const nursery = await mkdtemp(join(dataDir, 'postgres-new-'))
  try {
    const grown = join(nursery, 'cluster')
    const passwordFile = join(nursery, 'password')
    const info: ClusterInfo = { port: await freePort(), password: randomBytes(24).toString('base64url') }
    await writeFile(passwordFile, info.password, { mode: 0o600 })
    await mkdir(grown, { mode: 0o700 })
    for (const path of [nursery, passwordFile, grown]) await give(path, runAs)
    await run(await launchAs(runAs, initdb, [
      `--pgdata=${grown}`, `--username=${embeddedUser}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256', '--encoding=UTF8',
      '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8',
    ], [grown]))
    await writeInfo(join(grown, 'keypoint.json'), info, runAs)
    await rename(grown, cluster).catch((cause: unknown) => {
      const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
      if (code !== 'ENOTEMPTY' && code !== 'EEXIST') throw cause
    })
  } finally {
    await rm(nursery, { recursive: true, force: true })
  }
}

async function give(path: string, runAs: RunAs | null): Promise<void> {
  if (runAs !== null) await chown(path, runAs.uid, runAs.gid)
}

async function writeInfo(file: string, info: ClusterInfo, runAs: RunAs | null): Promise<void> {
  const next = `${file}.${process.pid}`
  await writeFile(next, `${JSON.stringify(info)}\n`, { mode: 0o600 })
  await chmod(next, 0o600)
  await give(next, runAs)
  await rename(next, file)
}

async function run(launch: Awaited<ReturnType<typeof launchAs>>): Promise<void> {
  const { command, args, ...user } = launch
  let output = ''
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(command, args, { cwd: '/', stdio: ['ignore', 'pipe', 'pipe'], env: serverEnvironment(), ...user })
    child.stdout.on('data', (chunk) => { output += String(chunk) })
    child.stderr.on('data', (chunk) => { output += String(chunk) })
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code === 0) return
  throw new KeypointError('unavailable', `The embedded PostgreSQL could not create its data folder: ${lastLine(output)}`,
    'Free space or fix the folder that the message names, or set DATABASE_URL to a PostgreSQL server.')
}

function lastLine(text: string): string {
  return text.trim().split('\n').filter((line) => /error|fatal|could not|cannot/i.test(line)).at(-1) ?? text.trim().split('\n').at(-1) ?? ''
}

/** Only what PostgreSQL needs: the environment may hold secrets of ours, and PG* variables meant for another server. */
function serverEnvironment(): NodeJS.ProcessEnv {
  const { PATH, TZ, TMPDIR, SystemRoot } = process.env
  return { NODE_ENV: process.env.NODE_ENV, PATH, TZ, TMPDIR, SystemRoot, LC_ALL: 'C' }
}

/** A server process that was just started; `exited` resolves with the end of its log when it ends. */
export interface StartedServer {
  pid: number
  exited: Promise<string>
}

/** Starts the server apart from this process (own process group, log to a file), on the kept port or, if taken, a new one. */
export async function spawnServer(dataDir: string, info: ClusterInfo): Promise<StartedServer> {
  const { cluster, info: infoFile, logFile } = clusterPaths(dataDir)
  const { uid, gid } = await stat(cluster)
  const runAs = await chooseRunAs({ uid, gid })
  if (runAs === null && process.getuid !== undefined && process.getuid() !== uid) {
    throw new KeypointError('unavailable', `The database folder ${cluster} belongs to another user.`,
      'Run Keypoint as the user that created it, or set KEYPOINT_DATA_DIR to another folder.')
  }
  const port = (await isFree(info.port)) ? info.port : await freePort()
  if (port !== info.port) await writeInfo(infoFile, { ...info, port }, runAs)
  const { postgres } = await findPostgresBinaries()
  const launch = await launchAs(runAs, postgres, [
    '-D', cluster, '-p', String(port), '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories=',
    '-c', 'logging_collector=off', '-c', 'log_line_prefix=%m [%p] ', '-c', 'max_connections=100', '-c', 'shared_buffers=256MB',
    // Nobody's disk turns any more: at the default price of a random page the planner reads whole tables in place of their indexes.
    '-c', 'random_page_cost=1.1', '-c', 'jit=off', '-c', 'max_wal_size=2GB', '-c', 'timezone=UTC',
  ], [cluster])
  const { size } = await stat(logFile).catch(() => ({ size: 0 }))
  const log = await open(logFile, size > 10_000_000 ? 'w' : 'a', 0o600)
  try {
    const from = size > 10_000_000 ? 0 : size
    const { command, args, ...user } = launch
    const child = spawn(command, args, { cwd: '/', detached: true, stdio: ['ignore', log.fd, log.fd], env: serverEnvironment(), ...user })
    const exited = new Promise<string>((resolve) => {
      const report = async () => resolve(lastLine((await readFile(logFile, 'utf8').catch(() => '')).slice(from)))
      child.once('error', (error) => resolve(error.message))
      child.once('exit', () => { void report() })
    })
    child.unref()
    return { pid: child.pid ?? -1, exited }
  } finally {
    await log.close()
  }
}

/** The running server's process id and port as PostgreSQL itself records them; null when it is not running. */
export async function readPidFile(dataDir: string): Promise<{ pid: number; port: number } | null> {
  const lines = (await readIfPresent(clusterPaths(dataDir).pidFile))?.split('\n')
  const pid = Number(lines?.[0])
  const port = Number(lines?.[3])
  return Number.isInteger(pid) && pid > 1 && Number.isInteger(port) && port > 0 ? { pid, port } : null
}
