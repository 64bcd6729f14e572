import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { ScanScope } from '@/lib/domain/scan'
import { ScanBasis } from './scan-basis'

function textOf(scope: ScanScope, names: string[]): string {
  const parts = names.map((displayName) => ({ subscriptionId: displayName, displayName, status: 'succeeded' as const, reason: null, resources: 1 }))
  const html = renderToStaticMarkup(createElement(ScanBasis, {
    scan: { scanId: 'one', scope, parts, createdAt: '2026-01-01T00:00:00.000Z', finishedAt: '2026-01-01T01:00:00.000Z' }, now: new Date('2026-01-01T03:00:00.000Z'),
  }))
  return html.replaceAll(/<[^>]*>/g, '')
}

describe('ScanBasis', () => {
  it('names the scan alone where it was of everything', () => {
    expect(textOf({}, ['A', 'B'])).toBe('Figures, gaps and files here are of the scan that ended 2 hours ago.')
  })

  it('says of what alone it was, however many, and of what a viewer sees', () => {
    const scope = { managementGroup: 'production' }
    expect(textOf(scope, ['A'])).toContain('and was of 1 subscription alone (A); the resources show')
    expect(textOf(scope, ['A', 'B', 'C', 'D'])).toContain('4 subscriptions alone (A, B, C, …); the resources')
    expect(textOf(scope, [])).toContain('and was of none of your subscriptions; the resources')
  })
})
