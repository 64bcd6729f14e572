import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { defaultPolicy } from '@/lib/domain/policy'
import { readPolicyFile, withPolicyFile } from './effective-policy'

const folder = mkdtempSync(join(tmpdir(), 'keypoint-policy-'))
afterAll(() => rmSync(folder, { recursive: true }))

function fileOf(policy: unknown): string {
  const path = join(folder, 'policy.json')
  writeFileSync(path, JSON.stringify(policy))
  return path
}

describe('a policy file', () => {
  it('is laid over the stored policy, days one by one', () => {
    const stored = { ...defaultPolicy, fullEveryNights: 3, retentionDays: { total: 400, interactive: 120 } }
    expect(withPolicyFile(stored, readPolicyFile(fileOf({ retentionDays: { total: 730 } })))).toEqual({ ...stored, retentionDays: { total: 730, interactive: 120 } })
    expect(withPolicyFile(stored, readPolicyFile(fileOf({ fullEveryNights: 14 })))).toEqual({ ...stored, fullEveryNights: 14 })
  })

  it.each([[{ fullEveryNights: 0 }], [{ fullEveryNights: 46 }], [{ fullEveryNights: 1.5 }], [{ fullEveryNights: '7' }], [{ fulleverynights: 7 }]])('is refused with %o, by name', (policy) => {
    expect(() => readPolicyFile(fileOf(policy))).toThrow(/fullEveryNights|fulleverynights/)
  })
})
