import { afterEach, describe, expect, it } from 'vitest'
import { generateTenant } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

describe('audit parameters of databases', () => {
  it('are read of each server once in a scan, and again in the next', async () => {
    const simulated = generateTenant({ resources: 500, seed: 1 })
    const servers = simulated.rows('resources').filter(({ type }) => /^microsoft\.dbfor(postgresql|mysql)\/flexibleservers$/.test(type))
    const running = (tenant = await startScannedTenant(simulated))
    const verdicts = async () => {
      const { scanId } = await running.scan()
      return (await running.findings(scanId)).filter((row) => row.check === 'postgres-mysql-audit-parameters')
    }
    const first = await verdicts()
    expect(first).toHaveLength(servers.length)
    expect(first.map((row) => row.verdict)).toEqual(expect.arrayContaining(['pass', 'fail']))

    const passing = first.find((row) => row.verdict === 'pass' && row.resourceType.includes('postgresql'))
    if (passing === undefined) throw new Error('the generated tenant should have a PostgreSQL server that audits')
    simulated.setAnswer('database-parameters', `${passing.resourceId}/configurations/pgaudit.log`, { status: 200, body: { name: 'pgaudit.log', properties: { value: 'none' } } })
    expect((await verdicts()).find((row) => row.resourceId === passing.resourceId)).toMatchObject({ verdict: 'fail', reason: expect.stringContaining('pgaudit.log') })
  })
})
