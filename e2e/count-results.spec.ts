import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import { countPlaywright, countVitest } from './count-results.mjs'

let folder: string
test.beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'keypoint-counts-'))
})
test.afterEach(() => rmSync(folder, { recursive: true }))

function report(content: object): string {
  const path = join(folder, 'report.json')
  writeFileSync(path, JSON.stringify(content))
  return path
}

const file = (status: string, tests: number) => ({ status, assertionResults: Array.from({ length: tests }, () => ({})) })

test('sums what passed and failed, and counts a file that did not load', () => {
  expect(countVitest(0, report({ numPassedTests: 5, numFailedTests: 0, testResults: [file('passed', 5)] }))).toEqual({ passed: 5, failed: 0 })
  expect(countVitest(1, report({ numPassedTests: 4, numFailedTests: 1, testResults: [file('failed', 5)] }))).toEqual({ passed: 4, failed: 1 })
  expect(countVitest(1, report({ numPassedTests: 4, numFailedTests: 0, testResults: [file('passed', 4), file('failed', 0)] }))).toEqual({ passed: 4, failed: 1 })
  expect(countPlaywright(1, report({ stats: { expected: 7, unexpected: 2, flaky: 1, skipped: 1 } }))).toEqual({ passed: 7, failed: 3 })
})

test('counts a runner that crashed as a failure', () => {
  const nothing = join(folder, 'absent.json')
  expect(countVitest(0, nothing)).toEqual({ passed: 0, failed: 1 })
  expect(countPlaywright(1, nothing)).toEqual({ passed: 0, failed: 1 })
  const half = join(folder, 'half.json')
  writeFileSync(half, '{"numPassedTests":3,')
  expect(countVitest(1, half)).toEqual({ passed: 0, failed: 1 })
  expect(countVitest(1, report({ numPassedTests: 3, numFailedTests: 0, testResults: [file('passed', 3)] }))).toEqual({ passed: 3, failed: 1 })
})
