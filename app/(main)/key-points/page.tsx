import type { Metadata } from 'next'
import { KeyPointTable } from '@/components/overview/key-point-table'
import { PageHeader } from '@/components/ui/page-header'
import { loadOverview } from '../load-overview'

export const metadata: Metadata = { title: 'Key points' }

export default async function KeyPointsPage() {
  const { keyPoints } = await loadOverview()
  return (
    <>
      <PageHeader title="Key points" lead="The ten points of security logging of the Azure Security Benchmark, in its order." />
      <KeyPointTable rows={keyPoints} />
    </>
  )
}
