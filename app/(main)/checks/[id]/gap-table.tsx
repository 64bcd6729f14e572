import Link from 'next/link'
import { OfParent } from '@/components/findings/of-parent'
import { SeverityMark } from '@/components/findings/severity-mark'
import { formatRelative } from '@/components/format'
import { findingHref } from '@/components/links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import type { CheckGapRow } from '@/lib/domain/views'

/** Where a check fails, each row leading to the finding with its evidence and what to do. */
export function GapTable({ gaps, check, now }: { gaps: CheckGapRow[]; check: string; now: Date }) {
  return (
    <DataTable caption="Gaps of this check, the most severe first">
      <thead>
        <tr>
          <HeadCell>Resource</HeadCell>
          <HeadCell>Severity</HeadCell>
          <HeadCell>Why</HeadCell>
          <HeadCell>Open since</HeadCell>
        </tr>
      </thead>
      <tbody>
        {gaps.map((gap) => (
          <tr key={gap.resourceId}>
            <RowHead className="max-w-80 min-w-40 wrap-anywhere">
              <Link href={findingHref(gap.resourceId, check)} prefetch={false} className="link inline-block py-0.5">{gap.name}</Link><OfParent name={gap.name} resourceId={gap.resourceId} />
              <span className="block font-normal text-muted">{gap.subscriptionName ?? 'Tenant and management groups'}</span>
            </RowHead>
            <Cell label="Severity"><SeverityMark severity={gap.severity} /></Cell>
            <Cell label="Why" className="min-w-48 wrap-anywhere">{gap.reason}</Cell>
            <Cell label="Open since"><Time iso={gap.openSince} text={formatRelative(gap.openSince, now)} /></Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
