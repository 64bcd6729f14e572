import Link from 'next/link'
import { SeverityMark } from '@/components/findings/severity-mark'
import { formatCounted, formatPoints } from '@/components/format'
import { checkHref, resourcesHref } from '@/components/links'
import type { WorstCheckRow } from '@/lib/domain/views'

/** Checks ordered by the points that the score would gain. `titles` by check id. */
export function FixFirst({ rows, titles }: { rows: WorstCheckRow[]; titles: ReadonlyMap<string, string> }) {
  return (
    <ol className="divide-y divide-line">
      {rows.map((row) => (
        <li key={row.check} className="flex flex-wrap items-baseline gap-x-4 gap-y-1 py-2 text-sm first:pt-0 last:pb-0">
          <Link href={checkHref(row.check)} className="link min-w-0 grow basis-60 py-0.5 font-medium">{titles.get(row.check) ?? row.check}</Link>
          <SeverityMark severity={row.severity} />
          <Link prefetch={false} href={resourcesHref({ verdicts: ['fail'], checks: [row.check] })} className="count-link py-0.5">{formatCounted(row.fails, 'gap')}</Link>
          <span className="w-24 text-right tabular-nums">{formatPoints(row.gain)} points</span>
        </li>
      ))}
    </ol>
  )
}
