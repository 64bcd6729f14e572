import Link from 'next/link'
import { formatCount } from '@/components/format'
import { resourceHref } from '@/components/links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import type { MissedCounts } from '@/lib/domain/scan'
import type { MissedRow } from '@/lib/domain/views'

/** What this full scan read otherwise than was carried over, though no activity log had told of a change. */
export function MissedTable({ rows, counts: { missed, perhapsMissed } }: { rows: MissedRow[]; counts: MissedCounts }) {
  const all = missed + perhapsMissed
  return (
    <>
      <div className="mb-3 max-w-prose space-y-2 text-sm">
        {missed > 0 && <p>{formatCount(missed)} had changed before this full scan read {them(missed)}, but the activity log did not tell the incremental scans, which showed {them(missed)} as last read.</p>}
        {perhapsMissed > 0 && <p>{formatCount(perhapsMissed)} changed where the activity log could not be asked: incremental scans may have missed {them(perhapsMissed)}, or the change is newer than the scan before this one.</p>}
        {rows.length < all && <p>{rows.length === 0 ? 'None of these can be shown any more.' : `The first ${formatCount(rows.length)} of ${formatCount(all)} are shown.`}</p>}
      </div>
      {rows.length > 0 && (
        <DataTable caption="Changes that incremental scans missed">
          <thead>
            <tr>
              <HeadCell>Resource</HeadCell>
              <HeadCell>What changed</HeadCell>
              <HeadCell>Activity log</HeadCell>
            </tr>
          </thead>
          <tbody>
            {rows.map(({ resourceId, name, source, perhaps }) => (
              <tr key={`${resourceId} ${source}`}>
                <RowHead className="wrap-anywhere"><Link href={resourceHref(resourceId)} className="link">{name}</Link></RowHead>
                <Cell label="What changed">{source.replaceAll('-', ' ')}</Cell>
                <Cell label="Activity log">{perhaps ? 'Could not be asked' : 'Did not tell'}</Cell>
              </tr>
            ))}
          </tbody>
        </DataTable>
      )}
    </>
  )
}

function them(count: number): string {
  return count === 1 ? 'it' : 'them'
}
