import { expect, it } from 'vitest'
import { diffCsv, diffJson } from './diff'
import { change, diff, rows, text } from './testing/sample-diff'

it('writes the JSON of the contract, whatever the pages', async () => {
  const [first, second] = rows
  const json = JSON.parse(await text(diffJson(diff(false, [[first!], [second!]]))))
  expect(Object.keys(json)).toEqual(['schemaVersion', 'from', 'to', 'summary', 'changes'])
  expect(json).toMatchObject({ schemaVersion: 1, from: 'a', to: 'b', summary: { newGaps: 1, closedGaps: 0, reasonChanged: 0, appeared: 0, vanished: 1, lostSight: 0, gainedSight: 0 } })
  expect(json.changes[0]).toEqual({
    kind: 'new-gap', subscriptionId: 's', resourceId: '/subscriptions/s/KV', keyPoint: 'audit-logging', check: 'resource-audit-logs',
    before: { verdict: 'pass', reason: 'All sent.' }, after: { verdict: 'fail', reason: 'Nothing is sent.' }, changedBy: null,
  })
  expect(json.changes[1]).toMatchObject({ kind: 'vanished', after: null })
})

it('is whole without changes, and says that it is a demo', async () => {
  expect(JSON.parse(await text(diffJson(diff(true, []))))).toMatchObject({ demo: true, changes: [] })
})

it('writes a row for each change, and keeps a spreadsheet from running names', async () => {
  const csv = await text(diffCsv(diff(true, [[change({ resourceName: '=cmd|x', changedBy: { caller: '@who', at: '2026-01-02T03:04:05.000Z', operation: 'write' } })], [change({ kind: 'vanished', after: null })]])))
  const [header, first, second, end] = csv.split('\r\n')
  expect(header).toMatch(/^\uFEFFchange,subscriptionId,.*,demo$/)
  expect(first).toBe("new-gap,s,Alpha,/subscriptions/s/KV,microsoft.keyvault/vaults,'=cmd|x,audit-logging,resource-audit-logs,high,pass,All sent.,fail,Nothing is sent.,'@who,2026-01-02T03:04:05.000Z,a,b,true")
  expect(second).toContain(',pass,All sent.,,,,,a,b,true')
  expect(end).toBe('')
})
