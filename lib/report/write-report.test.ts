import { Writable } from 'node:stream'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { beginScan, finding, storePart, subscriptionA, vault } from '@/lib/db/testing/sample-estate'
import { approveExemption, createScan, ensureEstate, finishScan, listResources, requestExemption, saveFacts, type Database, type FindingFilters } from '@/lib/db'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { toResourceKey } from '@/lib/domain/arm-id'
import type { ScanSummary } from '@/lib/domain/scan'
import type { Viewer } from '@/lib/domain/viewer'
import type { FindingQuery } from '@/lib/domain/views'
import { resourceEvidence } from './resource-evidence'
import { openCurrentReport, openScanReport, writeReport } from './write-report'

let test: TestDatabase
let db: Database
let real: { viewer: Viewer; scanId: string }
let demo: { viewer: Viewer; scanId: string }

const evil = vault(subscriptionA, '=HYPERLINK("http://evil","x")')
const plain = vault(subscriptionA, 'kv-plain')
const odd = vault(subscriptionA, 'a,"b"\nc')
const summaryOf = (scanId: string): ScanSummary => ({
  schemaVersion: 1, scanId, status: 'succeeded', mode: 'full', startedAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T00:01:00.000Z', subscriptions: [],
  resources: 3, requests: { total: 1, throttled: 0, retried: 0 }, score: 50, coverage: 100, keyPoints: [],
})

beforeAll(async () => {
  test = await createTestDatabase()
  db = test.database
  const scan = async (isDemo: boolean) => {
    const { estateId } = await ensureEstate(db, { tenantId: 'tenant', isDemo, cloud: 'AzureCloud', displayName: null })
    const { scanId, seq } = await beginScan(db, estateId)
    await storePart(db, estateId, seq, { subscriptionId: subscriptionA, resources: [evil, plain, odd], findings: [
      finding(evil, 'fail', { reason: '+1' }), finding(plain, 'pass'), finding(plain, 'unknown', { check: 'resource-logs-centralized', keyPoint: 'central-log-management' }),
      finding(odd, 'not-applicable', { reason: 'Line\nbreak, "quote".' }),
    ] })
    await finishScan(db, seq, { status: 'succeeded', summary: summaryOf(scanId), central: null, resources: 3, score: 50, coverage: 100, error: null })
    return { viewer: { estateId, subscriptions: 'all' as const }, scanId }
  }
  real = await scan(false)
  demo = await scan(true)
})
afterAll(() => test.drop())

/** Takes one chunk at a time, slowly, so that a writer that ignores backpressure would be seen. */
class SlowSink extends Writable {
  readonly chunks: Buffer[] = []
  constructor() {
    super({ highWaterMark: 1 })
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.chunks.push(chunk)
    setImmediate(done)
  }

  text(): string {
    return Buffer.concat(this.chunks).toString('utf8')
  }
}

async function report(format: 'json' | 'csv', of = real, filters: FindingFilters = {}): Promise<string> {
  const out = new SlowSink()
  await writeReport({ format, db, ...of, filters, out })
  expect(out.writableEnded).toBe(false)
  return out.text()
}

async function joined(pieces: AsyncIterable<string>): Promise<string> {
  let text = ''
  for await (const piece of pieces) text += piece
  return text
}

/** A strict reader of RFC 4180. */
function parseCsv(text: string): string[][] {
  const rows: string[][] = []
  const cell = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y
  let row: string[] = []
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text)
    if (match === null) throw new Error(`not RFC 4180 after ${JSON.stringify(row)}`)
    row.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? '')
    if (match[3] === '\r\n') {
      rows.push(row)
      row = []
    }
  }
  return rows
}

