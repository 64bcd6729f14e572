import { expect, test } from '@playwright/test'
import { runLimited } from './run-limited.mjs'

const here = { cwd: process.cwd(), env: process.env }
const hour = 3_600_000

test('waits for the end of what it runs', async () => {
  expect(await runLimited(['-e', 'process.exitCode = 0'], here, hour)).toBe(0)
  expect(await runLimited(['-e', 'process.exitCode = 3'], here, hour)).toBe(3)
  expect(await runLimited(['-e', 'process.kill(process.pid, "SIGKILL")'], here, hour)).toBe(1)
  expect(await runLimited(['-e', ''], { ...here, cwd: '/nowhere' }, hour)).toBe(1)
})

test('ends what hangs, and what does not even hear that it should end', async () => {
  expect(await runLimited(['-e', 'setInterval(() => undefined, 1_000)'], here, 500, hour)).toBe(1)
  expect(await runLimited(['-e', 'process.on("SIGTERM", () => undefined); for (;;);'], here, 2_000, 500)).toBe(1)
})
