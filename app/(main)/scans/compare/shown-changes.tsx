import Link from 'next/link'
import type { ReactNode } from 'react'
import { formatCount, formatCounted } from '@/components/format'
import { changesFileHref, compareHref } from '@/components/links'
import { buttonClass } from '@/components/ui/button'
import { ExportLinks } from '@/components/ui/export-links'
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
  const pages = Math.max(1, Math.ceil(matching / pageSize))
  const hrefOf = (to: number) => `${compareHref(ids, { ...filters, page: to })}#changes`
  return (
    <div className="space-y-3">
      <p className="text-sm">
        {formatCounted(matching, 'change')}{words.length > 0 && <>: {words.join(' · ')}. <Link className="link" href={`${compareHref(ids)}#changes`}>Show all</Link></>}
      </p>
      {matching > 0 && <ExportLinks what={words.length > 0 ? 'these changes' : 'all changes'} hrefFor={(format) => changesFileHref(ids, filters, format)} />}
      {children}
      {pages > 1 && (
        <nav aria-label="Pages" className="flex items-center gap-3 text-sm print:hidden">
          {page > 1 ? <Link href={hrefOf(page - 1)} className={buttonClass()}>Previous</Link> : <span aria-disabled className={buttonClass()}>Previous</span>}
          <span className="tabular-nums">Page {formatCount(page)} of {formatCount(pages)}</span>
          {page < pages ? <Link href={hrefOf(page + 1)} className={buttonClass()}>Next</Link> : <span aria-disabled className={buttonClass()}>Next</span>}
        </nav>
      )}
    </div>
  )
}
