import { existsSync, readFileSync } from 'node:fs'

/**
 * Passed and failed tests of a runner that ended with `exitCode` and wrote `report`. A runner that failed without a failed
 * test (it crashed, or a file did not load) counts as one failure, and so does one that wrote nothing.
 */
export function countVitest(exitCode, report) {
  const result = readReport(report)
  const brokenFiles = (result?.testResults ?? []).filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length
  return settle(exitCode, result?.numPassedTests, (result?.numFailedTests ?? 0) + brokenFiles)
}

/** The same for Playwright; a test that passed only when tried again counts as failed. */
export function countPlaywright(exitCode, report) {
  const stats = readReport(report)?.stats
  return settle(exitCode, stats?.expected, (stats?.unexpected ?? 0) + (stats?.flaky ?? 0))
}

function settle(exitCode, passed, failed) {
  const crashed = failed === 0 && (exitCode !== 0 || passed === undefined)
  return { passed: passed ?? 0, failed: crashed ? 1 : failed }
}

/** Null without a whole report: its runner was ended before or while it wrote one. */
function readReport(path) {
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}
