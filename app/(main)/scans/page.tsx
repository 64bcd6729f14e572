import type { Metadata } from 'next'
import Link from 'next/link'
import { formatCounted } from '@/components/format'
import { compareHref } from '@/components/links'
import { RunScanButton } from '@/components/scans/run-scan-button'
import { hasResults } from '@/components/scans/scan-progress-view'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { PageHeader } from '@/components/ui/page-header'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, listScans } from '@/lib/db'
import { startScan } from './actions'
import { ScanTable } from './scan-table'

export const metadata: Metadata = { title: 'Scans' }

export default async function ScansPage() {
  const { person, viewer } = await requireViewer()
  const scans = await listScans(getDatabase(), viewer)
  const mayScan = hasRole(person, 'Keypoint.Operator')
  return (
    <>
      <PageHeader title="Scans" lead={scans.length === 0 ? undefined : `${formatCounted(scans.length, 'scan')}, newest first`} actions={<>
        {scans.filter(hasResults).length > 1 && <Link href={compareHref({})} className={buttonClass()}>Compare scans</Link>}
        {mayScan && <RunScanButton action={startScan} />}
      </>} />
      {scans.length > 0 ? <ScanTable scans={scans} now={new Date()} /> : (
        <EmptyState title="No scan yet">
          {mayScan ? 'Run one: it reads what the scanning identity can read and changes nothing.' : 'Starting a scan needs the role Keypoint.Operator; ask whoever administers Keypoint.'}
        </EmptyState>
      )}
    </>
  )
}
