import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { requestCancel } from '@/lib/db'
import { generateTenant, type Fault } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let t: ScannedTenant
let answer: () => void
beforeAll(async () => {
  t = await startScannedTenant(generateTenant({ resources: 120, subscriptions: 3, seed: 7 }))
  // What happened since a scan is asked of the activity log.
  await t.scan()
}, 120_000)
afterEach(() => {
  t.simulator.clearFaults()
  answer()
})
afterAll(() => t.close())

/** Asks to cancel the scan that runs, as its page does. */
async function cancelRunning(): Promise<void> {
  const { id } = await t.database.scan.findFirstOrThrow({ where: { status: 'running' } })
  await requestCancel(t.database, t.viewer, id)
}

const graph = { match: 'Microsoft.ResourceGraph/resources' }

it.each<[string, Pick<Fault, 'match' | 'body'>]>([
  ['of its token', { match: '/oauth2/v2.0/token' }],
  ['of the list of subscriptions', { match: /^\/subscriptions\?/i }],
  ['of the management groups', { match: /\/managementGroups\?/i }],
  ['of the sizes of subscriptions', { ...graph, body: 'summarize' }],
  ['of the inventory', { ...graph, body: 'project id, name, type' }],
  ['of settings', { match: /diagnosticsettings\?/i }],
  ['of the activity log', { match: '/eventtypes/management/values' }],
  ['of networks', { ...graph, body: 'dhcpOptions' }],
  ['of alert rules', { ...graph, body: 'activitylogalerts' }],
  ['of exemptions', { ...graph, body: 'policyexemptions' }],
  ['of the tables of a workspace', { match: /\/workspaces\/[^/]+\/tables\?/i }],
])('a cancel does not wait for the answer %s', { timeout: 50_000 }, async (_, where) => {
  const held = Promise.withResolvers<void>()
  const met = Promise.withResolvers<void>()
  answer = held.resolve
  t.simulator.addFault({ ...where, kind: 'hold', until: held.promise, met: met.resolve })
  const running = t.scan()
  await Promise.race([met.promise, running.then(() => Promise.reject(new Error('nothing of the kind was asked')))])
  await cancelRunning()
  expect((await running).status).toBe('cancelled')
})

it('a cancel does not wait for the end of a pause that Azure asked for', { timeout: 50_000 }, async () => {
  answer = () => undefined
  t.simulator.addFault({ match: /^\/subscriptions\?/i, kind: 'status', status: 429, retryAfterSeconds: 590 })
  t.simulator.requests.clear()
  const running = t.scan()
  await expect.poll(() => t.simulator.requests.status(429), { timeout: 40_000 }).toBeGreaterThan(0)
  await cancelRunning()
  expect((await running).status).toBe('cancelled')
})
