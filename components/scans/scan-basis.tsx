import Link from 'next/link'
import { formatCounted, formatRelative } from '@/components/format'
import { scanHref } from '@/components/links'
import { Time } from '@/components/ui/time'
import { isTenantWide } from '@/lib/domain/scan'
import type { ScanDetail } from '@/lib/domain/views'

const namesMax = 3

/** Which scan the figures, lists and files of a page are of, and of what alone where it was not asked for everything. */
export function ScanBasis({ scan, now }: { scan: Pick<ScanDetail, 'scanId' | 'scope' | 'parts' | 'createdAt' | 'finishedAt'>; now: Date }) {
  const { scanId, scope, parts, createdAt, finishedAt } = scan
  const at = finishedAt ?? createdAt
  const names = parts.slice(0, namesMax).map(({ displayName }) => displayName).join(', ')
  return (
    <p className="text-sm text-muted">
      Figures, gaps and files here are of <Link href={scanHref(scanId)} className="link">the scan</Link> that ended <Time iso={at} text={formatRelative(at, now)} />
      {!isTenantWide(scope) && (
        <span className="wrap-anywhere">
          {' '}and was of <strong className="font-semibold text-text">{parts.length === 0 ? 'none of your subscriptions' : `${formatCounted(parts.length, 'subscription')} alone`}</strong>
          {parts.length > 0 && ` (${names}${parts.length > namesMax ? ', …' : ''})`};{' '}
          <Link href="/resources" className="link">the resources</Link> show the rest as it was last seen
        </span>
      )}.
    </p>
  )
}
