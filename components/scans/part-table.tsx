import { formatCount } from '@/components/format'
import { resourcesHref } from '@/components/links'
import { CountLink } from '@/components/ui/count-link'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { partStatusWords, reasonWords } from '@/components/vocabulary'
import { reasonCodes } from '@/lib/domain/verdict'
import type { ScanPartRow } from '@/lib/domain/views'

/** One row per subscription of a scan. `linked`: the counts are those of now, so they lead to the rows. */
export function PartTable({ parts, linked = false }: { parts: ScanPartRow[]; linked?: boolean }) {
  return (
    <DataTable caption="Subscriptions of this scan">
      <thead>
        <tr>
          <HeadCell>Subscription</HeadCell>
          <HeadCell>Status</HeadCell>
          <HeadCell>Why</HeadCell>
          <HeadCell numeric>Resources</HeadCell>
        </tr>
      </thead>
      <tbody>
        {parts.map((part) => (
          <tr key={part.subscriptionId}>
            <RowHead className="wrap-break-word">{part.displayName}</RowHead>
            <Cell label="Status" className={part.status === 'failed' || part.status === 'partial' ? 'font-medium text-unknown' : undefined}>{partStatusWords[part.status]}</Cell>
            <Cell label="Why" className={part.reason === null ? 'max-sm:hidden' : 'wrap-anywhere'}>{part.reason === null ? '' : reasonText(part.reason)}</Cell>
            <Cell numeric label="Resources">
              {linked && part.subscriptionId !== ''
                ? <CountLink count={part.resources} label={`resources in ${part.displayName}`} href={resourcesHref({ subscriptions: [part.subscriptionId] })} />
                : formatCount(part.resources)}
            </Cell>
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
