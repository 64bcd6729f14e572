import Link from 'next/link'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import type { TrendSubject } from '@/lib/domain/trend'
import type { NamedSubject } from './search-params'

const kindWords: Record<TrendSubject['kind'], string> = { everything: 'estate', subscription: 'subscription', 'management-group': 'management group', type: 'resource type' }

/** Says why there is no trend of a subject in the time that was chosen. */
export function NoPoints({ subject: { of, label, isListed }, anyScan }: { subject: NamedSubject; anyScan: boolean }) {
  if (!anyScan) return <EmptyState title="No scan has finished yet" action={<Link href="/scans" className={buttonClass()}>Go to the scans</Link>}>Score and coverage of each scan will be here; a schedule adds one every night.</EmptyState>
  if (!isListed) {
    return (
      <EmptyState title="No figures in this time" action={<Link href="/trends" className={buttonClass()}>Show everything</Link>}>
        <span className="wrap-anywhere">No scan judged the {kindWords[of.kind]} {label}. It may be named otherwise, be out of your sight, or have been deleted so long ago that its figures are not kept.</span>
      </EmptyState>
    )
  }
  switch (of.kind) {
    case 'everything': return <EmptyState title="No scan of everything in this time">Scans of a part cannot stand in one line with each other: choose what they scanned, or a longer time, or run a scan of everything.</EmptyState>
    case 'management-group': return <EmptyState title={`No scan of ${label} in this time`}>Scans of everything, of this group and of a group above it make its trend. Choose a longer time, or run a scan.</EmptyState>
    case 'subscription': return <EmptyState title={`No scan of ${label} in this time`}>Choose a longer time, or run a scan.</EmptyState>
    case 'type': return <EmptyState title="No scan of everything in this time">Trends of a resource type are made of scans of everything alone. Choose a longer time, or run one.</EmptyState>
  }
}
