import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatCounted } from '@/components/format'
import { changesFileHref, compareHref } from '@/components/links'
import { ExportLinks } from '@/components/ui/export-links'
import { PageLinks } from '@/components/ui/page-links'
import { changeWords } from '@/components/vocabulary'
import type { ChangeCount, ChangeKind } from '@/lib/domain/diff'
import { keyPointTitle, type KeyPoint } from '@/lib/domain/key-point'

interface ShownChangesProps {
  counts: ChangeCount[]
  ids: { from: string; to: string; of: 'all-known' | null }
  filters: { kinds: ChangeKind[]; keyPoints: KeyPoint[]; subscriptions: string[] }
  matching: number
  page: number
  pageSize: number
  children: ReactNode
}

/** Says which of the changes are shown, takes filters away again, and pages. */
export function ShownChanges({ counts, ids, filters, matching, page, pageSize, children }: ShownChangesProps) {
  const words = [
    ...filters.kinds.map((kind) => changeWords[kind]),
    ...filters.keyPoints.map(keyPointTitle),
    ...filters.subscriptions.map((id) => counts.find((row) => row.subscriptionId === id)?.subscriptionName ?? id),
  ]
  return (
    <div className="space-y-3">
      <p className="text-sm">
        {formatCounted(matching, 'change')}{words.length > 0 && <>: {words.join(' · ')}. <Link className="link" href={`${compareHref(ids)}#changes`}>Show all</Link></>}
      </p>
      {matching > 0 && <ExportLinks what={words.length > 0 ? 'these changes' : 'all changes'} hrefFor={(format) => changesFileHref(ids, filters, format)} />}
      {children}
      {matching > pageSize && (
        <nav aria-label="Pages" className="flex flex-wrap items-center justify-between gap-3 text-sm print:hidden">
          <PageLinks total={matching} page={page} pageSize={pageSize} hrefFor={(to) => `${compareHref(ids, { ...filters, page: to })}#changes`} scroll />
        </nav>
      )}
    </div>
  )
}
