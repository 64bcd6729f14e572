import { formatCount } from '@/components/format'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { partStatusWords, reasonWords } from '@/components/vocabulary'
import { reasonCodes } from '@/lib/domain/verdict'
import type { ScanPartRow } from '@/lib/domain/views'

/** One row per subscription of a scan. The inventory counts what Azure lists: fewer than what is scored, which holds services and databases too. */
export function PartTable({ parts }: { parts: ScanPartRow[] }) {
  return (
    <DataTable caption="Subscriptions of this scan">
      <thead>
        <tr>
          <HeadCell>Subscription</HeadCell>
          <HeadCell>Status</HeadCell>
          <HeadCell>Why</HeadCell>
          <HeadCell numeric>Inventory</HeadCell>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.subscriptionId}>
            <RowHead className="wrap-anywhere sm:min-w-32">{part.displayName}</RowHead>
            <Cell label="Status" className={part.status === 'failed' || part.status === 'partial' ? 'font-medium text-unknown' : undefined}>{partStatusWords[part.status]}</Cell>
            <Cell label="Why" className={part.reason === null ? 'card-omits' : 'wrap-anywhere'}>{part.reason === null ? '' : reasonText(part.reason)}</Cell>
            <Cell numeric label="Inventory">{formatCount(part.resources)}</Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

function reasonText(reason: string): string {
  const code = reasonCodes.find((candidate) => candidate === reason)
  return code === undefined ? reason : reasonWords[code]
}
