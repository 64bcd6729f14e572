import type { Metadata } from 'next'
import { KeyPointTable } from '@/components/overview/key-point-table'
import { PageHeader } from '@/components/ui/page-header'
import { requireViewer } from '@/lib/auth/require-viewer'
import { getDatabase, getOverview } from '@/lib/db'

export const metadata: Metadata = { title: 'Key points' }

export default async function KeyPointsPage() {
  const { viewer } = await requireViewer()
  const { keyPoints } = await getOverview(getDatabase(), viewer)
  return (
    <>
      <PageHeader title="Key points" lead="The ten points of security logging of the Azure Security Benchmark, in its order." />
      <KeyPointTable rows={keyPoints} />
    </>
  )
}
