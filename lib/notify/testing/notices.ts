import type { ChangeNotice, GapChange, Notice, NoticeScan } from '@/lib/domain/notice'
import type { Message } from '../message'

/** A name as somebody might give it who wants a message to say something else. */
export const hostileText = '<!channel> [win](https://evil.example) *bold* `x` {{DATE(2017)}} {{{DATE(2018)}}} <img src=x onerror=alert(1)>&"\'\r\nBcc: eve@example.com\u202egpj'

export const scanned: NoticeScan = {
  scanId: '11111111-1111-4111-8111-111111111111', status: 'succeeded', mode: 'full', judgedAgain: false, requestedBy: 'schedule Nightly', finishedAt: '2026-11-26T02:14:00.000Z',
  score: 71.23, coverage: 98, first: null, url: 'https://keypoint.example.com/scans/11111111-1111-4111-8111-111111111111',
}

export function gap(over: Partial<GapChange> = {}): GapChange {
  return {
    kind: 'new-gap', severity: 'high', keyPoint: 'audit-logging', check: 'resource-audit-logs', checkTitle: 'Audit logs are sent', resourceId: '/subscriptions/s/kv', resourceName: 'kv-one',
    subscriptionId: 's', subscriptionName: 'Alpha', reason: 'Nothing is sent.', changedBy: 'ada@example.com', url: 'https://keypoint.example.com/resources/view?id=/subscriptions/s/kv', ...over,
  }
}

export function changed(over: Partial<ChangeNotice> = {}): ChangeNotice {
  return {
    newGaps: 2, appearedGaps: 1, closedGaps: 1, vanishedGaps: 0, unjudgedGaps: 0, sightedGaps: 0, comparedWith: 'before', policyChanged: null, minSeverity: 'low', exempt: 1,
    keyPoints: [{ keyPoint: 'audit-logging', title: 'Audit logging for Azure resources', newGaps: 2, appearedGaps: 1, closedGaps: 1, vanishedGaps: 0, unjudgedGaps: 0, sightedGaps: 0 }],
    gaps: [gap(), gap({ resourceName: 'kv-two' }), gap({ kind: 'appeared', resourceName: 'kv-new' }), gap({ kind: 'closed-gap', resourceName: 'kv-three', reason: 'All is sent.' })],
    firstRead: [], firstReadTotal: 0, url: 'https://keypoint.example.com/scans/compare?from=before&to=after', ...over,
  }
}

export function finished(changes: ChangeNotice | null, over: Partial<Extract<Notice, { event: 'scan.finished' }>> = {}): Notice {
  return { event: 'scan.finished', scan: scanned, changes, trouble: null, ...over }
}

export function message(...notices: Notice[]): Message {
  return { id: '22222222-2222-4222-8222-222222222222', at: '2026-11-26T02:15:00.000Z', tenant: { id: 'tenant', name: 'Contoso', demo: false }, notices }
}

/** More gaps than any message lists, each with the longest of names. */
export const huge = changed({
  newGaps: 123_456, gaps: Array.from({ length: 30 }, () => gap({ resourceName: hostileText.repeat(9), reason: 'r'.repeat(5_000), subscriptionName: 's'.repeat(300), checkTitle: 't'.repeat(80) })),
  firstRead: Array.from({ length: 20 }, (_, at) => `subscription ${at} ${hostileText}`), firstReadTotal: 400,
})
