import { randomBytes } from 'node:crypto'
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KeypointError } from '@/lib/errors'
import type { Config } from './config'

/**
 * The session secrets: those of the environment, else one that is made once and kept in the data directory.
 * @throws KeypointError `not-configured` when the data directory cannot be written, or what is kept there is no secret.
 */
export function sessionSecretsOf(config: Pick<Config, 'sessionSecrets' | 'dataDir'>): string[] {
  if (config.sessionSecrets !== null) return config.sessionSecrets
  const path = join(config.dataDir, 'session-secret')
  const secret = readKept(path) ?? make(config.dataDir, path)
  if (secret.length >= 32) return [secret]
  throw new KeypointError('not-configured', `The session secret in ${path} is damaged.`, 'Restore the file, or remove it: then everyone signs in again, and the addresses of notification channels are entered again.')
}

function readKept(path: string): string | null {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    throw new KeypointError('not-configured', `The session secret in ${path} cannot be read (${codeOf(error)}).`, 'Run Keypoint as the user that made it, or set KEYPOINT_SESSION_SECRET.', { cause: error })
  }
}

/** Of two processes that make one at once, the second takes that of the first. */
function make(dataDir: string, path: string): string {
  const secret = randomBytes(48).toString('base64url')
  try {
    mkdirSync(dataDir, { recursive: true })
    keep(secret, path)
    return secret
  } catch (error) {
    const other = codeOf(error) === 'EEXIST' ? readKept(path) : null
    if (other !== null) return other
    throw new KeypointError('not-configured', `The data directory ${dataDir} cannot be written (${codeOf(error)}).`, 'Make it writable, set KEYPOINT_DATA_DIR to another folder, or set KEYPOINT_SESSION_SECRET.', { cause: error })
  }
}

/** The file appears under its name only when it is whole, wherever the file system has hard links. */
function keep(secret: string, path: string): void {
  const aside = `${path}.${process.pid}`
  try {
    writeFileSync(aside, secret, { mode: 0o600 })
    linkSync(aside, path)
  } catch (error) {
    if (!linkless.includes(codeOf(error))) throw error
    writeFileSync(path, secret, { mode: 0o600, flag: 'wx' })
  } finally {
    rmSync(aside, { force: true })
  }
}

/** What Linux and macOS say where there are no hard links: exFAT, shares by SMB, FUSE. */
const linkless: readonly string[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error)
}
