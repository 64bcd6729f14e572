import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { KeypointError } from '@/lib/errors'
import { parseDemoTenant } from './demo-tenant'
import { startSimulator, type Simulator } from './server'
import { loadTenantFile } from './tenant-file'
import { Client } from './testing/client'

const recorded = path.resolve(import.meta.dirname, '../../../shared/azure/recorded/tenant.json')
const absent = !existsSync(recorded)

const shape = z.object({
  resources: z.array(z.object({ id: z.string() })),
  diagnosticSettings: z.record(z.string(), z.array(z.unknown())),
  subscriptionDiagnosticSettings: z.array(z.object({ scope: z.string(), body: z.unknown() })),
  workspaceTables: z.record(z.string(), z.object({ body: z.unknown() })),
  storageManagementPolicies: z.record(z.string(), z.object({ status: z.number(), body: z.unknown() })),
  sqlAuditing: z.record(
    z.string(),
    z.object({ auditingSettings: z.object({ properties: z.looseObject({ state: z.string() }) }) }),
  ),
  diagnosticSettingsCategories: z.record(
    z.string(),
    z.object({ exampleResourceId: z.string(), body: z.object({ value: z.array(z.object({ name: z.string() })) }) }),
  ),
})

describe.skipIf(absent)(
  `the recorded tenant is served as it was written${absent ? ' (skipped: ../shared/azure/recorded/tenant.json is absent)' : ''}`,
  () => {
    let simulator: Simulator
    let client: Client
    let file: z.output<typeof shape>

    beforeAll(async () => {
      file = shape.parse(JSON.parse(readFileSync(recorded, 'utf8')))
      simulator = await startSimulator({ tenant: loadTenantFile(recorded), limits: false })
      client = await new Client(simulator).signIn()
    })
    afterAll(() => simulator.close())

    it('lists every resource, without where it came from', async () => {
      const answer = await client.query('resources | order by id asc', { $top: 1000 })
      const { data } = z.object({ data: z.array(z.looseObject({ id: z.string() })) }).parse(answer.body)
      expect(data.map((row) => row.id).toSorted()).toEqual(file.resources.map((row) => row.id).toSorted())
      expect(data.some((row) => 'provenance' in row || 'adapted' in row)).toBe(false)
    })

    it('answers the settings of every resource, service and subscription', async () => {
      for (const [id, value] of Object.entries(file.diagnosticSettings))
        expect((await client.settings(id)).body, id).toEqual({ value })
      for (const { scope, body } of file.subscriptionDiagnosticSettings) expect((await client.settings(scope)).body).toEqual(body)
      const unsupported = file.resources.find((row) => !(row.id in file.diagnosticSettings))
      expect(await client.settings(unsupported?.id ?? '')).toMatchObject({
        status: 400,
        body: { code: 'ResourceTypeNotSupported' },
      })
    })

    it('answers tables, lifecycle policies, auditing and categories', async () => {
      for (const [id, { body }] of Object.entries(file.workspaceTables)) {
        expect((await client.get(`${id}/tables?api-version=2022-10-01`)).body).toEqual(body)
      }
      for (const [id, { status, body }] of Object.entries(file.storageManagementPolicies)) {
        expect(await client.get(`${id}/managementPolicies/default?api-version=2023-05-01`)).toMatchObject({ status, body })
      }
      for (const [id, { auditingSettings }] of Object.entries(file.sqlAuditing)) {
        const answer = await client.get(`${id}/extendedAuditingSettings/default?api-version=2021-11-01`)
        expect(answer.body).toMatchObject({ properties: auditingSettings.properties })
      }
      const pool = file.resources.find(({ id }) => /\/microsoft\.synapse\/workspaces\/[^/]+\/sqlpools\//i.test(id))?.id ?? ''
      expect((await client.get(`${pool}/auditingSettings/default?api-version=2021-06-01`)).body).toMatchObject({ properties: { state: 'Enabled', isAzureMonitorTargetEnabled: true } })
      for (const { exampleResourceId, body } of Object.values(file.diagnosticSettingsCategories)) {
        const answer = await client.get(
          `${exampleResourceId}/providers/Microsoft.Insights/diagnosticSettingsCategories?api-version=2021-05-01-preview`,
        )
        expect(answer.value.map((each) => each.name)).toEqual(body.value.map((each) => each.name))
      }
    })
  },
)

describe('a bad tenant', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'tenant-file-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  function failure(act: () => unknown): KeypointError {
    try {
      act()
    } catch (error) {
      if (error instanceof KeypointError) return error
      throw error
    }
    throw new Error('nothing was thrown')
  }

  it.each([
    ['{"about":', 'is not valid JSON'],
    ['[]', 'does not have the shape of a tenant (the top level:'],
    ['{"about":{"tenantId":""}}', '(about.tenantId:'],
  ])('a file that holds %s is named with what is wrong', (content, words) => {
    const file = path.join(folder, 'tenant.json')
    writeFileSync(file, content)
    expect(failure(() => loadTenantFile(file))).toMatchObject({ code: 'invalid', message: expect.stringContaining(words) })
    expect(failure(() => loadTenantFile(file)).message).toContain(file)
  })

  it('a missing file is named', () => {
    expect(failure(() => parseDemoTenant(path.join(folder, 'nowhere.json'))).message).toContain('nowhere.json does not exist')
  })

  it.each(['', 'generated:', 'generated:5', 'generated:many', 'generated:100:x', 'generated:3000000'])(
    'the text %o names KEYPOINT_DEMO_TENANT',
    (spec) => {
      expect(failure(() => parseDemoTenant(spec))).toMatchObject({
        code: 'invalid',
        message: expect.stringContaining('KEYPOINT_DEMO_TENANT'),
      })
    },
  )
})
