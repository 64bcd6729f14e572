import Link from 'next/link'
import { resourceHref } from '@/components/links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { nameOf } from '@/lib/domain/arm-id'
import { destinationKind, destinationState, type LogDestination } from './log-destinations'

export function DestinationTable({ destinations }: { destinations: LogDestination[] }) {
  return (
    <DataTable caption="Where its logs go">
      <thead>
        <tr>
          <HeadCell>Destination</HeadCell>
          <HeadCell>Kind</HeadCell>
          <HeadCell>State</HeadCell>
          <HeadCell>Central</HeadCell>
        </tr>
      </thead>
      <tbody>
        {destinations.map((destination) => (
          <tr key={destination.id}>
            <RowHead className="wrap-anywhere"><Link prefetch={false} href={resourceHref(destination.id)} className="link inline-block py-0.5" title={destination.id}>{nameOf(destination.id)}</Link></RowHead>
            <Cell label="Kind">{destinationKind(destination.kind)}</Cell>
            <Cell label="State">{destinationState(destination.state)}</Cell>
            <Cell label="Central">{destination.central === undefined ? 'Not asked' : destination.central ? 'Yes' : 'No'}</Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
