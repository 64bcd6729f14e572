import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { loadCatalog } from '@/lib/catalog'
import type { Check, Remediation, RemediationSubject } from '@/lib/domain/check'
import { checksWithDecidingOperations } from '@/lib/domain/deciding-operations'
import { isKeyPoint } from '@/lib/domain/key-point'
import { defaultPolicy } from '@/lib/domain/policy'
import { checks, findCheck } from './list'
import { idOf, subscriptionId, tenantSubjectId } from './testing/literals'
import { remediationKinds, withoutKind } from './testing/remediation-kinds'
import { allPages, docsFolder } from './write-docs'

const here = fileURLToPath(new URL('.', import.meta.url))
const testSources = readdirSync(here, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => readFileSync(join(here, name), 'utf8'))
  .join('\n')

describe('every check', () => {
  it('has an id of its own', () => {
    const ids = checks.flatMap((check) => [check.id, ...(check.aliases ?? [])])
    expect(new Set(ids).size).toBe(ids.length)
  })

  it('is named rightly where operations that decide it are', () => {
    expect(checksWithDecidingOperations.filter((id) => findCheck(id)?.id !== id)).toEqual([])
  })

  it.each(checks.map((check) => [check.id, check] as const))('%s is complete', (id, check) => {
    expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    expect(findCheck(id)).toBe(check)
    expect(isKeyPoint(check.keyPoint)).toBe(true)
    expect(check.version).toBeGreaterThan(0)
    expect(check.question).toMatch(/\?$/)
    expect(check.why.length).toBeGreaterThan(20)
    expect(check.permissions.length).toBeGreaterThan(0)
    expect(check.sources.length).toBeGreaterThan(0)
    for (const { url } of check.sources) expect(url).toMatch(/^https:\/\/learn\.microsoft\.com\//)
    expect(check.mappings.map(({ framework }) => framework)).toContain('ASB v1')
    for (const { controls } of check.mappings) expect(controls.length).toBeGreaterThan(0)
  })

  it.each(checks.map((check) => [check.id, check.keyPoint] as const))('%s, or the family that it is of, is a file in the folder of its key point', (id, keyPoint) => {
    const files = readdirSync(join(here, keyPoint)).filter((name) => !name.endsWith('.test.ts')).map((name) => name.replace(/\.ts$/, ''))
    expect(files.filter((name) => name === id || id.startsWith(`${name}-`))).not.toEqual([])
  })

  it.each(checks.map(({ id }) => [id]))('%s is judged by a table of cases', (id) => {
    expect(testSources).toContain(`judgedCases('${id}'`)
  })

  it.each(checks.map((check) => [check.id, check] as const))('%s says how to mend a fail, filled in', (_, check) => {
    const subjects: RemediationSubject[] = [
      { resourceId: idOf('Microsoft.KeyVault/vaults', 'kv'), resourceType: 'microsoft.keyvault/vaults', resourceName: 'kv', location: 'westeurope', judgement: { verdict: 'fail', reason: 'r', evidence: {} } },
      { resourceId: subscriptionId, resourceType: 'microsoft.resources/subscriptions', resourceName: 'Home', location: 'global', judgement: { verdict: 'fail', reason: 'r', evidence: {} } },
    ]
    for (const subject of subjects) {
      const remediation = check.remediate(subject, { centralWorkspaceIds: [], policy: defaultPolicy, catalog: loadCatalog() })
      expect(remediation.summary.length).toBeGreaterThan(10)
      expect(JSON.stringify(remediation)).not.toMatch(/undefined|\[object|NaN/)
    }
  })
})

/** A gap of each type and system that a check asks about, with no more evidence than that and what tells that the settings were read. */
function gapsOf({ asks = ['microsoft.keyvault/vaults'] }: Check): RemediationSubject[] {
  const scopes: Readonly<Record<string, string>> = { subscription: subscriptionId, tenant: tenantSubjectId, 'management-group': '/providers/Microsoft.Management/managementGroups/mg' }
  return asks.flatMap((type) => ['Windows', 'Linux'].map((os): RemediationSubject => ({
    resourceId: scopes[type] ?? idOf(type, 'a/b/c'), resourceType: type, resourceName: 'a', location: 'westeurope', judgement: { verdict: 'fail', reason: 'r', evidence: { machine: { os }, isAzureMonitorTargetEnabled: true, retentionDays: 7, flowLogs: [] } },
  })))
}

/** Checks whose remediation lacks a kind by what the evidence holds alone. */
const mendedByEvidence = new Set(['activity-log-beyond-90-days', 'log-storage-immutable', 'sql-audit-retention'])

describe('every gap can be mended by what is pasted', () => {
  const remediationsOf = (check: Check): Remediation[] => gapsOf(check).map((gap) => check.remediate(gap, { centralWorkspaceIds: [], policy: defaultPolicy, catalog: loadCatalog() }))

  it.each(checks.flatMap((check) => remediationKinds.map((kind) => [check.id, kind, check] as const)))('%s by %s', (id, kind, check) => {
    const lacking = remediationsOf(check).filter((remediation) => remediation[kind] === undefined)
    if (withoutKind[id]?.[kind] === undefined) expect(lacking).toEqual([])
    // Where nothing lacks any more the reason is out of date.
    else if (!mendedByEvidence.has(id)) expect(lacking).not.toEqual([])
  })
  it('has reasons for checks that exist alone', () => {
    expect(Object.keys(withoutKind).filter((id) => findCheck(id)?.id !== id)).toEqual([])
  })
})

describe('pages of checks', () => {
  const pages = allPages()
  it('are those of docs/checks, no more and no less', () => {
    expect(readdirSync(docsFolder).sort()).toEqual([...pages.keys()].sort())
  })
  it.each([...pages])('%s is as the check says now', (name, content) => {
    expect(readFileSync(join(docsFolder, name), 'utf8')).toBe(content)
  })
})
