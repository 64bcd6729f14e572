import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { requireViewer } from '@/lib/auth/require-viewer'

export const metadata: Metadata = { title: 'Not found' }

/** Any other address: not found, inside the frame, for those who may see the frame. */
export default async function MissingPage(): Promise<never> {
  await requireViewer()
  notFound()
}
