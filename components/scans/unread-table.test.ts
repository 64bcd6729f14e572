import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { UnreadRow } from '@/lib/domain/views'
import { UnreadTable } from './unread-table'

const rows = Array.from({ length: 7 }, (_, index): UnreadRow => ({
  reasonCode: 'permission-denied', subscriptionId: `s${index}`, subscriptions: 1, names: [`Subscription ${index}`], ofTenant: false, permissions: ['Microsoft.Insights/diagnosticSettings/read'], findings: 7 - index,
}))
const html = (props: Partial<Parameters<typeof UnreadTable>[0]>) => renderToStaticMarkup(createElement(UnreadTable, { rows, total: rows.length, linkedWithin: null, ...props }))

it('shows the first reasons, and where the others are', () => {
  const shown = (rowsMax: number, total = 7) => html({ total, cut: { rowsMax, allHref: '/scans/x#could-not-read' } })
  expect([...shown(2).matchAll(/>(Subscription \d)</g)].map((match) => match[1])).toEqual(['Subscription 0', 'Subscription 1'])
  expect(shown(5)).toContain('<a class="link" href="/scans/x#could-not-read">Show all 7 reasons</a>')
  expect(shown(7)).not.toContain('Show all')
  expect(shown(5, 1_234)).toContain('Show all 1,234 reasons')
})

it('says when there are more than it was given', () => {
  expect(html({})).not.toContain('the first')
  expect(html({ total: 1_234 })).toContain('These are the first 7 of 1,234 reasons.')
})

it('names the places of a reason while they are few', () => {
  const row: UnreadRow = { reasonCode: 'throttled', subscriptionId: null, subscriptions: 1, names: ['Alpha'], ofTenant: true, permissions: [], findings: 3 }
  expect(html({ rows: [row], total: 1 })).toContain('Alpha, Tenant and management groups')
  expect(html({ rows: [{ ...row, subscriptions: 40, names: ['a', 'b', 'c'] }], total: 1 })).toContain('40 subscriptions, Tenant and management groups')
  // Two that have one name.
  expect(html({ rows: [{ ...row, subscriptions: 2 }], total: 1 })).toContain('2 subscriptions, Tenant')
  expect(html({ rows: [{ ...row, subscriptions: 0, names: [] }], total: 1 })).toContain('>Tenant and management groups<')
})
