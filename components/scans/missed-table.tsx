import Link from 'next/link'
import { resourceHref } from '@/components/links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import type { MissedRow } from '@/lib/domain/views'

/** What this full scan read otherwise than was carried over, though no activity log had told of a change. */
export function MissedTable({ rows }: { rows: MissedRow[] }) {
  return (
    <>
      <p className="mb-3 max-w-prose text-sm">
        These had changed before this full scan read them, but the activity log did not tell the incremental scans, which showed them as they were read last.
      </p>
      <DataTable caption="Changes that incremental scans missed">
        <thead>
          <tr>
            <HeadCell>Resource</HeadCell>
            <HeadCell>What changed</HeadCell>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ resourceId, name, source }) => (
            <tr key={`${resourceId} ${source}`}>
              <RowHead className="wrap-anywhere"><Link href={resourceHref(resourceId)} className="link">{name}</Link></RowHead>
              <Cell label="What changed">{source.replaceAll('-', ' ')}</Cell>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </>
  )
}
