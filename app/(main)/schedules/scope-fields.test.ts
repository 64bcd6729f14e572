import { createElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { ScopeFields } from './scope-fields'

const alpha = { subscriptionId: 'aaaaaaaa-0000-4000-8000-000000000001', displayName: 'Alpha' }
const gone = { subscriptionId: 'bbbbbbbb-0000-4000-8000-000000000002', displayName: 'Beta <old> (deleted in Azure)' }
const unseen = 'cccccccc-0000-4000-8000-000000000003'

function shown(over: Partial<Parameters<typeof ScopeFields>[0]>): string {
  return renderToStaticMarkup(createElement(ScopeFields, { what: 'subscriptions', chosen: [], managementGroup: '', subscriptions: [], errors: {}, ...over }))
}

describe('ScopeFields', () => {
  it('keeps what a schedule scans though it is deleted, or no scan has seen it', () => {
    const html = shown({ chosen: [gone.subscriptionId, unseen], subscriptions: [alpha, gone] })
    const checked = [...html.matchAll(/<input type="checkbox"[^>]*>/g)].map(([box]) => [/value="([^"]*)"/.exec(box)?.[1], box.includes('checked=""')])
    expect(checked).toEqual([[unseen, true], [alpha.subscriptionId, false], [gone.subscriptionId, true]])
    expect(html).toContain(`${unseen} (not seen by any scan yet)`)
    expect(html).toContain('Beta &lt;old&gt; (deleted in Azure)')
  })

  it('ties its error to the subscriptions, also where there is none to choose', () => {
    for (const subscriptions of [[], [alpha]]) {
      const html = shown({ subscriptions, errors: { subscriptions: 'Choose at least one subscription.' } })
      expect(html).toMatch(/<fieldset[^>]*aria-describedby="subscriptions-error"><legend[^>]*>Subscriptions<\/legend>.*<p id="subscriptions-error"[^>]*>Choose at least one subscription\.<\/p><\/fieldset>/)
    }
    expect(shown({})).toContain('No scan has seen a subscription yet.')
  })
})
