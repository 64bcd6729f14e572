import { exemptedInWords } from '@/lib/domain/exemption'
import type { ChangeNotice, ExpiringExemption, GapChange, GapCounts, Notice, NoticeScan, TroubleNotice } from '@/lib/domain/notice'
import { plainText } from './plain-text'

/** A message as it reads, before any product's own form of it: plain text and links, nothing to be escaped yet. */
export interface Outline {
  title: string
  /** One or two lines that stand first. */
  lead: string[]
  sections: { title: string; lines: Line[] }[]
  /** Where to look further. */
  link: { label: string; href: string }
}

export interface Line {
  /** Where it leads to; the label is what is linked. */
  href: string | null
  label: string
  text: string
}

/** What a notice says, as people read it; of gaps, subscriptions and exemptions at most `listedMax` by name. */
export function outlineOf(notice: Notice, listedMax = 30): Outline {
  switch (notice.event) {
    case 'scan.finished': return scanOutline(notice.scan, notice.changes, notice.trouble, listedMax)
    case 'schedule.missed': return {
      title: `The schedule ${plainText(notice.schedule, 100)} missed its run of ${utc(notice.plannedAt)}`, lead: [notice.reason], sections: [], link: { label: 'Schedules', href: notice.url },
    }
    case 'credential.expiring': return {
      title: `${notice.credential} ${notice.expired ? 'has expired' : `expires on ${utc(notice.expiresAt)}`}`,
      lead: [notice.expired ? `It expired on ${utc(notice.expiresAt)}.` : 'Scans fail from then on, unless it is replaced before.', notice.source],
      sections: [], link: { label: 'Notifications', href: notice.url },
    }
    case 'exemption.expiring': return {
      title: `${counted(notice.total, 'exemption')} ${notice.total === 1 ? 'ends' : 'end'} soon`,
      lead: ['What they exempt counts as open gaps from then on.'],
      sections: [{
        title: 'Exemptions',
        lines: [
          ...notice.exemptions.slice(0, listedMax).map((one) => line(exemptionLabel(one), `ends on ${utc(one.expiresAt)}: ${plainText(one.reason, 200)}`)),
          ...more(notice.total - Math.min(listedMax, notice.exemptions.length)),
        ],
      }],
      link: { label: 'Exemptions', href: notice.url },
    }
    case 'test': return {
      title: 'A test of this channel', lead: [`${plainText(notice.sentBy, 100)} sent it. If you can read it, messages arrive here.`], sections: [], link: { label: 'Notifications', href: notice.url },
    }
  }
}

/** The title alone, for lists and subjects. */
export function titleOf(notice: Notice): string {
  return outlineOf(notice, 0).title
}

function scanOutline(scan: NoticeScan, changes: ChangeNotice | null, trouble: TroubleNotice | null, listedMax: number): Outline {
  return {
    title: scanTitle(scan, changes, trouble),
    lead: [scanLead(scan), ...(changes === null ? [] : changeLead(changes))],
    sections: [...(trouble === null ? [] : [troubleSection(trouble, listedMax)]), ...(changes === null ? [] : changeSections(changes, listedMax))].filter((section) => section.lines.length > 0),
    link: changes === null ? { label: 'The scan', href: scan.url } : { label: 'All changes', href: changes.url },
  }
}

function scanTitle(scan: NoticeScan, changes: ChangeNotice | null, trouble: TroubleNotice | null): string {
  const parts: string[] = []
  if (trouble !== null && trouble.error !== null) parts.push('the scan failed')
  if (scan.first !== null) parts.push(`first scan: score ${scoreInWords(scan)}, ${counted(scan.first.gaps, 'gap')}`)
  if (changes !== null) parts.push(...gapWords(changes))
  if (trouble !== null) {
    if (trouble.newlyUnreadTotal > 0) parts.push(`${counted(trouble.newlyUnreadTotal, 'subscription')} not fully read`)
    if (trouble.coverage !== null) parts.push(`coverage fell to ${percent(trouble.coverage.after)}`)
    if (trouble.recovered) parts.push('scanning works again')
    if (trouble.readAgain > 0) parts.push(`${counted(trouble.readAgain, 'subscription')} read in full again`)
  }
  const title = parts.length === 0 ? 'no change' : parts.join(', ')
  return title.charAt(0).toUpperCase() + title.slice(1)
}

/** `3 new gaps`, `1 gap closed`: what is not zero. Only what is judged to be none any more counts as closed. */
function gapWords(counts: GapCounts): string[] {
  const came = counts.newGaps + counts.appearedGaps
  return [
    ...(came > 0 ? [counted(came, 'new gap')] : []),
    ...(counts.closedGaps > 0 ? [`${counted(counts.closedGaps, 'gap')} closed`] : []),
    ...(counts.vanishedGaps > 0 ? [`${counted(counts.vanishedGaps, 'gap')} no longer listed`] : []),
    ...(counts.unjudgedGaps > 0 ? [`${counted(counts.unjudgedGaps, 'gap')} no longer judged`] : []),
    ...(counts.sightedGaps > 0 ? [`${counted(counts.sightedGaps, 'gap')} came into sight`] : []),
  ]
}

