import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('.', import.meta.url)) } },
  test: {
    include: ['lib/**/*.test.ts', 'components/**/*.test.ts', 'app/**/*.test.ts'],
    globalSetup: ['lib/db/testing/vitest-database.ts'],
    // Generous, since databases, simulators and processes share the machine's cores: a wait ends when its condition holds.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 60_000 } },
    // One more than the cores of the smallest machine: much of a run is waiting.
    maxWorkers: 3,
    // Servers of tests are on this machine; those of the proxy set what they need themselves.
    env: { NO_PROXY: '*', no_proxy: '*' },
  },
})
