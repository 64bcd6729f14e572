import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { loadConfig } from '@/lib/config'
import { countChanges, openDiff, streamChanges } from '@/lib/db'
import { diffJson } from '@/lib/report'
import { commandViewer } from '../command-viewer'
import { diffText } from '../diff-text'
import { openDatabase } from '../open-database'

/** `keypoint diff FROM TO`: what became of each finding between two scans, whichever is the older. */
export async function diffCommand(from: string, to: string, options: { json?: boolean }): Promise<void> {
  const config = loadConfig()
  const database = await openDatabase(config)
  try {
    const viewer = await commandViewer(config, database.db)
    const pair = await openDiff(database.db, viewer, from, to)
    const diff = { demo: config.demo, pair, counts: await countChanges(database.db, viewer, pair), changes: streamChanges(database.db, viewer, pair) }
    await pipeline(Readable.from((options.json ? diffJson : diffText)(diff)), process.stdout, { end: false })
  } finally {
    await database.close()
  }
}
