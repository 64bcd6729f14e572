import type { Metadata } from 'next'
import { judgedBy } from '@/components/links'
import { KeyPointTable } from '@/components/overview/key-point-table'
import { ScanBasis } from '@/components/scans/scan-basis'
import { PageHeader } from '@/components/ui/page-header'
import { loadOverview } from '../load-overview'

export const metadata: Metadata = { title: 'Key points' }

export default async function KeyPointsPage() {
  const { keyPoints, scan } = await loadOverview()
  return (
    <>
      <PageHeader title="Key points" lead="The ten points of security logging of the Azure Security Benchmark, in its order." />
      <div className="space-y-4">
        {scan !== null && <ScanBasis scan={scan} now={new Date()} />}
        <KeyPointTable rows={keyPoints} within={scan === null ? {} : judgedBy(scan)} />
      </div>
    </>
  )
}
