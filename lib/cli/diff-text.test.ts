import { expect, it } from 'vitest'
import { diff, rows, text } from '@/lib/report/testing/sample-diff'
import { diffText } from './diff-text'

it('says it to people with the reasons', async () => {
  const said = await text(diffText(diff(true, [rows])))
  expect(said).toContain('Demo tenant. From scan a')
  expect(said).toContain('Gaps: 1 new, 0 closed')
  expect(said).toContain('new gap        resource-audit-logs  /subscriptions/s/KV\n  pass: All sent.\n  fail: Nothing is sent.')
  expect(said).toContain('vanished       resource-audit-logs  /subscriptions/s/old\n  pass: All sent.')
})
