import Link from 'next/link'
import { SeverityMark } from '@/components/findings/severity-mark'
import { formatCounted, formatPoints } from '@/components/format'
import { checkHref, resourcesHref, type ResourceFilter } from '@/components/links'
import type { WorstCheckRow } from '@/lib/domain/views'

/** Checks ordered by the points that the score would gain, their counts leading to rows `within` what was scanned. `titles` by check id. */
export function FixFirst({ rows, titles, within }: { rows: WorstCheckRow[]; titles: ReadonlyMap<string, string>; within: ResourceFilter }) {
  return (
    <ol className="divide-y divide-line">
      {rows.map((row) => (
        <li key={row.check} className="grid items-baseline gap-x-4 py-2 text-sm first:pt-0 last:pb-0 max-sm:grid-cols-3 sm:grid-cols-[1fr_6rem_6rem_7rem]">
          <Link href={checkHref(row.check)} className="link min-w-0 justify-self-start py-0.5 font-medium max-sm:col-span-3">{titles.get(row.check) ?? row.check}</Link>
          <SeverityMark severity={row.severity} />
          <Link prefetch={false} href={resourcesHref({ ...within, verdicts: ['fail'], checks: [row.check] })} className="count-link py-0.5 sm:text-right">{formatCounted(row.fails, 'gap')}</Link>
          <span className="text-right tabular-nums">{formatPoints(row.gain)} points</span>
        </li>
      ))}
    </ol>
  )
}
