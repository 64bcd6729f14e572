import { fileURLToPath } from 'node:url'
import { buildIfStale } from './build-if-stale'
import { KeypointError } from '@/lib/errors'

// `npm run build`: what `keypoint serve` does by itself when the build is missing or stale.
try {
  await buildIfStale(fileURLToPath(new URL('../..', import.meta.url)), (line) => process.stderr.write(`${line}\n`))
} catch (error) {
  process.stderr.write(`${error instanceof KeypointError ? error.message : String(error)}\n`)
  process.exitCode = 1
}
