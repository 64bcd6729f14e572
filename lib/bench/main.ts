import { setFlagsFromString } from 'node:v8'
import { KeypointError } from '@/lib/errors'
import { engine } from './engine'
import { firstLight } from './first-light'
import { history } from './history'
import { workers } from './workers'

// As the command does.
setFlagsFromString('--heap-growing-percent=80')

const benches: Record<string, (parts: readonly string[]) => Promise<void>> = { 'first-light': firstLight, engine, history, workers }

// `npm run bench [-- NAME [PART …]]`: figures with units on stdout, and a JSON file under bench-results/.
const [name = 'first-light', ...parts] = process.argv.slice(2)
const bench = benches[name]
if (bench === undefined) {
  process.stderr.write(`There is no benchmark ${name}; there are: ${Object.keys(benches).join(', ')}.\n`)
  process.exit(64)
}
try {
  await bench(parts)
  process.exit(0)
} catch (error) {
  process.stderr.write(`${error instanceof KeypointError ? `${error.message} ${error.remedy}` : error instanceof Error ? error.stack : String(error)}\n`)
  process.exit(1)
}
