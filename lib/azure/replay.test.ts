import { createReadStream, existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, it } from 'vitest'
import type { Collected } from '../domain/collected'
import { parseDefenderPlans } from './defender-plans'
import { parseDiagnosticSettings } from './diagnostic-settings'
import { alertingRow } from './alerting-rows'
import { parseDnsPolicies, parseDnsPolicyLinks, parseDnsPolicyRegions } from './dns-policies'
import { toReadFailure } from './errors'
import { parseInventoryPage } from './inventory-rows'
import { parseLogContainers } from './log-containers'
import { parseCategories } from './log-categories'
import { parseDescendants, parseManagementGroups } from './management-groups'
import { parseSecurityContacts } from './security-contacts'
import { parseNewIncidents, parseSentinelConnectors, parseSentinelOnboarding, parseSentinelRules } from './sentinel'
import { parseSqlAuditing } from './sql-auditing'
import { parseStorageLifecycle } from './storage-lifecycle'
import { parseSubscription, parseSubscriptions } from './subscriptions'
import { parseWorkspaceTables } from './workspace-tables'

interface Payload {
  line: number
  method: string
  url: string
  status: number
  body: unknown
}

interface Reader {
  name: string
  method: 'GET' | 'POST'
  /** Tested on the path in lower case. */
  path: RegExp
  parse(status: number, body: unknown): Collected<unknown>
}

const readers: Reader[] = [
  { name: 'diagnostic settings', method: 'GET', path: /\/providers\/(microsoft\.insights|microsoft\.aadiam)\/diagnosticsettings$/, parse: parseDiagnosticSettings },
  { name: 'log categories', method: 'GET', path: /\/diagnosticsettingscategories$/, parse: parseCategories },
  { name: 'subscriptions', method: 'GET', path: /^\/subscriptions$/, parse: parseSubscriptions },
  { name: 'subscription', method: 'GET', path: /^\/subscriptions\/[^/]+$/, parse: parseSubscription },
  { name: 'management groups', method: 'GET', path: /\/microsoft\.management\/managementgroups$/, parse: parseManagementGroups },
  { name: 'descendants', method: 'GET', path: /\/managementgroups\/[^/]+\/descendants$/, parse: parseDescendants },
  { name: 'inventory', method: 'POST', path: /\/microsoft\.resourcegraph\/resources$/, parse: parseInventoryPage },
  { name: 'SQL auditing', method: 'GET', path: /\/(extended)?auditingsettings\/default$/, parse: parseSqlAuditing },
  { name: 'workspace tables', method: 'GET', path: /\/workspaces\/[^/]+\/tables$/, parse: parseWorkspaceTables },
  { name: 'Sentinel onboarding', method: 'GET', path: /\/onboardingstates$/, parse: parseSentinelOnboarding },
  { name: 'Sentinel rules', method: 'GET', path: /\/microsoft\.securityinsights\/alertrules$/, parse: parseSentinelRules },
  { name: 'Sentinel connectors', method: 'GET', path: /\/microsoft\.securityinsights\/dataconnectors$/, parse: parseSentinelConnectors },
  { name: 'Sentinel incidents', method: 'GET', path: /\/microsoft\.securityinsights\/incidents$/, parse: parseNewIncidents },
  { name: 'storage lifecycle', method: 'GET', path: /\/managementpolicies\/default$/, parse: parseStorageLifecycle },
  { name: 'storage containers', method: 'GET', path: /\/blobservices\/default\/containers$/, parse: parseLogContainers },
  { name: 'Defender plans', method: 'GET', path: /\/microsoft\.security\/pricings$/, parse: parseDefenderPlans },
  { name: 'security contacts', method: 'GET', path: /\/microsoft\.security\/securitycontacts$/, parse: parseSecurityContacts },
  { name: 'DNS security policies', method: 'GET', path: /^\/subscriptions\/[^/]+\/providers\/microsoft\.network\/dnsresolverpolicies$/, parse: parseDnsPolicies },
  { name: 'links of DNS security policies', method: 'GET', path: /\/virtualnetworklinks$/, parse: parseDnsPolicyLinks },
  { name: 'regions of DNS security policies', method: 'GET', path: /^\/subscriptions\/[^/]+\/providers\/microsoft\.network$/, parse: parseDnsPolicyRegions },
]

const file = fileURLToPath(new URL('../../../shared/azure/recorded/payloads.jsonl', import.meta.url))
const missing = !existsSync(file)

