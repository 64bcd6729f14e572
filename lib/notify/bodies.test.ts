import { describe, expect, it } from 'vitest'
import { newExemptionHref, compareHref, resourceHref, scanHref } from '@/components/links'
import { linksOf } from './links'
import { headlineOf } from './message'
import { outlineOf, titleOf } from './outline'
import { slackBody } from './slack-body'
import { teamsBody } from './teams-body'
import { changed, finished, gap, hostileText, huge, message, scanned } from './testing/notices'

type Json = string | number | boolean | null | Json[] | { [key: string]: Json }

/** Every object in a JSON value. */
function* objects(value: Json): Generator<{ [key: string]: Json }> {
  if (typeof value !== 'object' || value === null) return
  if (!Array.isArray(value)) yield value
  for (const inner of Object.values(value)) yield* objects(inner)
}

const parse = (body: string): { [key: string]: Json } => JSON.parse(body)
const hostile = finished(changed({ gaps: [gap({ resourceName: hostileText, reason: hostileText, subscriptionName: hostileText, changedBy: hostileText })] }))
const hostileTenant = { ...message(hostile), tenant: { id: 't', name: hostileText, demo: false } }

describe('what a message says', () => {
  it('counts, lists by kind, and links', () => {
    expect(outlineOf(finished(changed()))).toMatchObject({
      title: '3 new gaps, 1 gap closed',
      lead: ['The scan is complete, 26 Nov 2026, 02:14 UTC. Score 71.2, coverage 98.0 %.', '1 new gap of what the scan before did not have; 1 more gap came that is exempt.'],
      sections: [
        { title: 'By key point', lines: [{ label: 'Audit logging for Azure resources', text: ': 3 new gaps, 1 gap closed' }] },
        { title: 'New gaps', lines: [{ label: 'kv-one', text: ' in Alpha · high · Audit logs are sent: Nothing is sent. Last changed by ada@example.com.', href: gap().url }, { label: 'kv-two' }] },
        { title: 'Gaps of what is new', lines: [{ label: 'kv-new' }] },
        { title: 'Closed gaps', lines: [{ label: 'kv-three' }] },
      ],
      link: { label: 'All changes', href: changed().url },
    })
  })

  it('says that the policy changed, for a gap may have come from that', () => {
    expect(outlineOf(finished(changed({ policyChanged: { before: 3, after: 4 }, appearedGaps: 0, exempt: 0 }))).lead[1]).toBe('The policy changed between the two scans (version 3, then 4).')
  })

  it('calls closed only what was judged', () => {
    const { title, lead, sections } = outlineOf(finished(changed({
      newGaps: 0, appearedGaps: 0, closedGaps: 0, vanishedGaps: 300, unjudgedGaps: 1, exempt: 0, keyPoints: [], gaps: [gap({ kind: 'vanished' }), gap({ kind: 'unjudged' })],
    })))
    expect(title).toBe('300 gaps no longer listed, 1 gap no longer judged')
    expect(lead[1]).toBe('300 gaps went with the resource, which was deleted or may no longer be seen; 1 gap is left out by the policy or of a resource that is not judged any more.')
    expect(sections.map((section) => section.title)).toEqual(['Gaps of resources that are no longer listed', 'Gaps that are no longer judged', 'Not listed'])
  })

  it('says how the first scan went', () => {
    const first = (over: object) => titleOf(finished(null, { scan: { ...scanned, first: { gaps: 1_234 }, ...over } }))
    expect(first({})).toBe('First scan: score 71.2, 1,234 gaps')
    expect(first({ score: null, first: { gaps: 1 } })).toBe('First scan: score not known, 1 gap')
  })

  it('says of an exemption what it is for', () => {
    const one = { id: '1', scope: '', tag: { name: 'env', value: 'test' }, checkTitle: null, moreChecks: 0, reason: 'Test.', expiresAt: '2026-12-01T00:00:00.000Z' }
    const ofPolicy = { ...one, scope: '/subscriptions/s', tag: null, checkTitle: 'Audit logs are sent', moreChecks: 23 }
    const { sections } = outlineOf({ event: 'exemption.expiring', exemptions: [one, { ...one, tag: { name: 'env', value: '' } }, ofPolicy], total: 3, url: 'https://keypoint.example.com/exemptions' })
    expect(sections[0]?.lines.map(({ label }) => label)).toEqual([
      'Every check on what has the tag env = test in the whole tenant', 'Every check on what has the tag env in the whole tenant', 'Audit logs are sent and 23 more checks on /subscriptions/s',
    ])
  })

  it('says in its title what is wrong with scanning', () => {
    const none = { error: null, newlyUnread: [], newlyUnreadTotal: 0, readAgain: 0, coverage: null, recovered: false }
    const title = (over: object) => titleOf(finished(null, { trouble: { ...none, ...over } }))
    expect(title({ error: 'The sign-in was refused.' })).toBe('The scan failed')
    expect(title({ newlyUnreadTotal: 2, coverage: { before: 98, after: 61.25 } })).toBe('2 subscriptions not fully read, coverage fell to 61.3 %')
    expect(title({ recovered: true, readAgain: 1 })).toBe('Scanning works again, 1 subscription read in full again')
    expect(titleOf(finished(changed(), { trouble: { ...none, newlyUnreadTotal: 1 } }))).toBe('3 new gaps, 1 gap closed, 1 subscription not fully read')
  })

  it('lists a part of a huge change and counts the rest', () => {
    const { title, sections } = outlineOf(finished(huge), 10)
    expect(title).toBe('123,457 new gaps, 1 gap closed')
    expect(sections.find((section) => section.title === 'New gaps')?.lines).toHaveLength(10)
    expect(sections.at(-1)?.lines).toMatchObject([{ label: '123,448 more' }])
  })

  it('is of one line each, whatever names hold', () => {
    expect(headlineOf(hostileTenant)).not.toMatch(/[\r\n\u202e]/)
    for (const { lines } of outlineOf(hostile).sections) for (const { label, text } of lines) expect(label + text).not.toMatch(/[\r\n\u202e]/)
    expect(headlineOf({ ...message(hostile), tenant: { id: 't', name: 'x', demo: true } })).toBe('Demo tenant: 3 new gaps, 1 gap closed')
  })

  it('links to where the pages are', () => {
    const links = linksOf('https://k.example')
    const id = '/subscriptions/s/resourceGroups/a b/providers/Microsoft.KeyVault/vaults/ä?&#'
    expect(links.resource(id)).toBe(`https://k.example${resourceHref(id)}`)
    expect(links.scan('1')).toBe(`https://k.example${scanHref('1')}`)
    expect(links.news('1', '2')).toBe(`https://k.example${compareHref({ from: '1', to: '2', of: 'all-known' })}`)
    expect(`https://k.example${newExemptionHref('', '')}`.startsWith(links.exemptions)).toBe(true)
  })
})

