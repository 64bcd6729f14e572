import { expect, it } from 'vitest'
import { change, diff, rows, text } from '@/lib/report/testing/sample-diff'
import { diffText } from './diff-text'

it('says it to people with the reasons', async () => {
  const said = await text(diffText(diff(true, [rows])))
  expect(said).toContain('Demo tenant. From scan a')
  expect(said).toContain('Gaps: 1 new, 0 closed')
  expect(said).toContain('new gap        resource-audit-logs  /subscriptions/s/KV\n  pass: All sent.\n  fail: Nothing is sent.\n\n')
  expect(said).toContain('vanished       resource-audit-logs  /subscriptions/s/old\n  pass: All sent.')
})

it('counts by key point and by subscription, in columns of what there is', async () => {
  const said = await text(diffText(diff(false, [[
    ...rows, change({ subscriptionId: 't', subscriptionName: 'Be\u001b[31m\nta', keyPoint: 'log-retention', kind: 'lost-sight' }), change({ subscriptionId: null, subscriptionName: null, keyPoint: 'log-retention' }),
  ]])))
  expect(said).toContain(`
By key point                       new gap  vanished  lost sight
Audit logging for Azure resources        1         1           0
Security log storage retention           1         0           1

By subscription               new gap  vanished  lost sight
Alpha (s)                           1         1           0
Be [31m ta (t)                      0         0           1
Tenant and management groups        1         0           0
`)
  expect(await text(diffText(diff(false, [])))).not.toContain('By key point')
})

it('names who changed it and when, where that is known', async () => {
  const changedBy = { caller: 'ada@example.com', at: '2026-01-01T12:00:00.000Z', operation: 'microsoft.insights/diagnosticsettings/delete' }
  const said = await text(diffText(diff(false, [[change({ changedBy }), change({})]])))
  expect(said).toContain('  fail: Nothing is sent.\n  changed by ada@example.com at 2026-01-01T12:00:00.000Z (microsoft.insights/diagnosticsettings/delete)\n\nnew gap')
  expect(said.match(/changed by/g)).toHaveLength(1)
})
