import type { Metadata } from 'next'
import Link from 'next/link'
import { EmptyState } from '@/components/ui/empty-state'
import { buttonClass } from '@/components/ui/button'
import { PageHeader } from '@/components/ui/page-header'

export const metadata: Metadata = { title: 'Not found' }

export default function MainNotFound() {
  return (
    <>
      <PageHeader title="Not found" />
      <EmptyState
        title="There is nothing at this address"
        action={<><Link href="/" className={buttonClass()}>Overview</Link><Link href="/resources" className={buttonClass()}>Search the resources</Link></>}
      >
        <p>The address may be mistyped, or what it names was never scanned.</p>
      </EmptyState>
    </>
  )
}
