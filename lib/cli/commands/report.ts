import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { loadConfig } from '@/lib/config'
import { resolveScan } from '@/lib/db'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { Verdict } from '@/lib/domain/verdict'
import { KeypointError } from '@/lib/errors'
import { writeReport } from '@/lib/report'
import { effectivePolicy } from '@/lib/scan'
import type { ReportFormat } from '@/lib/domain/report-format'
import { commandViewer } from '../command-viewer'
import { openDatabase } from '../open-database'

interface ReportOptions {
  scan: string
  format: ReportFormat
  verdict?: Verdict[]
  keyPoint?: KeyPoint[]
  subscription?: string[]
  out?: string
}

/** `keypoint report`: writes the findings of one scan to stdout or a file. A file appears under its name only when it is whole. */
export async function reportCommand(options: ReportOptions): Promise<void> {
  const config = loadConfig()
  const database = await openDatabase(config)
  try {
    const viewer = await commandViewer(config, database.db)
    const { scanId } = await resolveScan(database.db, viewer, options.scan)
    const policy = await effectivePolicy(database.db, viewer.estateId, config.policyPath)
    const write = (out: NodeJS.WritableStream) => writeReport({
      policy, format: options.format, db: database.db, viewer, scanId, out,
      filters: { verdicts: options.verdict, keyPoints: options.keyPoint, subscriptions: options.subscription },
    })
    if (options.out === undefined) await write(process.stdout)
    else {
      const sha256 = await writeFileWhole(options.out, write)
      process.stderr.write(`Wrote the report of scan ${scanId} to ${options.out} (SHA-256 ${sha256}).\n`)
    }
  } finally {
    await database.close()
  }
}

/** Returns the SHA-256 of what is in the file, in hex. */
async function writeFileWhole(path: string, write: (out: NodeJS.WritableStream) => Promise<void>): Promise<string> {
  const partial = `${path}.partial`
  const file = createWriteStream(partial)
  try {
    await new Promise<void>((resolve, reject) => {
      file.once('open', () => resolve())
      file.once('error', reject)
    })
    await write(file)
    file.end()
    await finished(file)
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(partial)) hash.update(chunk)
    await rename(partial, path)
    return hash.digest('hex')
  } catch (error) {
    file.destroy()
    await rm(partial, { force: true })
    const code = error instanceof Error && 'code' in error ? String(error.code) : null
    if (code === null || error instanceof KeypointError) throw error
    throw new KeypointError('invalid', `--out ${path} cannot be written (${code}).`, 'Name a file in an existing folder that you may write to.', { cause: error })
  }
}
