import { VerdictBar } from '@/components/charts/verdict-bar'
import type { ResourceFilter } from '@/components/links'
import { ExportLinks } from '@/components/ui/export-links'
import type { ReportFormat } from '@/lib/domain/report-format'
import type { VerdictCounts } from '@/lib/domain/score'
import { VerdictCountList } from './verdict-counts'

interface VerdictSummaryProps {
  counts: VerdictCounts
  filter?: ResourceFilter
  /** What the file holds, and where it is. */
  exported: string
  fileHref: (format: ReportFormat) => string
}

/** Counts as a bar and as links, and the findings that they count as a file. */
export function VerdictSummary({ counts, filter, exported, fileHref }: VerdictSummaryProps) {
  return (
    <>
      <VerdictBar counts={counts} className="h-4 w-full" />
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <VerdictCountList counts={counts} filter={filter} />
        <ExportLinks what={exported} hrefFor={fileHref} />
      </div>
    </>
  )
}
