import { formatRelative } from '@/components/format'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { Time } from '@/components/ui/time'
import { deliveryWords } from '@/components/vocabulary'
import type { DeliveryRow } from '@/lib/domain/notification'

export function DeliveryTable({ deliveries, now }: { deliveries: DeliveryRow[]; now: Date }) {
  return (
    <DataTable caption="The last messages, newest first">
      <thead>
        <tr><HeadCell>Message</HeadCell><HeadCell>When</HeadCell><HeadCell>Channel</HeadCell><HeadCell>Outcome</HeadCell><HeadCell numeric>Attempts</HeadCell></tr>
      </thead>
      <tbody>
        {deliveries.map(({ id, title, createdAt, channelName, status, attempts, outcome }) => (
          <tr key={id}>
            <RowHead className="wrap-anywhere">{title}</RowHead>
            <Cell label="When"><Time iso={createdAt} text={formatRelative(createdAt, now)} /></Cell>
            <Cell label="Channel" className="wrap-anywhere">{channelName}</Cell>
            <Cell label="Outcome">
              <span className={status === 'failed' ? 'font-semibold text-fail' : undefined}>{status === 'waiting' && outcome !== null ? 'To be tried again' : deliveryWords[status]}</span>
              {outcome !== null && <span className="block max-w-md text-muted wrap-anywhere">{outcome}</span>}
            </Cell>
            <Cell numeric label="Attempts">{attempts}</Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