describe.skipIf(missing)(`recorded payloads${missing ? ' (skipped: ../shared is not there)' : ''}`, () => {
  let payloads: Payload[] = []
  const answers: { reader: string; payload: Payload; read: Collected<unknown> }[] = []

  beforeAll(async () => {
    payloads = await readPayloads(file)
    for (const payload of payloads) {
      const path = pathOf(payload.url)
      const reader = readers.find((candidate) => candidate.method === payload.method && candidate.path.test(path))
      if (reader !== undefined) answers.push({ reader: reader.name, payload, read: reader.parse(payload.status, payload.body) })
    }
  })

  it('has at least one payload for every reader', () => {
    const counts = Object.fromEntries(readers.map(({ name }) => [name, answers.filter(({ reader }) => reader === name).length]))
    expect(Object.entries(counts).filter(([, count]) => count === 0)).toEqual([])
    expect(answers.length).toBeGreaterThanOrEqual(135)
  })

  it('yields facts for every answer of 200, but for Resource Graph in other forms than ours', () => {
    const refused = answers.filter(({ payload, read }) => payload.status === 200 && !read.ok)
    expect(refused.filter(({ reader }) => reader !== 'inventory').map(({ payload, read }) => [payload.line, read])).toEqual([])
    for (const { read } of refused) expect(read).toMatchObject({ reason: 'api-error', detail: expect.stringContaining('unknown shape') })
  })

  it('reads every row of resources that Resource Graph recorded as objects', () => {
    const rows = answers.filter(({ reader, payload }) => reader === 'inventory' && hasResourceRows(payload.body))
    expect(rows.length).toBeGreaterThan(0)
    expect(rows.filter(({ read }) => !read.ok)).toEqual([])
  })

  it('gives a clear, typed error for every error that was recorded, by the readers and by the mapping alone', () => {
    const errors = payloads.filter(({ status }) => status >= 400)
    expect(errors.length).toBeGreaterThan(150)
    for (const { status, body } of errors) {
      const failure = toReadFailure(status, body)
      expect(failure.detail).toMatch(/^Azure answered \d{3}.*\.$/)
      expect(failure.status).toBe(status)
    }
    const reasons = (status: number) => new Set(errors.filter((error) => error.status === status).map((error) => toReadFailure(status, error.body).reason))
    expect([...reasons(403)]).toEqual(['permission-denied'])
    expect([...reasons(429)]).toEqual(['throttled'])
    expect(reasons(404)).toContain('gone')
  })

  it.each([
    ['activitylogalerts', 40],
    ['actiongroups', 10],
    ['scheduledqueryrules', 40],
    ['actionrules', 2],
    ['automations', 2],
  ])('reads %s, which come from Resource Graph as they are in ARM', (type, least) => {
    const rows = payloads.filter(({ status }) => status === 200).flatMap(({ body }) => itemsOf(body)).filter((item) => isOfType(item, type))
    expect(rows.length).toBeGreaterThanOrEqual(least)
    expect(rows.map((row) => alertingRow.safeParse(row)).filter(({ success }) => !success)).toEqual([])
    expect(JSON.stringify(rows.map((row) => alertingRow.parse(row)))).not.toContain('@')
  })

  it('takes an account without a lifecycle policy for one that keeps blobs for ever', () => {
    const found = answers.filter(({ reader, payload }) => reader === 'storage lifecycle' && payload.status === 404)
    expect(found.map(({ read }) => read)).toEqual([{ ok: true, value: [] }])
  })
})

async function readPayloads(path: string): Promise<Payload[]> {
  const payloads: Payload[] = []
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Infinity })) {
    payloads.push({ ...toPayload(JSON.parse(line)), line: payloads.length + 1 })
  }
  return payloads
}

/** The file's own format, described in its README. */
function toPayload(line: unknown): Omit<Payload, 'line'> {
  return line as Omit<Payload, 'line'>
}

function pathOf(url: string): string {
  return new URL(url).pathname.toLowerCase().replace(/\/+$/, '')
}

/** What an answer is about: the items of a list, or the one resource. */
function itemsOf(body: unknown): unknown[] {
  if (typeof body !== 'object' || body === null) return []
  return 'value' in body && Array.isArray(body.value) ? body.value : [body]
}

function isOfType(item: unknown, type: string): boolean {
  if (typeof item !== 'object' || item === null || !('type' in item) || !('id' in item)) return false
  return typeof item.type === 'string' && item.type.toLowerCase().endsWith(`/${type}`)
}

function hasResourceRows(body: unknown): boolean {
  if (typeof body !== 'object' || body === null || !('data' in body) || !Array.isArray(body.data)) return false
  return body.data.length > 0 && body.data.every((row) => typeof row === 'object' && row !== null && 'id' in row && 'type' in row)
}
