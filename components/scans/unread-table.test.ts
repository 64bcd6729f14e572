import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import type { UnreadRow } from '@/lib/domain/views'
import { UnreadTable } from './unread-table'

const rows = Array.from({ length: 7 }, (_, index): UnreadRow => ({
  subscriptionId: `s${index}`, displayName: `Subscription ${index}`, reasonCode: 'permission-denied', permission: 'Microsoft.Insights/diagnosticSettings/read', findings: index + 1, exampleResourceId: '/subscriptions/s',
}))

it('shows the biggest reasons, and where the others are', () => {
  const shown = (rowsMax: number) => renderToStaticMarkup(createElement(UnreadTable, { rows, linkedWithin: null, cut: { rowsMax, allHref: '/scans/x#could-not-read' } }))
  expect([...shown(5).matchAll(/>(Subscription \d)</g)].map((match) => match[1])).toEqual(['Subscription 6', 'Subscription 5', 'Subscription 4', 'Subscription 3', 'Subscription 2'])
  expect(shown(5)).toContain('<a class="link" href="/scans/x#could-not-read">Show all 7 reasons</a>')
  expect(shown(7)).not.toContain('Show all')
})