function scanLead(scan: NoticeScan): string {
  if (scan.status === 'failed') return `It ended on ${utc(scan.finishedAt)}.`
  const how = scan.judgedAgain ? 'Stored evidence was judged again' : scan.status === 'partial' ? 'The scan was partial' : 'The scan is complete'
  return `${how}, ${utc(scan.finishedAt)}. Score ${scoreInWords(scan)}${scan.coverage === null ? '' : `, coverage ${percent(scan.coverage)}`}.`
}

function scoreInWords({ score }: Pick<NoticeScan, 'score'>): string {
  return score === null ? 'not known' : decimal.format(score)
}

function changeLead(changes: ChangeNotice): string[] {
  const lines: string[] = []
  if (changes.policyChanged !== null) lines.push(`the policy changed between the two scans (version ${changes.policyChanged.before}, then ${changes.policyChanged.after})`)
  if (changes.appearedGaps > 0) lines.push(`${counted(changes.appearedGaps, 'new gap')} of what the scan before did not have`)
  if (changes.vanishedGaps > 0) lines.push(`${counted(changes.vanishedGaps, 'gap')} went with the resource, which was deleted or may no longer be seen`)
  if (changes.unjudgedGaps > 0) lines.push(`${counted(changes.unjudgedGaps, 'gap')} ${changes.unjudgedGaps === 1 ? 'is' : 'are'} left out by the policy or of a resource that is not judged any more`)
  if (changes.exempt > 0) lines.push(`${counted(changes.exempt, 'more gap')} came that ${changes.exempt === 1 ? 'is' : 'are'} exempt`)
  if (changes.firstReadTotal > 0) {
    const names = changes.firstRead.slice(0, 5).map((name) => plainText(name, 60)).join(', ')
    lines.push(`read for the first time, and left out here: ${names}${changes.firstReadTotal > 5 ? ` and ${changes.firstReadTotal - 5} more` : ''}`)
  }
  const text = lines.join('; ')
  return text === '' ? [] : [`${text.charAt(0).toUpperCase()}${text.slice(1)}.`]
}

function troubleSection({ error, newlyUnread, newlyUnreadTotal, readAgain, coverage, recovered }: TroubleNotice, listedMax: number): Outline['sections'][number] {
  const listed = newlyUnread.slice(0, listedMax)
  return {
    title: 'Scanning',
    lines: [
      ...(error === null ? [] : [line('Failed', plainText(error))]),
      ...(coverage === null ? [] : [line('Coverage', `fell from ${percent(coverage.before)} to ${percent(coverage.after)}`)]),
      ...listed.map((part) => line(plainText(part.displayName, 100), `could not be read in full${part.reason === null ? '' : `: ${plainText(part.reason)}`}`)),
      ...more(newlyUnreadTotal - listed.length),
      ...(readAgain === 0 ? [] : [line(counted(readAgain, 'subscription'), 'can be read in full again')]),
      ...(recovered ? [line('Works again', 'the scan before failed')] : []),
    ],
  }
}

const kindWords: Record<GapChange['kind'], string> = {
  'new-gap': 'New gaps', appeared: 'Gaps of what is new', 'gained-sight': 'Gaps that came into sight', 'closed-gap': 'Closed gaps', vanished: 'Gaps of resources that are no longer listed', unjudged: 'Gaps that are no longer judged',
}

function changeSections(changes: ChangeNotice, listedMax: number): Outline['sections'] {
  const byKeyPoint = { title: 'By key point', lines: changes.keyPoints.map((counts) => line(counts.title, gapWords(counts).join(', '))) }
  const shown = changes.gaps.slice(0, listedMax)
  const lists = Object.entries(kindWords).map(([kind, title]) => ({ title, lines: shown.filter((gap) => gap.kind === kind).map(gapLine) }))
  const total = changes.newGaps + changes.appearedGaps + changes.closedGaps + changes.vanishedGaps + changes.unjudgedGaps + changes.sightedGaps
  const rest = more(total - shown.length)
  return [byKeyPoint, ...lists, ...(shown.length === 0 ? [] : [{ title: 'Not listed', lines: rest }])]
}

function gapLine(gap: GapChange): Line {
  const where = gap.subscriptionName === null ? '' : ` in ${plainText(gap.subscriptionName, 60)}`
  const who = gap.changedBy === null ? '' : ` Last changed by ${plainText(gap.changedBy, 80)}.`
  return { href: gap.url, label: plainText(gap.resourceName, 100), text: `${where} · ${gap.severity} · ${gap.checkTitle}: ${plainText(gap.reason, 200)}${who}` }
}

function exemptionLabel(one: ExpiringExemption): string {
  const checks = `${one.checkTitle ?? 'Every check'}${one.moreChecks === 0 ? '' : ` and ${counted(one.moreChecks, 'more check')}`}`
  return `${checks} on ${exemptedInWords(one)}`
}

function line(label: string, text: string): Line {
  return { href: null, label: plainText(label, 300), text: `: ${text}` }
}

function more(count: number): Line[] {
  return count > 0 ? [{ href: null, label: `${whole.format(count)} more`, text: ', see the link below' }] : []
}

const whole = new Intl.NumberFormat('en')
const decimal = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const time = new Intl.DateTimeFormat('en-GB', { dateStyle: 'medium', timeStyle: 'short', timeZone: 'UTC' })

function counted(value: number, singular: string): string {
  return `${whole.format(value)} ${singular}${value === 1 ? '' : 's'}`
}

function percent(value: number): string {
  return `${decimal.format(value)} %`
}

function utc(iso: string): string {
  return `${time.format(new Date(iso))} UTC`
}
