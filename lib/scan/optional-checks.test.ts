import { afterEach, describe, expect, it } from 'vitest'
import { defaultPolicy } from '@/lib/domain/policy'
import { generateTenant } from '@/lib/simulator'
import { startScannedTenant, type ScannedTenant } from './testing/scanned-tenant'

let tenant: ScannedTenant | null = null
afterEach(async () => {
  await tenant?.close()
  tenant = null
})

const options = ['platform-default-time', 'storage-malware-scan', 'sql-devops-audit']

describe('options', () => {
  it('ask workspaces what arrived of machines only where the policy has that check on', async () => {
    const running = (tenant = await startScannedTenant(generateTenant({ resources: 300, seed: 1 })))
    await running.scan()
    expect(running.simulator.requests.count('log-queries')).toBe(0)
    const check = 'machine-events-arrive'
    const { scanId } = await running.scan({ policy: { ...defaultPolicy, overrides: [{ scope: { kind: 'management-group', name: 'Production' }, rules: { enabledChecks: [check] } }] } })
    expect(running.simulator.requests.count('log-queries')).toBeGreaterThan(0)
    const rows = (await running.findings(scanId)).filter((row) => row.check === check)
    expect([...new Set(rows.map((row) => row.verdict))]).toEqual(expect.arrayContaining(['pass', 'unknown']))
  })

  it('are judged where the policy has them on, from what every scan reads', async () => {
    const running = (tenant = await startScannedTenant(generateTenant({ resources: 500, seed: 1 })))
    const { scanId } = await running.scan({ policy: { ...defaultPolicy, enabledChecks: options } })
    const on = Map.groupBy((await running.findings(scanId)).filter((row) => options.includes(row.check)), (row) => row.check)
    const seen = (check: string) => new Set(on.get(check)?.map((row) => row.verdict))
    expect([...seen('platform-default-time')]).toContain('pass')
    expect([...seen('storage-malware-scan')]).toEqual(expect.arrayContaining(['pass', 'fail', 'not-applicable']))
    expect([...seen('sql-devops-audit')]).toEqual(expect.arrayContaining(['pass', 'fail']))
  })
})
