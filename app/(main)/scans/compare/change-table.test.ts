import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { expect, it } from 'vitest'
import { change } from '@/lib/report/testing/sample-diff'
import { ChangeTable } from './change-table'

const changedBy = { caller: '<b>ada</b>@example.com', at: '2026-01-01T12:34:00.000Z', operation: 'microsoft.insights/diagnosticsettings/delete' }

it('names who changed it, when and how, in a column that is there for that alone', () => {
  const html = renderToStaticMarkup(createElement(ChangeTable, { rows: [change({ changedBy }), change({ check: 'resource-log-retention' })] }))
  expect(html.match(/&lt;b&gt;ada/g)).toHaveLength(1)
  expect(html).toContain('<time dateTime="2026-01-01T12:34:00.000Z"')
  expect(html).toContain('1 Jan 2026, 12:34 UTC')
  expect(html).toContain('microsoft.insights/diagnosticsettings/delete')
  expect(renderToStaticMarkup(createElement(ChangeTable, { rows: [change({})] }))).not.toContain('Changed by')
})
