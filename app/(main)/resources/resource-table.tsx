'use client'

import { useTable, type SortingState } from '@tanstack/react-table'
import clsx from 'clsx'
import { useMemo } from 'react'
import { AscendingIcon, DescendingIcon, UnsortedIcon } from '@/components/ui/icons'
import { ScrollRegion } from '@/components/ui/scroll-region'
import type { ResourceRow, ResourceSortColumn } from '@/lib/domain/views'
import { resourceColumnsFor, resourceTableFeatures } from './resource-columns'

interface ResourceTableProps {
  rows: ResourceRow[]
  total: number
  page: number
  pageSize: number
  sort: ResourceSortColumn
  descending: boolean
  pending: boolean
  /** The one check that the rows are filtered by, if it is one. */
  check: string | null
  onSort: (column: string, descending: boolean) => void
}

/** One page of rows that the database sorted; the headers ask for another order. Below 640 px each row is a card. */
export function ResourceTable({ rows, total, page, pageSize, sort, descending, pending, check, onSort }: ResourceTableProps) {
  const columns = useMemo(() => resourceColumnsFor(check), [check])
  const sorting: SortingState = [{ id: sort, desc: descending }]
  const table = useTable({
    features: resourceTableFeatures,
    columns,
    data: rows,
    getRowId: (row) => row.resourceId,
    manualSorting: true,
    manualPagination: true,
    enableSortingRemoval: false,
    rowCount: total,
    state: { sorting, pagination: { pageIndex: page - 1, pageSize } },
    onSortingChange: (updater) => {
      const next = (typeof updater === 'function' ? updater(sorting) : updater)[0]
      if (next !== undefined) onSort(next.id, next.desc)
    },
  })

  return (
    <ScrollRegion label="Resources" className="relative">
      <table aria-busy={pending} className={clsx('w-full border-collapse text-sm max-sm:block', pending && 'opacity-60')}>
        <caption className="sr-only">Resources; column headers with buttons are sortable</caption>
        <thead className="max-sm:block">
          {table.getHeaderGroups().map((group) => (
            <tr key={group.id} className="max-sm:flex max-sm:flex-wrap max-sm:gap-x-2">
              {group.headers.map((header) => {
                const sorted = header.column.getIsSorted()
                return (
                  <th
                    key={header.id} scope="col" aria-sort={sorted === false ? undefined : sorted === 'asc' ? 'ascending' : 'descending'}
                    className="border-b border-control text-left align-bottom font-medium text-muted max-sm:border-0"
                  >
                    {header.column.getCanSort() ? (
                      <button type="button" onClick={header.column.getToggleSortingHandler()} className="flex min-h-9 w-full items-center gap-1 px-2 text-left hover:text-text">
                        <table.FlexRender header={header} />
                        {sorted === 'asc' ? <AscendingIcon className="size-3.5" /> : sorted === 'desc' ? <DescendingIcon className="size-3.5" /> : <UnsortedIcon className="size-3.5 opacity-60" />}
                      </button>
                    ) : <span className="flex min-h-9 items-center px-2 max-sm:sr-only"><table.FlexRender header={header} /></span>}
                  </th>
                )
              })}
            </tr>
          ))}
        </thead>
        <tbody className="max-sm:block">
          {table.getRowModel().rows.map((row) => (
            <tr key={row.id} className="hover:bg-panel max-sm:mb-2 max-sm:block max-sm:rounded max-sm:border max-sm:border-line max-sm:px-2 max-sm:py-1">
              {row.getAllCells().map((cell) => {
                const first = cell.column.id === 'name'
                const Tag = first ? 'th' : 'td'
                return (
                  <Tag
                    key={cell.id} scope={first ? 'row' : undefined}
                    className={clsx(
                      'border-b border-line px-2 py-1.5 text-left align-top max-sm:block max-sm:border-0 max-sm:px-1 max-sm:py-0.5',
                      first ? 'min-w-48 font-medium' : 'max-sm:flex max-sm:gap-2',
                    )}
                  >
                    {!first && <span className="w-24 shrink-0 text-muted sm:hidden">{String(cell.column.columnDef.header)}</span>}
                    <table.FlexRender cell={cell} />
                  </Tag>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  )
}
