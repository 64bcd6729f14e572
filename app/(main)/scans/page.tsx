import type { Metadata } from 'next'
import Link from 'next/link'
import { createLoader, parseAsInteger } from 'nuqs/server'
import { formatCounted } from '@/components/format'
import { compareHref, scansHref } from '@/components/links'
import { StartButton } from '@/components/scans/start-button'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { RunIcon } from '@/components/ui/icons'
import { PageHeader } from '@/components/ui/page-header'
import { PageLinks } from '@/components/ui/page-links'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { countScans, getDatabase, listScans } from '@/lib/db'
import { startScan } from './actions'
import { ScanTable } from './scan-table'

export const metadata: Metadata = { title: 'Scans' }

const pageSize = 25
const loadScansParams = createLoader({ page: parseAsInteger.withDefault(1) })

export default async function ScansPage({ searchParams }: PageProps<'/scans'>) {
  const { person, viewer } = await requireViewer()
  const db = getDatabase()
  const { total, withResults } = await countScans(db, viewer)
  const page = Math.min(Math.max(1, (await loadScansParams(searchParams)).page), Math.max(1, Math.ceil(total / pageSize)))
  const scans = await listScans(db, viewer, { limit: pageSize, skip: (page - 1) * pageSize })
  const mayScan = hasRole(person, 'Keypoint.Operator')
  return (
    <>
      <PageHeader title="Scans" lead={total === 0 ? undefined : `${formatCounted(total, 'scan')}, newest first`} actions={<>
        {withResults > 1 && <Link href={compareHref({})} className={buttonClass()}>Compare scans</Link>}
        {mayScan && <StartButton action={startScan} kind="primary" icon={<RunIcon />} label="Run scan" />}
      </>} />
      {scans.length > 0 ? (
        <>
          <ScanTable scans={scans} hasOlder={page * pageSize < total} now={new Date()} />
          {total > pageSize && (
            <nav aria-label="Pages of scans" className="mt-3 flex flex-wrap items-center justify-between gap-3 text-sm print:hidden">
              <PageLinks total={total} page={page} pageSize={pageSize} hrefFor={scansHref} />
            </nav>
          )}
        </>
      ) : (
        <EmptyState title="No scan yet">
          {mayScan ? 'Run one: it reads what the scanning identity can read and changes nothing.' : 'Starting a scan needs the role Keypoint.Operator; ask whoever administers Keypoint.'}
        </EmptyState>
      )}
    </>
  )
}
