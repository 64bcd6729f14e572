import { defineConfig, devices } from '@playwright/test'
import { findBrowser, type TestBrowser } from './e2e/browser'

// Found once: the processes that run the specs read this file too, and inherit the environment.
const browser: TestBrowser = process.env.KEYPOINT_FOUND_BROWSER ? JSON.parse(process.env.KEYPOINT_FOUND_BROWSER) : await findBrowser()
process.env.KEYPOINT_FOUND_BROWSER = JSON.stringify(browser)

const launchOptions = {
  executablePath: browser.executablePath,
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  env: { ...process.env, ...browser.env },
}

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  // Generous, since browsers, servers and databases share the machine's cores: a wait ends when its condition holds.
  timeout: 180_000,
  // A run that hangs ends with a report of what it did until then.
  globalTimeout: 40 * 60_000,
  expect: { timeout: 30_000 },
  forbidOnly: true,
  reporter: [['list'], ...(process.env.KEYPOINT_E2E_REPORT ? [['json', { outputFile: process.env.KEYPOINT_E2E_REPORT }] as const] : [])],
  use: { launchOptions, screenshot: 'only-on-failure', trace: 'off', video: 'off', locale: 'en-GB', timezoneId: 'UTC' },
  projects: [
    { name: 'desktop', testIgnore: '**/*.phone.spec.ts', use: { ...devices['Desktop Chrome'], launchOptions } },
    { name: 'phone', testMatch: '**/*.phone.spec.ts', use: { ...devices['Pixel 7'], launchOptions } },
  ],
})
