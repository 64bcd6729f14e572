import { findCheck } from '@/lib/checks'
import type { ChangeRow } from '@/lib/db'
import { keyPoints } from '@/lib/domain/key-point'
import type { KeyPoint } from '@/lib/domain/key-point'
import type { ChangeNotice, GapChange, GapCounts } from '@/lib/domain/notice'
import type { ChannelRow } from '@/lib/domain/notification'
import { severities, type Severity } from '@/lib/domain/verdict'
import type { Links } from './links'

const cameMax = 20
const wentMax = 10

/** Which count a change belongs to; null when it neither made nor ended a gap. A gap that went out of sight is open until a scan proves it closed. */
function countedAs({ kind, after, resourceGone, wasGap }: Pick<ChangeRow, 'kind' | 'after' | 'resourceGone' | 'wasGap'>): keyof GapCounts | null {
  switch (kind) {
    case 'new-gap': return 'newGaps'
    case 'closed-gap': return 'closedGaps'
    case 'appeared': return after?.verdict === 'fail' ? 'appearedGaps' : null
    case 'vanished': return wasGap ? (resourceGone ? 'vanishedGaps' : 'unjudgedGaps') : null
    case 'gained-sight':
      // A gap that comes back into sight was told of before.
      if (after?.verdict === 'fail') return wasGap ? null : 'sightedGaps'
      return wasGap ? 'closedGaps' : null
    case 'lost-sight': case 'reason-changed': return null
  }
}

const gapKinds: Readonly<Record<keyof GapCounts, GapChange['kind']>> = {
  newGaps: 'new-gap', appearedGaps: 'appeared', sightedGaps: 'gained-sight', closedGaps: 'closed-gap', vanishedGaps: 'vanished', unjudgedGaps: 'unjudged',
}

const came: readonly (keyof GapCounts)[] = ['newGaps', 'appearedGaps', 'sightedGaps']

/** Counts the changes that one channel asks for, and keeps the worst of them; its size does not grow with the estate. */
export class ChangeTally {
  private readonly counts = new Map<KeyPoint, GapCounts>()
  private readonly came = new Worst(cameMax)
  private readonly went = new Worst(wentMax)
  private exempt = 0

  constructor(private readonly channel: Pick<ChannelRow, 'minSeverity' | 'keyPoints'>, private readonly links: Links) {}

  /** @param isExempt an exemption in force holds for it. */
  add(change: ChangeRow, isExempt: boolean): void {
    const count = countedAs(change)
    if (count === null || !this.asksFor(change)) return
    const isNew = came.includes(count)
    if (isNew && isExempt) {
      this.exempt += 1
      return
    }
    const counts = this.counts.get(change.keyPoint) ?? noCounts()
    counts[count] += 1
    this.counts.set(change.keyPoint, counts)
    const list = isNew ? this.came : this.went
    list.add(change)
  }

  private asksFor({ severity, keyPoint }: ChangeRow): boolean {
    const { minSeverity, keyPoints: wanted } = this.channel
    return severities.indexOf(severity) <= severities.indexOf(minSeverity) && (wanted.length === 0 || wanted.includes(keyPoint))
  }

  /** What the channel is told; the counts may all be zero. */
  toNotice(compared: { from: string; to: string; policyChanged: ChangeNotice['policyChanged']; firstRead: readonly string[] }): ChangeNotice {
    const total = noCounts()
    for (const counts of this.counts.values()) for (const name of countNames) total[name] += counts[name]
    return {
      ...total, comparedWith: compared.from, policyChanged: compared.policyChanged, minSeverity: this.channel.minSeverity, exempt: this.exempt,
      keyPoints: keyPoints.flatMap(({ slug, title }) => {
        const counts = this.counts.get(slug)
        return counts === undefined ? [] : [{ keyPoint: slug, title, ...counts }]
      }),
      gaps: [...this.came.list(), ...this.went.list()].map((change) => toGapChange(change, this.links)),
      firstRead: compared.firstRead.slice(0, 20), firstReadTotal: compared.firstRead.length, url: this.links.news(compared.from, compared.to),
    }
  }
}

const countNames = ['newGaps', 'appearedGaps', 'closedGaps', 'vanishedGaps', 'unjudgedGaps', 'sightedGaps'] as const

function noCounts(): GapCounts {
  return { newGaps: 0, appearedGaps: 0, closedGaps: 0, vanishedGaps: 0, unjudgedGaps: 0, sightedGaps: 0 }
}

/** True where there is no news. */
export function isEmptyChange(counts: GapCounts): boolean {
  return countNames.every((name) => counts[name] === 0)
}

/** The first changes of the worst severities, up to so many. */
class Worst {
  private readonly bySeverity = new Map<Severity, ChangeRow[]>()

  constructor(private readonly max: number) {}

  add(change: ChangeRow): void {
    const same = this.bySeverity.get(change.severity) ?? []
    if (same.length < this.max) same.push(change)
    this.bySeverity.set(change.severity, same)
  }

  list(): ChangeRow[] {
    return severities.flatMap((severity) => this.bySeverity.get(severity) ?? []).slice(0, this.max)
  }
}

function toGapChange(row: ChangeRow, links: Links): GapChange {
  const count = countedAs(row)
  if (count === null) throw new Error(`${row.kind} is no change of a gap`)
  return {
    kind: gapKinds[count], severity: row.severity, keyPoint: row.keyPoint, check: row.check, checkTitle: findCheck(row.check)?.title ?? row.check,
    resourceId: row.resourceId, resourceName: row.resourceName, subscriptionId: row.subscriptionId, subscriptionName: row.subscriptionName,
    reason: (row.after ?? row.before)?.reason ?? '', changedBy: row.changedBy?.caller ?? null, url: links.resource(row.resourceId),
  }
}
