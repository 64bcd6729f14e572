import type { Metadata } from 'next'
import Link from 'next/link'
import { cache } from 'react'
import { formatUtc } from '@/components/format'
import { compareHref } from '@/components/links'
import { CancelScanButton } from '@/components/scans/cancel-scan-button'
import { LiveProgress } from '@/components/scans/live-progress'
import { hasEnded, hasResults, toProgressView } from '@/components/scans/scan-progress-view'
import { buttonClass } from '@/components/ui/button'
import { Notice } from '@/components/ui/notice'
import { PageHeader } from '@/components/ui/page-header'
import { modeInWords, scanStatusWords } from '@/components/vocabulary'
import { hasRole } from '@/lib/auth/person'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, getScan, scanningState, scanBefore } from '@/lib/db'
import { foundOrNotFound } from '../../found-or-not-found'
import { cancelScan } from '../actions'
import { ScanOutcome } from './scan-outcome'

interface Props {
  params: Promise<{ id: string }>
}

const loadScan = cache(async (id: string) => {
  const { viewer } = await requireViewer()
  return foundOrNotFound(() => getScan(getDatabase(), viewer, id))
})

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const scan = await loadScan((await params).id)
  return { title: `${scanStatusWords[scan.status].split(':')[0]} · Scan of ${formatUtc(scan.createdAt)}` }
}

export default async function ScanPage({ params }: Props) {
  const { person, viewer } = await requireViewer()
  const scan = await loadScan((await params).id)
  const ended = hasEnded(scan.status)
  const elapsedMs = scan.startedAt === null ? 0 : Date.now() - Date.parse(scan.startedAt)
  const before = await scanBefore(getDatabase(), viewer, scan.scanId)
  const { lastEnded } = await scanningState(getDatabase(), viewer)
  return (
    <>
      <PageHeader
        title={`Scan of ${formatUtc(scan.startedAt ?? scan.createdAt)}`} crumbs={[{ href: '/scans', label: 'Scans' }]}
        lead={`${scanStatusWords[scan.status]} · ${modeInWords(scan)} · by ${scan.requestedBy}`}
        actions={ended
          ? hasResults(scan) && before !== null && <Link href={compareHref({ from: before, to: scan.scanId })} className={buttonClass()}>Compare with the scan before</Link>
          : hasRole(person, 'Keypoint.Operator') && <CancelScanButton scanId={scan.scanId} action={cancelScan} />}
      />
      <div className="space-y-6">
        {scan.error !== null && <Notice kind="error" title="The scan failed"><p className="wrap-anywhere">{scan.error}</p><p>What the scan before knew is still shown elsewhere. <code>keypoint doctor</code> checks configuration, sign-in and permissions.</p></Notice>}
        {ended ? <ScanOutcome scan={scan} isLatest={lastEnded === scan.scanId} /> : <LiveProgress scanId={scan.scanId} first={toProgressView(scan)} elapsedMs={elapsedMs} />}
      </div>
    </>
  )
}
