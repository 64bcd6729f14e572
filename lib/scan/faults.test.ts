import { createServer } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { ScanSummary } from '@/lib/domain/scan'
import type { FindingRow } from '@/lib/domain/views'
import { generateTenant, type Fault } from '@/lib/simulator'
import { differences, noLimits, startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let t: ScannedTenant
let calm: FindingRow[]
let calmSummary: ScanSummary
/** A resource whose settings were read and judged. */
let vault: FindingRow

beforeAll(async () => {
  t = await startScannedTenant(generateTenant({ resources: 60, seed: 4 }), { limits: false }, { limits: { ...noLimits, restMs: 100, longestPauseMs: 15_000 } })
  calmSummary = await t.scan()
  calm = await t.findings(calmSummary.scanId)
  const found = calm.find((row) => row.check === 'resource-audit-logs' && (row.verdict === 'pass' || row.verdict === 'fail') && row.resourceType === 'microsoft.keyvault/vaults')
  if (found === undefined) throw new Error('the generated tenant should have a vault')
  vault = found
})
afterEach(() => t.simulator.clearFaults())
afterAll(() => t.close())

async function scanWith(...faults: Fault[]): Promise<{ summary: ScanSummary; rows: FindingRow[] }> {
  for (const fault of faults) t.simulator.addFault(fault)
  const summary = await t.scan()
  return { summary, rows: await t.findings(summary.scanId) }
}

const keyOf = ({ resourceId, check }: FindingRow) => `${toResourceKey(resourceId)} ${check}`

/** Nothing is judged otherwise than on a calm day: it is the same, or unknown for one of these reasons. Returns what became unknown. */
function onlyLosesSight(rows: readonly FindingRow[], reasons: readonly string[]): FindingRow[] {
  const known = new Map(calm.map((row) => [keyOf(row), row]))
  expect(rows.filter((row) => row.verdict !== 'unknown' && row.verdict !== known.get(keyOf(row))?.verdict).map(keyOf)).toEqual([])
  const lost = rows.filter((row) => row.verdict === 'unknown' && known.get(keyOf(row))?.verdict !== 'unknown')
  expect([...new Set(lost.map((row) => row.reasonCode))].filter((code) => code === null || !reasons.includes(code))).toEqual([])
  const still = new Set(rows.map(keyOf))
  expect(calm.map(keyOf).filter((key) => !still.has(key)), 'vanished').toEqual([])
  return lost
}

const settingsOf = (row: FindingRow) => `${row.resourceId}/providers/microsoft.insights/diagnosticSettings?`

describe('what passes', () => {
  it.each<[name: string, ...faults: Fault[]]>([
    ['a storm of 429', { match: 'diagnosticSettings?', probability: 0.1, kind: 'status', status: 429, code: 'SubscriptionRequestsThrottled', retryAfterSeconds: 1, times: 20 }],
    ['429 that says how long only in its words', { match: 'diagnosticSettings?', kind: 'status', status: 429, message: "Please try again after '1' seconds.", envelope: 'capitals', times: 3 }],
    ['one in a hundred answers of each kind of server error', ...[500, 502, 503, 504].map((status): Fault => ({ match: /^\/(subscriptions|providers)/i, probability: 0.01, kind: 'status', status }))],
    ['server errors', { match: '/subscriptions/', probability: 0.05, kind: 'status', status: 503, envelope: 'empty' }],
    ['a gateway that answers for the service', { match: '/subscriptions/', probability: 0.05, kind: 'html' }],
    ['connections that are cut', { match: '/subscriptions/', probability: 0.05, kind: 'reset' }],
    ['answers that are cut', { match: '/subscriptions/', probability: 0.1, kind: 'truncated' }],
    ['slow answers', { match: 'diagnosticSettings', probability: 0.2, kind: 'delay', milliseconds: 400 }],
    ['a token that expires on the way', { match: /diagnosticSettings\?/i, kind: 'expired-token', times: 1 }, { match: 'ResourceGraph', kind: 'expired-token', times: 1 }, { match: '/tables', kind: 'expired-token', times: 1 }],
    // Each is asked for once more; one that is cut both times is unread.
    ['a Resource Graph that cuts its answers', ...['resources\\n| project id, name, type', 'resourcecontainers', 'activitylogalerts', 'datacollectionruleassociations', 'virtualnetworks'].map((body): Fault => ({ match: 'ResourceGraph', body, kind: 'rows', keep: 1, times: 1 }))],
    ['a Resource Graph that fails now and then', { match: 'ResourceGraph', probability: 0.3, kind: 'status', status: 503 }],
    ['a Resource Graph that stumbles', { match: 'ResourceGraph', method: 'POST', kind: 'status', status: 429, retryAfterSeconds: 1, times: 3 }],
  ])('%s changes nothing', async (_name, ...faults) => {
    const { summary, rows } = await scanWith(...faults)
    expect(differences(calm, rows)).toEqual([])
    expect(summary.status).toBe(calmSummary.status)
    expect(summary.score).toBe(calmSummary.score)
  })
})

describe('what stays', () => {
  it.each<[name: string, fault: (url: string) => Fault, reason: string]>([
    ['429 to the end', (match) => ({ match, kind: 'status', status: 429, retryAfterSeconds: 1 }), 'throttled'],
    ['500 to the end', (match) => ({ match, kind: 'status', status: 500 }), 'api-error'],
    ['half an answer', (match) => ({ match, kind: 'truncated' }), 'api-error'],
    ['a web page with status 200', (match) => ({ match, kind: 'html', status: 200 }), 'api-error'],
    ['a list that has no end', (match) => ({ match, kind: 'endless-next-link' }), 'api-error'],
    ['a list whose pages go in a circle', (match) => ({ match, kind: 'loop-next-link' }), 'api-error'],
    ['a refusal', (match) => ({ match, kind: 'refuse', action: 'Microsoft.Insights/diagnosticSettings/read' }), 'permission-denied'],
  ])('%s of one resource costs the verdicts of that one', async (_name, fault, reason) => {
    const { summary, rows } = await scanWith(fault(settingsOf(vault)))
    const lost = onlyLosesSight(rows, [reason])
    expect(lost.map(({ check }) => check)).toContain('resource-audit-logs')
    expect([...new Set(lost.map(({ resourceId }) => toResourceKey(resourceId)))]).toEqual([toResourceKey(vault.resourceId)])
    expect(summary.status).toBe('partial')
    expect(summary.subscriptions.find(({ subscriptionId }) => subscriptionId === vault.subscriptionId)?.status).toBe('partial')
  })

  it('a link to another host is not followed', async () => {
    let asked = 0
    const stranger = createServer((_request, response) => response.end(String((asked += 1)))).listen(0, '127.0.0.1')
    const address = await new Promise<string>((resolve) => stranger.once('listening', () => {
      const at = stranger.address()
      resolve(`http://127.0.0.1:${typeof at === 'object' && at !== null ? at.port : 0}/steal`)
    }))
    const { rows } = await scanWith({ match: settingsOf(vault), kind: 'foreign-next-link', url: address })
    stranger.close()
    expect(asked).toBe(0)
    expect(onlyLosesSight(rows, ['api-error']).map(({ check }) => check)).toContain('resource-audit-logs')
  })
})

describe('a refusal', () => {
  it('of all settings in a subscription leaves the others as they were', async () => {
    const { summary, rows } = await scanWith({ match: new RegExp(`/subscriptions/${vault.subscriptionId}/.*diagnosticSettings\\?`, 'i'), kind: 'refuse', action: 'Microsoft.Insights/diagnosticSettings/read' })
    const lost = onlyLosesSight(rows, ['permission-denied'])
    expect(lost.length).toBeGreaterThan(0)
    expect(lost.every((row) => row.permission === 'Microsoft.Insights/diagnosticSettings/read')).toBe(true)
    expect(summary.status).toBe('partial')
  })

  it('of whatever is asked of a subscription leaves the others as they were', async () => {
    const { summary, rows } = await scanWith({ match: new RegExp(`^/subscriptions/${vault.subscriptionId}[/?]`, 'i'), kind: 'refuse', action: 'Microsoft.Resources/subscriptions/read' })
    const lost = onlyLosesSight(rows, ['permission-denied'])
    const settingsLost = lost.filter(({ check }) => check === 'resource-audit-logs')
    expect(settingsLost.map(keyOf)).toContain(keyOf(vault))
    expect(settingsLost.filter(({ subscriptionId }) => subscriptionId !== vault.subscriptionId)).toEqual([])
    // None of its resources is judged by its settings any more.
    expect(rows.filter((row) => row.subscriptionId === vault.subscriptionId && row.check === 'resource-audit-logs' && (row.verdict === 'pass' || row.verdict === 'fail'))).toEqual([])
    expect(summary.subscriptions.filter(({ status }) => status !== 'succeeded').map(({ subscriptionId }) => subscriptionId)).toContain(vault.subscriptionId)
    t.simulator.clearFaults()
    expect(differences(calm, await t.findings((await t.scan()).scanId))).toEqual([])
  }, 120_000)

  it.each<[string, Fault]>([
    ['the containers', { match: 'ResourceGraph', body: "type == 'microsoft.resources/subscriptions' or", kind: 'status', status: 500 }],
    ['the inventory', { match: 'ResourceGraph', body: 'resources\\n| project id, name, type', kind: 'rows', keep: 5 }],
    ['an empty inventory', { match: 'ResourceGraph', body: 'resources\\n| project id, name, type', kind: 'rows', keep: 0, total: 0 }],
    ['which rules serve machines', { match: 'ResourceGraph', body: 'datacollectionruleassociations', kind: 'rows', keep: 1, truncated: true }],
    ['the alert rules', { match: 'ResourceGraph', body: 'activitylogalerts', kind: 'rows', keep: 1 }],
  ])('of %s by half costs sight alone, and heals', async (_name, fault) => {
    const { summary, rows } = await scanWith(fault)
    expect(onlyLosesSight(rows, ['api-error', 'permission-denied']).length).toBeGreaterThan(0)
    expect(summary.status).not.toBe('succeeded')
    t.simulator.clearFaults()
    expect(differences(calm, await t.findings((await t.scan()).scanId))).toEqual([])
  })

  const emptyInventory = { match: 'ResourceGraph', body: 'resources\\n| project id, name, type', kind: 'rows', keep: 0, total: 0 } as const
  const gone = () => t.database.resource.findMany({ where: { goneSeq: { not: null } }, select: { resourceId: true } })

  it('of an inventory by nothing at all loses nothing, though its size could not be asked', async () => {
    t.simulator.addFault({ match: 'ResourceGraph', body: 'summarize count = count()', kind: 'status', status: 400, times: 1 })
    const before = await gone()
    await scanWith(emptyInventory)
    expect(await gone()).toEqual(before)
    t.simulator.clearFaults()
    expect(differences(calm, await t.findings((await t.scan()).scanId))).toEqual([])
  })

  it('of the destinations in the subscriptions that are not scanned loses none of them', async () => {
    const before = await gone()
    t.simulator.addFault({ match: 'ResourceGraph', body: "confluent/organizations')\\n| project", kind: 'rows', keep: 0, total: 0 })
    const [one, other] = t.simulator.tenant.subscriptions
    await t.scan({ scope: { subscriptions: [one?.subscriptionId ?? ''] } })
    await t.scan({ scope: { subscriptions: [other?.subscriptionId ?? ''] } })
    expect(t.simulator.requests.count('resource-graph')).toBeGreaterThan(0)
    expect(await gone()).toEqual(before)
    t.simulator.clearFaults()
    expect(differences(calm, await t.findings((await t.scan()).scanId))).toEqual([])
  })

  it('of Resource Graph makes everything unknown and nothing gone, and heals', async () => {
    const { summary, rows } = await scanWith({ match: 'ResourceGraph', method: 'POST', kind: 'refuse', action: 'Microsoft.ResourceGraph/resources/read' })
    const lost = onlyLosesSight(rows, ['permission-denied'])
    expect(lost.map(keyOf)).toContain(keyOf(vault))
    expect(summary.status).toBe('failed')
    t.simulator.clearFaults()
    const after = await t.scan()
    expect(differences(calm, await t.findings(after.scanId))).toEqual([])
  })
})

describe('an inventory of several pages', () => {
  const ofResources = { match: 'ResourceGraph', body: 'resources\\n| project id, name, type' } as const
  let rows: FindingRow[]

  beforeAll(async () => {
    const [any] = t.simulator.tenant.rows('resources').filter(({ subscriptionId }) => subscriptionId === vault.subscriptionId)
    if (any === undefined) throw new Error('the vault should have a row')
    for (let index = 0; index < 2000; index += 1) {
      const name = `disk-${String(index).padStart(4, '0')}`
      t.simulator.tenant.addResource({ ...any, id: `/subscriptions/${vault.subscriptionId}/resourceGroups/rg-disks/providers/Microsoft.Compute/disks/${name}`, name, type: 'microsoft.compute/disks', resourceGroup: 'rg-disks', managedBy: '', properties: {} })
    }
    rows = await t.findings((await t.scan()).scanId)
  }, 120_000)

  it.each([
    { often: 'once', times: 1, healed: true },
    { often: 'again and again', times: 20, healed: false },
  ])('of which one comes $often in place of the next loses nothing', async ({ times, healed }) => {
    const gone = () => t.database.resource.count({ where: { goneSeq: { not: null } } })
    const before = await gone()
    t.simulator.addFault({ ...ofResources, after: 1, times, kind: 'repeat-rows' })
    const summary = await t.scan()
    expect(await gone()).toBe(before)
    expect(summary.status === 'succeeded').toBe(healed)
    expect(differences(rows, await t.findings(summary.scanId)).length === 0).toBe(healed)
    t.simulator.clearFaults()
    expect(differences(rows, await t.findings((await t.scan()).scanId))).toEqual([])
  }, 120_000)
})

describe('batches that are accepted and answered later', () => {
  let batched: ScannedTenant
  beforeAll(async () => {
    batched = await startScannedTenant(generateTenant({ resources: 60, seed: 4 }), { limits: false, acceptsBatches: true }, { limits: { ...noLimits, batches: 'always', restMs: 100, longestPauseMs: 15_000 } })
  }, 60_000)
  afterEach(() => batched.simulator.clearFaults())
  afterAll(() => batched.close())

  it.each<[string, Fault | null]>([
    ['are waited for', null],
    ['and never ready, are read singly', { match: '/batch/results', kind: 'status', status: 202 }],
    ['and lost meanwhile, are read singly', { match: '/batch/results', kind: 'status', status: 404, code: 'NotFound' }],
    ['by half, are read singly', { match: '/batch/results', kind: 'batch-loses-one' }],
    ['by refusals, are read singly', { match: '/batch/results', kind: 'refuse', action: 'Microsoft.Resources/batch/action' }],
  ])('%s, and change nothing', async (_name, fault) => {
    if (fault !== null) batched.simulator.addFault(fault)
    const results = () => batched.simulator.requests.matching(/\/batch\/results/).length
    const before = results()
    const { scanId, status } = await batched.scan()
    expect(results()).toBeGreaterThan(before)
    expect(status).toBe(calmSummary.status)
    expect(differences(calm, await batched.findings(scanId))).toEqual([])
  }, 120_000)
})
