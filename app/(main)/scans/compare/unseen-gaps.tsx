import { formatCount, formatCounted } from '@/components/format'
import { Card } from '@/components/ui/card'
import { getDatabase, streamUnseenGaps, type ChangeRow, type ScanPair } from '@/lib/db'
import type { Viewer } from '@/lib/domain/viewer'
import { ChangeTable } from './change-table'

const shownMax = 20

interface UnseenGapsProps {
  viewer: Viewer
  pair: ScanPair
  ofAllKnown: boolean
}

/** What scans between the two saw of gaps that are out of sight since: the two scans alone tell a loss of sight, or nothing. Nothing where there is none. */
export async function UnseenGaps({ viewer, pair, ofAllKnown }: UnseenGapsProps) {
  if (pair.from.seq >= pair.to.seq) return null
  const shown: ChangeRow[] = []
  let total = 0
  for await (const rows of streamUnseenGaps(getDatabase(), viewer, pair, { ofAllKnown })) {
    shown.push(...rows.slice(0, shownMax - shown.length))
    total += rows.length
  }
  if (total === 0) return null
  return (
    <Card title="Seen in between, and out of sight since" id="seen-in-between">
      <div className="space-y-3">
        <p className="text-sm">
          {formatCounted(total, 'gap')} opened or closed in scans between these two, and could not be read any more in the later one. After is what was seen last.
          {total > shown.length && ` The first ${formatCount(shown.length)} are shown.`}
        </p>
        <ChangeTable caption="Changes that scans in between saw" rows={shown} />
      </div>
    </Card>
  )
}