describe('Slack', () => {
  it('shows names where nothing is markup', () => {
    const body = parse(slackBody(hostileTenant, hostile))
    expect(body.text).toContain('&lt;!channel&gt;')
    expect(body.text).not.toMatch(/[<>]/)
    for (const object of objects(body.blocks ?? null)) {
      expect(object.type).not.toBe('mrkdwn')
      if (typeof object.text === 'string') expect(object.text).not.toBe('')
      if (object.type === 'link') expect(object.url).toMatch(/^https:\/\/keypoint\.example\.com\//)
    }
  })

  it('stays within its limits', () => {
    const body = parse(slackBody(message(finished(huge)), finished(huge)))
    expect(Array.isArray(body.blocks) && body.blocks.length).toBeLessThanOrEqual(50)
    for (const object of objects(body.blocks ?? null)) if (object.type === 'plain_text') expect(String(object.text).length).toBeLessThanOrEqual(150)
  })
})

describe('Teams', () => {
  it('shows names where nothing is Markdown or data', () => {
    const body = parse(teamsBody(hostileTenant, hostile))
    const all = [...objects(body)]
    expect(all.filter((object) => object.type === 'TextBlock' || object.type === 'FactSet')).toEqual([])
    expect(all.some((object) => object.type === 'TextRun' && String(object.text).includes('[win](https://evil.example)'))).toBe(true)
    expect(JSON.stringify(body)).not.toContain('{{')
    for (const object of all) if (object.type === 'Action.OpenUrl') expect(object.url).toMatch(/^https:\/\/keypoint\.example\.com\//)
  })

  it('stays within 28 kB, in every script', () => {
    const wide = '漢字'.repeat(300)
    const long = { ...huge, gaps: huge.gaps.map((one) => ({ ...one, resourceName: wide, reason: wide, subscriptionName: wide, changedBy: wide })) }
    const newlyUnread = Array.from({ length: 20 }, () => ({ subscriptionId: 's', displayName: wide, reason: wide }))
    const trouble = { error: null, newlyUnread, newlyUnreadTotal: 300, readAgain: 0, coverage: null, recovered: false }
    for (const notice of [finished(huge), finished(long, { trouble })]) {
      const body = teamsBody(message(notice), notice)
      expect(Buffer.byteLength(body)).toBeLessThan(28_000)
      expect(body).toContain('more')
    }
  })

  it('is a card in the envelope that workflows take', () => {
    expect(parse(teamsBody(message(finished(changed())), finished(changed())))).toMatchObject({
      type: 'message', attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content: { type: 'AdaptiveCard', version: '1.4', actions: [{ type: 'Action.OpenUrl' }] } }],
    })
  })
})
