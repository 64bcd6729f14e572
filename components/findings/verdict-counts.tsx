import { resourcesHref, type ResourceFilter } from '@/components/links'
import { CountLink } from '@/components/ui/count-link'
import { verdictWords } from '@/components/vocabulary'
import { countOrder, type VerdictCounts } from '@/lib/domain/score'
import { VerdictIcon } from './verdict-mark'

/** Findings by verdict in the fixed order, each with its mark and linked to its rows. */
export function VerdictCountList({ counts, filter = {} }: { counts: VerdictCounts; filter?: ResourceFilter }) {
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-sm">
      {countOrder.map(({ verdict, key }) => (
        <li key={verdict} className="flex items-center gap-1.5 whitespace-nowrap">
          <VerdictIcon verdict={verdict} />
          <CountLink count={counts[key]} label={verdictWords[verdict].toLowerCase()} showLabel href={resourcesHref({ ...filter, verdicts: [verdict] })} />
        </li>
      ))}
    </ul>
  )
}
