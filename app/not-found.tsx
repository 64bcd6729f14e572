import type { Metadata } from 'next'
import Link from 'next/link'
import { ProductMark } from '@/components/frame/top-bar'

export const metadata: Metadata = { title: 'Not found' }

export default function NotFound() {
  return (
    <main className="mx-auto max-w-md space-y-4 px-4 py-16">
      <p className="flex items-center gap-2 font-semibold"><ProductMark /> Keypoint</p>
      <h1 className="text-2xl font-semibold">Not found</h1>
      <p>There is no page at this address. <Link href="/" className="link">Go to the overview</Link>.</p>
    </main>
  )
}
