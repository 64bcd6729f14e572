import Link from 'next/link'
import { formatCounted, formatPoints } from '@/components/format'
import { compareHref } from '@/components/links'
import { requireViewer } from '@/lib/auth/require-viewer'
import { countChanges, getDatabase, openDiff, scanBefore } from '@/lib/db'
import { summaryOf } from '@/lib/domain/diff'
import type { KeyPoint } from '@/lib/domain/key-point'

interface SinceBeforeProps {
  scanId: string
  /** Points since the scan before; null where there is none to compare with. */
  change: number | null
  /** Of all without. */
  keyPoint?: KeyPoint
}

/** What became of gaps and findings since the scan before, each number leading to its rows; nothing after the first scan. */
export async function SinceBefore({ scanId, change, keyPoint }: SinceBeforeProps) {
  const { viewer } = await requireViewer()
  const db = getDatabase()
  const before = await scanBefore(db, viewer, scanId)
  if (before === null) return null
  const counts = await countChanges(db, viewer, await openDiff(db, viewer, before, scanId))
  const { newGaps, closedGaps, appeared, vanished, lostSight } = summaryOf(counts.filter((row) => keyPoint === undefined || row.keyPoint === keyPoint))
  const filter = keyPoint === undefined ? {} : { keyPoints: [keyPoint] }
  const parts = [
    { kind: 'new-gap', count: newGaps, text: formatCounted(newGaps, 'new gap') },
    { kind: 'closed-gap', count: closedGaps, text: `${formatCounted(closedGaps, 'gap')} closed` },
    { kind: 'appeared', count: appeared, text: `${formatCounted(appeared, 'finding')} appeared` },
    { kind: 'vanished', count: vanished, text: `${formatCounted(vanished, 'finding')} vanished` },
    { kind: 'lost-sight', count: lostSight, text: `${formatCounted(lostSight, 'finding')} out of sight` },
  ] as const
  const changed = parts.filter(({ count }) => count > 0)
  return (
    <p>
      <span className="block text-sm text-muted">Since the scan before</span>
      {change !== null && <span className="text-xl tabular-nums">{change === 0 ? 'No change' : `${formatPoints(change)} points`} </span>}
      <span className="inline-block max-w-80 text-sm">
        {changed.length === 0 && change === null && <span className="text-muted">No gap opened or closed</span>}
        {changed.map(({ kind, text }, index) => (
          <span key={kind}>{index > 0 && ', '}<Link prefetch={false} href={`${compareHref({ from: before, to: scanId }, { kinds: [kind], ...filter })}#changes`} className="link">{text}</Link></span>
        ))}
      </span>
    </p>
  )
}

/** Holds its place until it is known. */
export function SinceBeforeAwaited() {
  return <p className="min-w-44"><span className="block text-sm text-muted">Since the scan before</span><span className="text-xl">…</span></p>
}