describe('the JSON report', () => {
  it('has the shape of the contract', async () => {
    const json = JSON.parse(await report('json'))
    expect(Object.keys(json)).toEqual(['schemaVersion', 'scan', 'findings'])
    expect(json.scan).toEqual(summaryOf(real.scanId))
    const [first] = json.findings
    expect(Object.keys(first)).toEqual(['subscriptionId', 'resourceId', 'resourceType', 'resourceName', 'location', 'keyPoint', 'check', 'verdict', 'reasonCode',
      'severity', 'reason', 'evidence', 'remediation', 'since', 'exemption'])
    expect(first).toMatchObject({ subscriptionId: subscriptionA, resourceId: evil.id, verdict: 'fail', reasonCode: null, exemption: null })
    expect(first.since).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
  })

  it('says what to do about a fail and an unknown, and only about these', async () => {
    const { findings } = JSON.parse(await report('json'))
    expect(findings.map((f: { verdict: string; remediation: { summary: string } | null }) => [f.verdict, typeof f.remediation?.summary])).toEqual([
      ['fail', 'string'], ['not-applicable', 'undefined'], ['pass', 'undefined'], ['unknown', 'string'],
    ])
  })

  it('says of an unknown that was not let read how to let it be read, and not what to configure', async () => {
    const { findings } = JSON.parse(await report('json', real, { verdicts: ['unknown'] }))
    expect(findings).toMatchObject([{ reasonCode: 'permission-denied', remediation: {
      summary: 'Grant the scanning identity Reader at this subscription, or at a management group above it.',
      azureCli: `az role assignment create --assignee "$AZURE_CLIENT_ID" --role Reader --scope /subscriptions/${subscriptionA}`,
    } }])
  })

  it('is whole when nothing matches', async () => {
    expect(JSON.parse(await report('json', real, { keyPoints: ['time-sync'] })).findings).toEqual([])
  })

  it('says that it is a demo', async () => {
    expect(JSON.parse(await report('json', demo)).demo).toBe(true)
  })
})

describe('the CSV report', () => {
  it('is RFC 4180 with a byte order mark and a header', async () => {
    const text = await report('csv')
    expect(text.charCodeAt(0)).toBe(0xfeff)
    const [header, ...rows] = parseCsv(text.slice(1))
    expect(header?.slice(0, 4)).toEqual(['subscriptionId', 'resourceId', 'resourceType', 'resourceName'])
    expect(rows.every((row) => row.length === header?.length)).toBe(true)
    const at = (name: string) => rows.map((row) => row[header?.indexOf(name) ?? -1])
    expect(at('reason')).toContain('Line\nbreak, "quote".')
    expect(at('evidence').map((cell) => JSON.parse(cell ?? ''))).toEqual([{ settings: [] }, { settings: [] }, { settings: [] }, {}])
    expect(at('demo')).toEqual(['false', 'false', 'false', 'false'])
    expect(new Set(at('scanId'))).toEqual(new Set([real.scanId]))
    expect(new Set(at('tenantId'))).toEqual(new Set(['tenant']))
    expect(new Set(at('scannedAt'))).toEqual(new Set(['2026-01-01T00:00:00.000Z']))
    expect(at('policyVersion').every((version) => version === '0') && at('checkVersion').every((version) => Number(version) > 0)).toBe(true)
    expect(at('keypointVersion')[0]).toMatch(/^\d+\.\d+\.\d+/)
  })

  it('keeps a spreadsheet from running names', async () => {
    const rows = parseCsv((await report('csv')).slice(1))
    expect(rows.flat()).toContain('\'=HYPERLINK("http://evil","x")')
    expect(rows.flat()).toContain("'+1")
    expect(rows.flat().filter((cell) => /^[=+\-@\t\r\n＝＋－＠]/.test(cell))).toEqual([])
  })

  it('says in each row that it is a demo', async () => {
    const rows = parseCsv((await report('csv', demo, { verdicts: ['fail'] })).slice(1))
    expect(rows.slice(1).map((row) => row[rows[0]?.indexOf('demo') ?? -1])).toEqual(['true'])
  })
})

describe('a report of one scan', () => {
  it('is narrowed to checks, and says so', async () => {
    const filters = { checks: ['resource-logs-centralized'] }
    const json = JSON.parse(await joined(await openScanReport({ format: 'json', db, ...real, filters })))
    expect(json).toMatchObject({ filters, scan: { scanId: real.scanId }, findings: [{ resourceId: plain.id, verdict: 'unknown' }] })
    expect(JSON.parse(await joined(await openScanReport({ format: 'json', db, ...real, filters: { checks: [] } })))).not.toHaveProperty('filters')
  })
})

