// `npm test`: unit and integration tests, then the browser's, and the sum of both on the last line.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { countPlaywright, countVitest } from './count-results.mjs'
import { runLimited } from './run-limited.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const require = createRequire(import.meta.url)

if (Number(process.versions.node.split('.')[0]) < 24) {
  const pinned = join(root, 'node_modules', 'node', 'bin', 'node')
  if (!existsSync(pinned)) {
    process.stderr.write(`The tests need Node.js 24 or later; this is ${process.version}. Run \`npm ci\`, which brings one.\n`)
    process.exit(1)
  }
  process.exit(spawnSync(pinned, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: 'inherit' }).status ?? 1)
}

if (process.argv.length > 2) {
  process.stderr.write(`npm test runs everything and takes no arguments (${process.argv.slice(2).join(' ')}).\n`
    + 'A part: `npm run test:unit -- PATH`, or `npm run build && npm run test:e2e -- PATH` for browser tests.\n')
  process.exit(64)
}

/** No run takes nearly so long: one that hangs is ended and counts as failed, with the sums on the last line all the same. */
const limitMs = 45 * 60_000

const reports = mkdtempSync(join(tmpdir(), 'keypoint-results-'))
const sums = [await counted(runVitest), await counted(buildAndRunPlaywright)]
rmSync(reports, { recursive: true, force: true, maxRetries: 3 })
const passed = sums.reduce((sum, part) => sum + part.passed, 0)
const failed = sums.reduce((sum, part) => sum + part.failed, 0)
process.stdout.write(`${passed} passed, ${failed} failed\n`)
process.exit(failed > 0 || passed === 0 ? 1 : 0)

/** What a part counts; one that cannot even be started, for want of a package, is one failure. */
async function counted(part) {
  try {
    return await part()
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return { passed: 0, failed: 1 }
  }
}

async function runVitest() {
  const report = join(reports, 'vitest.json')
  const entry = join(dirname(require.resolve('vitest/package.json')), 'vitest.mjs')
  return countVitest(await runNode([entry, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]), report)
}

/** The browser's tests want the app as `keypoint serve` builds it. */
async function buildAndRunPlaywright() {
  if ((await runNode(['--import', 'tsx', join('lib', 'cli', 'build.ts')])) !== 0) return { passed: 0, failed: 1 }
  const report = join(reports, 'playwright.json')
  const entry = join(dirname(require.resolve('@playwright/test/package.json')), 'cli.js')
  return countPlaywright(await runNode([entry, 'test'], { KEYPOINT_E2E_REPORT: report }), report)
}

function runNode(args, env = {}) {
  const path = `${dirname(process.execPath)}:${process.env.PATH ?? ''}`
  return runLimited(args, { cwd: root, env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', ...env, PATH: path } }, limitMs)
}
