import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const oxlint = join(dirname(createRequire(import.meta.url).resolve('oxlint/package.json')), 'bin', 'oxlint')

let folder: string

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'keypoint-lint-'))
  cpSync(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** What the linter says of a file with one import, at a place in the tree. */
function lint(file: string, specifier: string): string {
  return lintText(file, `import { thing } from '${specifier}'\n\nexport const other = thing\n`)
}

function lintText(file: string, text: string): string {
  const path = join(folder, file)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  try {
    return execFileSync(process.execPath, [oxlint, '--config', join(folder, '.oxlintrc.json'), path], { cwd: folder, encoding: 'utf8' })
  } catch (error) {
    return error instanceof Error && 'stdout' in error ? String(error.stdout) : String(error)
  }
}

describe('the arrows of the architecture', () => {
  it.each([
    ['lib/domain/probe.ts', '@/lib/checks'],
    ['lib/domain/probe.ts', '../db/client'],
    ['lib/checks/audit-logging/probe.ts', '../../azure'],
    ['lib/checks/probe.ts', '@/lib/db'],
    ['lib/azure/probe.ts', '@/lib/scan'],
    ['lib/db/probe.ts', '@/lib/azure'],
    ['lib/simulator/probe.ts', '@/lib/azure'],
    ['lib/report/probe.ts', '@/lib/scan'],
    ['lib/notify/probe.ts', '@/lib/jobs'],
    ['lib/scan/probe.ts', '@/lib/notify'],
    ['lib/config/probe.ts', '@/lib/domain/scan'],
    ['lib/repeat-every.ts', '@/lib/domain/scan'],
    ['lib/scan/probe.ts', '@/app/page'],
    ['components/probe.tsx', '@/lib/db'],
    ['components/findings/probe.tsx', '../../lib/checks'],
    ['app/probe.tsx', '@/lib/azure'],
  ])('%s may not import %s', (file, specifier) => {
    expect(lint(file, specifier)).toContain('no-restricted-imports')
  })

  it.each([
    ['lib/checks/probe.ts', '@/lib/domain/check'],
    ['lib/scan/probe.ts', '@/lib/azure'],
    ['lib/db/probe.ts', '@/lib/errors'],
    ['lib/jobs/probe.ts', '@/lib/notify'],
    ['components/probe.tsx', '@/lib/domain/views'],
    ['app/probe.tsx', '@/lib/db'],
    ['lib/cli/probe.ts', '@/lib/simulator'],
  ])('%s may import %s', (file, specifier) => {
    expect(lint(file, specifier)).not.toContain('no-restricted-imports')
  })
})

describe('the environment', () => {
  const reading = 'export const url = process.env.KEYPOINT_URL\n'

  it.each(['lib/jobs/probe.ts', 'lib/log.ts', 'app/probe.tsx'])('is not read by %s', (file) => {
    expect(lintText(file, reading)).toContain('no-process-env')
  })

  it('is read in lib/config', () => {
    expect(lintText('lib/config/probe.ts', reading)).not.toContain('no-process-env')
  })
})