describe('a report of what a query matches', () => {
  const current = async (query: FindingQuery, of = real): Promise<{ filters: unknown; scan: ScanSummary; findings: { resourceId: string; check: string }[] }> =>
    JSON.parse(await joined(await openCurrentReport({ format: 'json', db, viewer: of.viewer, query })))

  it.each<[FindingQuery, number]>([
    [{}, 4], [{ verdicts: ['fail'] }, 1], [{ search: 'KV-PLAIN' }, 2], [{ search: 'kv-plain', verdicts: ['unknown'], keyPoints: ['central-log-management'] }, 1],
    [{ checks: ['resource-logs-centralized'] }, 1], [{ reasonCodes: ['permission-denied'] }, 1], [{ severities: ['low'] }, 0], [{ types: ['Microsoft.KeyVault/vaults'] }, 4],
    [{ locations: ['nowhere'] }, 0], [{ subscriptions: [subscriptionA.toUpperCase()] }, 4], [{ subscriptions: ['another'] }, 0],
  ])('holds for %j as many findings as the page counts', async (query, expected) => {
    const { filters, scan, findings } = await current(query)
    expect(filters).toEqual(query)
    expect(scan.scanId).toBe(real.scanId)
    const page = await listResources(db, real.viewer, { ...query, sort: 'name', descending: false, page: 1, pageSize: 100 })
    expect([findings.length, page.findings]).toEqual([expected, expected])
  })

  it('is of what the ended scans left while another one stores', async () => {
    const { estateId } = await ensureEstate(db, { tenantId: 'moving', isDemo: false, cloud: 'AzureCloud', displayName: null })
    const viewer: Viewer = { estateId, subscriptions: 'all' }
    await expect(openCurrentReport({ format: 'csv', db, viewer, query: {} })).rejects.toMatchObject({ code: 'not-found' })
    const first = await beginScan(db, estateId)
    await storePart(db, estateId, first.seq, { subscriptionId: subscriptionA, resources: [plain, odd], findings: [finding(plain, 'fail'), finding(odd, 'pass')] })
    await finishScan(db, first.seq, { status: 'succeeded', summary: summaryOf(first.scanId), central: null, resources: 2, score: 50, coverage: 100, error: null })
    const second = await beginScan(db, estateId)
    await storePart(db, estateId, second.seq, { subscriptionId: subscriptionA, resources: [plain, evil], findings: [finding(plain, 'pass'), finding(evil, 'fail')] })
    const moving = { viewer, scanId: first.scanId }
    expect((await current({ verdicts: ['fail'] }, moving)).findings.map((f) => f.resourceId)).toEqual([plain.id])
    expect((await current({}, moving)).findings).toHaveLength(2)
    await finishScan(db, second.seq, { status: 'succeeded', summary: summaryOf(second.scanId), central: null, resources: 2, score: 50, coverage: 100, error: null })
    expect((await current({ verdicts: ['fail'] }, moving)).findings.map((f) => f.resourceId)).toEqual([evil.id])
  })

  it.each(['queued', 'running'] as const)('does not stay behind a scan that was left %s when newer ones ended', async (status) => {
    const { estateId } = await ensureEstate(db, { tenantId: `left-${status}`, isDemo: false, cloud: 'AzureCloud', displayName: null })
    const viewer: Viewer = { estateId, subscriptions: 'all' }
    const scan = async (verdict: 'pass' | 'fail') => {
      const { scanId, seq } = await beginScan(db, estateId)
      await storePart(db, estateId, seq, { subscriptionId: subscriptionA, resources: [plain], findings: [finding(plain, verdict)] })
      await finishScan(db, seq, { status: 'succeeded', summary: summaryOf(scanId), central: null, resources: 1, score: 50, coverage: 100, error: null })
      return scanId
    }
    await scan('pass')
    const left = await createScan(db, estateId, { scope: {}, mode: 'full', requestedBy: 'test' })
    const scanId = await scan('fail')
    // Its process has died since, and nobody has looked after it yet.
    await db.scan.update({ where: { seq: left.seq }, data: { status } })
    const file = await current({ verdicts: ['fail'] }, { viewer, scanId })
    expect([file.scan.scanId, file.findings.map((f) => f.resourceId)]).toEqual([scanId, [plain.id]])
  })
})

