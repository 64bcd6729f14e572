import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { KeypointError } from '@/lib/errors'
import type { Config } from './config'

/**
 * The session secrets: those of the environment, else one that is made once and kept in the data directory.
 * @throws KeypointError `not-configured` when the data directory cannot be written.
 */
export function sessionSecretsOf(config: Pick<Config, 'sessionSecrets' | 'dataDir'>): string[] {
  if (config.sessionSecrets !== null) return config.sessionSecrets
  const path = join(config.dataDir, 'session-secret')
  try {
    mkdirSync(config.dataDir, { recursive: true })
    // `wx` settles a race between two processes: the loser reads what the winner wrote.
    writeFileSync(path, randomBytes(48).toString('base64url'), { mode: 0o600, flag: 'wx' })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) {
      throw new KeypointError('not-configured', `The data directory ${config.dataDir} cannot be written.`, 'Make it writable or set KEYPOINT_DATA_DIR to another folder.', { cause: error })
    }
  }
  return [readFileSync(path, 'utf8').trim()]
}
