'use client'

import Link from 'next/link'
import { debounce, useQueryStates } from 'nuqs'
import { useEffect, useRef, useTransition } from 'react'
import { formatCount, formatCounted } from '@/components/format'
import { findingsFileHref } from '@/components/links'
import { buttonClass } from '@/components/ui/button'
import { EmptyState } from '@/components/ui/empty-state'
import { ExportLinks } from '@/components/ui/export-links'
import { inputClass } from '@/components/ui/field'
import { CloseIcon, SearchIcon } from '@/components/ui/icons'
import type { ResourcePage } from '@/lib/domain/views'
import { FilterMenu, type FilterOption } from './filter-menu'
import { filterLabels } from './filter-options'
import { Pagination } from './pagination'
import { ResourceTable } from './resource-table'
import { multiFilters, resourceParsers, resourceUrlKeys, serializeResourceParams, toResourceQuery, type MultiFilter } from './search-params'

interface ResourceBrowserProps {
  result: ResourcePage
  options: Record<MultiFilter, FilterOption[]>
  /** False: nothing was scanned yet, so that no filter is to blame for an empty list. */
  scanned: boolean
  /** True: a scan stores what it finds, so that the counts are ahead of a file, which holds what the scans before it left. */
  scanning: boolean
}

const typingMs = 300

/** Search, filters, the count sentence and the table. The address is the state: nothing is kept beside it. */
export function ResourceBrowser({ result, options, scanned, scanning }: ResourceBrowserProps) {
  const [pending, startTransition] = useTransition()
  const [params, setParams] = useQueryStates(resourceParsers, { urlKeys: resourceUrlKeys, shallow: false, history: 'push', scroll: false, startTransition })
  const query = toResourceQuery(params)
  const count = useRef<HTMLParagraphElement>(null)
  const shownPage = useRef(params.page)
  const filtered = query.search !== undefined || multiFilters.some((filter) => params[filter].length > 0)

  // After a change of page the reader starts at its top again; after a filter or a sort the focus stays where it is.
  useEffect(() => {
    if (shownPage.current !== params.page) count.current?.focus()
    shownPage.current = params.page
  }, [params.page])

  function setFilter(filter: MultiFilter, values: string[]) {
    void setParams({ [filter]: values, page: null })
  }

  return (
    <div className="space-y-4">
      <form
        role="search" aria-label="Resources" className="space-y-3 print:hidden"
        onSubmit={(event) => {
          event.preventDefault()
          const value = new FormData(event.currentTarget).get(resourceUrlKeys.search)
          void setParams({ search: typeof value === 'string' ? value : '', page: null })
        }}
      >
        <div className="relative max-w-xl">
          <SearchIcon className="pointer-events-none absolute top-2.5 left-2.5 size-4 text-muted" />
          <input
            type="search" name={resourceUrlKeys.search} aria-label="Search by name or id" placeholder="Name, part of a name, or a whole ARM id"
            key={params.search === '' ? 'empty' : 'filled'} defaultValue={params.search} className={`${inputClass} pl-8`}
            onChange={(event) => void setParams({ search: event.target.value, page: null }, { history: 'replace', limitUrlUpdates: debounce(typingMs) })}
          />
        </div>
        <div className="flex flex-wrap gap-2 max-sm:relative">
          {multiFilters.map((filter) => (
            <FilterMenu key={filter} label={filterLabels[filter]} name={resourceUrlKeys[filter]} options={options[filter]} selected={params[filter]} onChange={(values) => setFilter(filter, values)} />
          ))}
        </div>
      </form>
      {filtered && (
        <ul aria-label="Active filters" className="flex flex-wrap gap-2">
          {query.search !== undefined && <ActiveFilter text={`Search: ${query.search}`} onRemove={() => void setParams({ search: null, page: null })} />}
          {multiFilters.flatMap((filter) => params[filter].map((value) => (
            <ActiveFilter
              key={`${filter}=${value}`} text={`${filterLabels[filter]}: ${options[filter].find((option) => option.value === value)?.label ?? value}`}
              onRemove={() => setFilter(filter, params[filter].filter((other) => other !== value))}
            />
          )))}
          <li className="print:hidden"><Link href="/resources" className="link inline-block py-1 text-sm">Clear filters</Link></li>
        </ul>
      )}
      <div className="flex flex-wrap items-baseline justify-between gap-x-6 gap-y-1">
        <p ref={count} tabIndex={-1} role="status" className="text-sm outline-none">
          <strong className="font-semibold">{formatCounted(result.total, 'resource')}</strong>
          {' · '}{formatCount(result.withGaps)} with gaps{' · '}{formatCount(result.withUnknown)} with unknowns
          {filtered && <>{' · '}{formatCounted(result.findings, 'matching finding')}</>}
          <span className="sr-only">, sorted by {query.sort}{query.descending ? ', descending' : ''}, page {query.page}</span>
        </p>
        {result.findings > 0 && <ExportLinks what={scanning ? 'the findings of before the running scan' : formatCounted(result.findings, 'finding')} hrefFor={(format) => findingsFileHref(params, format)} />}
      </div>
      {result.rows.length > 0 ? (
        <>
          <ResourceTable
            rows={result.rows} total={result.total} page={query.page} pageSize={query.pageSize} sort={query.sort} descending={query.descending} pending={pending} check={params.checks.length === 1 ? (params.checks[0] ?? null) : null}
            onSort={(column, descending) => {
              const word = resourceParsers.sort.parse(`${descending ? '-' : ''}${column}`)
              if (word !== null) void setParams({ sort: word, page: null })
            }}
          />
          <Pagination total={result.total} page={query.page} pageSize={query.pageSize} hrefFor={(change) => serializeResourceParams('/resources', { ...params, ...change })} />
        </>
      ) : <Nothing scanned={scanned} filtered={filtered} total={result.total} onlyGaps={params.verdicts.length === 1 && params.verdicts[0] === 'fail'} />}
    </div>
  )
}

function ActiveFilter({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <li>
      <button type="button" className="inline-flex min-h-7 items-center gap-1.5 rounded border border-accent px-2 text-left text-sm wrap-anywhere" onClick={onRemove}>
        {text}
        <CloseIcon className="size-3.5 shrink-0 print:hidden" /><span className="sr-only">, remove</span>
      </button>
    </li>
  )
}

function Nothing({ scanned, filtered, total, onlyGaps }: { scanned: boolean; filtered: boolean; total: number; onlyGaps: boolean }) {
  if (!scanned) return <EmptyState title="Nothing was scanned yet" action={<Link href="/scans" className={buttonClass()}>Go to the scans</Link>}>The resources of the estate will be here after the first scan.</EmptyState>
  if (total > 0) return <EmptyState title="This page is past the end" action={<Link href="/resources" className={buttonClass()}>First page</Link>} />
  if (filtered) {
    return (
      <EmptyState title={onlyGaps ? 'No gaps in what could be read' : 'No resource matches these filters'} action={<Link href="/resources" className={buttonClass()}>Clear filters</Link>}>
        {onlyGaps ? 'What could not be read is unknown and may hold some.' : 'Take one of the filters above away, or search for a shorter part of the name.'}
      </EmptyState>
    )
  }
  return <EmptyState title="The last scan found no resources">The identity may read none: <code>keypoint doctor</code> says what to grant.</EmptyState>
}
