import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { emptyCounts } from '@/lib/domain/score'
import type { SubscriptionPostureRow } from '@/lib/domain/views'
import { HeatMap } from './heat-map'

const rows = (count: number): SubscriptionPostureRow[] => Array.from({ length: count }, (_, index) => ({
  subscriptionId: `s${index}`, displayName: `Subscription ${index}`, score: 99 - index / 10, coverage: 100, resources: 1, counts: emptyCounts(), keyPoints: { 'log-review': index === 0 ? null : index },
}))
const shown = (count: number, cut: Parameters<typeof HeatMap>[0]['cut']) => renderToStaticMarkup(createElement(HeatMap, { rows: rows(count), cut }))
const namesOf = (html: string) => [...html.matchAll(/>(Subscription \d+)</g)].map((match) => match[1])
const cut = { rowsMax: 10, allHref: '/?subscriptions=all' }

describe('HeatMap', () => {
  it('shows the worst first, and where the others are', () => {
    const html = shown(12, cut)
    expect(namesOf(html)).toEqual(Array.from({ length: 10 }, (_, index) => `Subscription ${11 - index}`))
    expect(html).toContain('The worst 10 of 12 subscriptions are shown.')
    expect(html).toContain('href="/?subscriptions=all"')
    expect(shown(10, cut)).not.toContain('href="/?subscriptions=all"')
  })

  it('shows all when it is asked to, up to what a page can hold', () => {
    expect(namesOf(shown(12, null))).toHaveLength(12)
    expect(namesOf(shown(250, null))).toHaveLength(200)
    expect(shown(250, cut)).toContain('Show the worst 200')
  })

  it('colours by score, names each cell to those who do not see its place, and takes no score for a colour', () => {
    const html = shown(100, null)
    expect(html).toContain('aria-label="Subscription 5, Monitor and review logs: 5.0" class="heat heat-5"')
    expect(html).toContain('aria-label="Subscription 90, Monitor and review logs: 90.0" class="heat heat-1"')
    expect(html).toContain('aria-label="Subscription 0, Monitor and review logs: Not scored" class="heat heat-none"')
  })
})
