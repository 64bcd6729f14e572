import { formatCount } from '@/components/format'
import { resourcesHref, type ResourceFilter } from '@/components/links'
import { CountLink } from '@/components/ui/count-link'
import { severityWords } from '@/components/vocabulary'
import { severities, type Severity } from '@/lib/domain/verdict'

/** Fails by severity, worst first, each linked to its rows: "3 critical · 12 high". */
export function SeverityCounts({ counts, filter }: { counts: Record<Severity, number>; filter: ResourceFilter }) {
  const present = severities.filter((severity) => counts[severity] > 0)
  if (present.length === 0) return <span className="text-muted">{formatCount(0)}</span>
  return (
    <ul className="flex flex-wrap gap-x-3">
      {present.map((severity) => (
        <li key={severity} className="whitespace-nowrap">
          <CountLink count={counts[severity]} label={severityWords[severity].toLowerCase()} showLabel
            href={resourcesHref({ ...filter, verdicts: ['fail'], severities: [severity] })} />
        </li>
      ))}
    </ul>
  )
}