describe('the evidence of one resource', () => {
  it('holds findings with their history, and what Azure answered when', async () => {
    const { seq } = await db.scan.findUniqueOrThrow({ where: { id: demo.scanId }, select: { seq: true } })
    await saveFacts(db, demo.viewer.estateId, seq, [{
      subject: toResourceKey(plain.id), source: 'diagnostic-settings', subscriptionId: subscriptionA, read: { ok: true, value: [] }, readAt: '2026-01-01T00:00:30.000Z',
    }])
    const evidence = JSON.parse(await resourceEvidence({ db, viewer: demo.viewer, resourceId: plain.id.toUpperCase() }))
    expect(evidence).toMatchObject({ schemaVersion: 1, demo: true, tenantId: 'tenant', resource: { resourceId: plain.id, present: true } })
    expect(evidence.findings.map((f: { check: string; verdict: string }) => [f.check, f.verdict])).toEqual([['resource-audit-logs', 'pass'], ['resource-logs-centralized', 'unknown']])
    expect(evidence.findings[0].history).toMatchObject([{ verdict: 'pass', to: null }])
    expect(evidence.facts).toMatchObject([{ api: expect.stringContaining('diagnosticSettings'), readAt: '2026-01-01T00:00:30.000Z', status: 'ok', content: [] }])
  })

  it('refuses what is not there, and what cannot be an id', async () => {
    for (const resourceId of ['', 'nonsense', '/subscriptions/none']) await expect(resourceEvidence({ db, viewer: demo.viewer, resourceId })).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('an exempt fail', () => {
  it('stays a fail, and says so in either format', async () => {
    const { id } = await requestExemption(db, demo.viewer, { scope: evil.id, check: null, reason: 'Known.', expiresAt: new Date(Date.now() + 86_400_000).toISOString() }, { objectId: 'a', username: 'ada' })
    await approveExemption(db, demo.viewer, id, { objectId: 'b', username: 'bob' })
    const { findings } = JSON.parse(await report('json', demo))
    expect(findings.filter((f: { exemption: unknown }) => f.exemption !== null)).toMatchObject([
      { resourceId: evil.id, verdict: 'fail', exemption: { id, reason: 'Known.', requestedBy: 'ada', approvedBy: 'bob', expiresAt: expect.stringMatching(/Z$/) } },
    ])
    const [header, ...rows] = parseCsv((await report('csv', demo)).slice(1))
    expect(rows.map((row) => row[header?.indexOf('exemption') ?? -1]).filter((cell) => cell !== '')).toEqual([expect.stringMatching(/^until \d{4}-\d\d-\d\d: Known\.$/)])
  })
})

describe('a report that cannot be written', () => {
  it('refuses a scan without a result, and an unknown one', async () => {
    const { scanId, seq } = await beginScan(db, real.viewer.estateId)
    await expect(report('json', { ...real, scanId })).rejects.toMatchObject({ code: 'conflict' })
    await finishScan(db, seq, { status: 'cancelled', summary: null, central: null, resources: null, score: null, coverage: null, error: null })
    await expect(report('csv', { ...real, scanId: 'nonsense' })).rejects.toMatchObject({ code: 'not-found' })
    const failed = await beginScan(db, real.viewer.estateId)
    await finishScan(db, failed.seq, { status: 'failed', summary: { ...summaryOf(failed.scanId), status: 'failed', score: null }, central: null, resources: 0, score: null, coverage: null, error: 'No answer.' })
    await expect(report('csv', { ...real, scanId: failed.scanId })).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('failed') })
  })

  it('refuses a subscription that the scan did not read, in place of finding nothing wrong there', async () => {
    await expect(report('csv', real, { subscriptions: ['99999999-9999-4999-8999-999999999999'] })).rejects.toMatchObject({
      code: 'not-found', message: expect.stringContaining('99999999-9999-4999-8999-999999999999 is no part of scan'), remedy: expect.stringContaining(subscriptionA),
    })
    expect(JSON.parse(await report('json', real, { subscriptions: [subscriptionA.toUpperCase()] })).findings.length).toBeGreaterThan(0)
  })

  it('passes on what the receiver says', async () => {
    const out = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) })
    await expect(writeReport({ format: 'json', db, ...real, filters: {}, out })).rejects.toThrow('disk full')
  })
})
