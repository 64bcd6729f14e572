import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { ScheduleRow } from '@/lib/domain/schedule'
import { createTestDatabase, type TestDatabase } from '@/lib/db/testing'
import { buildProgram } from '../program'

let test: TestDatabase
const a = 'aaaaaaaa-0000-4000-8000-000000000001'
const b = 'bbbbbbbb-0000-4000-8000-000000000002'

beforeAll(async () => {
  test = await createTestDatabase()
  vi.stubEnv('DATABASE_URL', test.url)
  for (const name of ['AZURE_CLIENT_ID', 'ENTRA_CLIENT_ID', 'KEYPOINT_IDENTITY', 'KEYPOINT_DEMO_TENANT']) vi.stubEnv(name, undefined)
})
afterAll(async () => {
  vi.unstubAllEnvs()
  await test.drop()
})
afterEach(() => vi.restoreAllMocks())

/** What `keypoint schedule …` prints. */
async function schedule(...args: string[]): Promise<string> {
  const written: string[] = []
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => written.push(String(chunk)) > 0)
  await buildProgram().parseAsync(['node', 'keypoint', 'schedule', ...args])
  vi.restoreAllMocks()
  return written.join('')
}

const edited = async (...args: string[]): Promise<ScheduleRow> => JSON.parse(await schedule('edit', ...args, '--json'))
const listed = async (): Promise<ScheduleRow[]> => JSON.parse(await schedule('list', '--json')).schedules

describe('keypoint schedule', () => {
  let made: ScheduleRow
  beforeEach(async () => {
    for (const { id } of await listed()) await schedule('remove', id)
    made = JSON.parse(await schedule('add', '--name', 'Nightly', '--time-zone', 'Europe/Berlin', '--subscription', a, '--subscription', a.toUpperCase(), '--json'))
  })

  it('edit changes what is named and nothing else, by name or id', async () => {
    expect(made.scope).toEqual({ subscriptions: [a] })
    const kept = { id: made.id, timeZone: 'Europe/Berlin', scope: { subscriptions: [a] }, enabled: true, createdBy: 'command', lastScan: null }
    expect(await edited('Nightly', '--cron', '30 4 * * *')).toMatchObject({ ...kept, name: 'Nightly', mode: 'full', cron: '30 4 * * *' })
    expect(await edited(made.id.toUpperCase(), '--name', 'Early', '--mode', 'incremental')).toMatchObject({ ...kept, cron: '30 4 * * *', name: 'Early', mode: 'incremental' })
  })

  it.each([
    [['--subscription', b], { subscriptions: [b] }],
    [['--management-group', '/providers/Microsoft.Management/managementGroups/mg-prod'], { managementGroup: 'mg-prod' }],
    [['--everything'], {}],
  ])('edit %j scans %j', async (args, scope) => {
    expect((await edited('Nightly', ...args)).scope).toEqual(scope)
  })

  it('pause and resume show it as it is then, and an edit leaves it paused', async () => {
    expect(await schedule('pause', 'Nightly')).toMatch(/^Nightly \(paused\) {2}/)
    expect(await schedule('pause', 'Nightly')).not.toContain('next ')
    expect(await edited('Nightly', '--mode', 'incremental')).toMatchObject({ enabled: false })
    expect((await schedule('resume', 'Nightly')).match(/^ {2}next /gm)).toHaveLength(5)
    expect(JSON.parse(await schedule('resume', made.id, '--json'))).toMatchObject({ enabled: true, id: made.id })
  })

  it('resume leaves what is due of one that is not paused', async () => {
    const due = new Date('2026-06-02T00:00:00Z')
    await test.database.schedule.update({ where: { id: made.id }, data: { nextRunAt: due } })
    await schedule('resume', 'Nightly')
    expect(await listed()).toMatchObject([{ nextRunAt: due.toISOString() }])
  })

  it.each([
    [['edit', 'Nightly'], 'usage'],
    [['edit', 'Nightly', '--json'], 'usage'],
    [['edit', 'Nightly', '--cron', 'nightly'], 'usage'],
    [['edit', 'Nightly', '--time-zone', 'Mars'], 'usage'],
    [['edit', 'Nightly', '--everything', '--subscription', a], 'usage'],
    [['edit', 'Nightly', '--name', 'Other'], 'conflict'],
    [['edit', 'nobody', '--everything'], 'not-found'],
    [['pause', 'nobody'], 'not-found'],
  ])('%j is refused as %s, and nothing changes', async (args, code) => {
    await schedule('add', '--name', 'Other')
    const before = await listed()
    await expect(schedule(...args)).rejects.toMatchObject({ code })
    vi.restoreAllMocks()
    expect(await listed()).toEqual(before)
  })
})
