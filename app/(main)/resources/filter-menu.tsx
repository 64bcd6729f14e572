'use client'

import { useEffect, useRef, useState } from 'react'
import { formatCount } from '@/components/format'
import { OpenIcon } from '@/components/ui/icons'
import { inputClass } from '@/components/ui/field'

export interface FilterOption {
  value: string
  label: string
  /** Resources that have it; absent where nobody counted. */
  count?: number
}

interface FilterMenuProps {
  label: string
  name: string
  options: FilterOption[]
  selected: readonly string[]
  onChange: (values: string[]) => void
}

const narrowFrom = 12
const shownMax = 100

/** A disclosure with one checkbox per value. */
export function FilterMenu({ label, name, options, selected, onChange }: FilterMenuProps) {
  const [narrow, setNarrow] = useState('')
  const menu = useRef<HTMLDetailsElement>(null)
  useClosing(menu)
  const matching = options.filter((option) => `${option.label} ${option.value}`.toLowerCase().includes(narrow.trim().toLowerCase()))

  function toggle(value: string, on: boolean) {
    onChange(on ? [...selected, value] : selected.filter((other) => other !== value))
  }

  return (
    <details ref={menu} name="resource-filter" className="relative max-sm:static">
      <summary className="inline-flex min-h-8 list-none items-center gap-1 rounded border border-control px-2 text-sm [&::-webkit-details-marker]:hidden">
        {label}
        {selected.length > 0 && <span className="rounded bg-text px-1 text-xs leading-4 font-semibold text-page">{selected.length}</span>}
        <OpenIcon className="size-3.5" />
      </summary>
      <fieldset className="absolute left-0 z-10 mt-1 max-h-96 w-80 overflow-y-auto rounded border border-control bg-page p-2 shadow-lg max-sm:right-0 max-sm:left-0 max-sm:mx-4 max-sm:w-auto">
        <legend className="sr-only">{label}</legend>
        {options.length > narrowFrom && (
          <input type="search" aria-label={`Narrow ${label.toLowerCase()}`} placeholder="Narrow this list" value={narrow} onChange={(event) => setNarrow(event.target.value)} className={`${inputClass} mb-1`} />
        )}
        {matching.slice(0, shownMax).map((option) => (
          <label key={option.value} className="flex min-h-7 items-center gap-2 rounded px-1 text-sm hover:bg-panel">
            <input type="checkbox" name={name} value={option.value} checked={selected.includes(option.value)} onChange={(event) => toggle(option.value, event.target.checked)} className="size-4 shrink-0 accent-accent" />
            <span className="min-w-0 grow wrap-anywhere">{option.label}</span>
            {option.count !== undefined && <span className="text-muted tabular-nums">{formatCount(option.count)}</span>}
          </label>
        ))}
        {matching.length === 0 && <p className="px-1 text-sm text-muted">Nothing here to choose.</p>}
        {matching.length > shownMax && <p className="px-1 text-sm text-muted">The {shownMax} most frequent are shown; narrow the list for others.</p>}
      </fieldset>
    </details>
  )
}

/** Escape closes the menu and returns to its button; pressing elsewhere closes it too. */
function useClosing(menu: React.RefObject<HTMLDetailsElement | null>): void {
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent) {
      const details = menu.current
      if (event.key !== 'Escape' || !details?.open || !(event.target instanceof Node) || !details.contains(event.target)) return
      details.open = false
      details.querySelector('summary')?.focus()
    }
    function onPointerDown(event: PointerEvent) {
      if (menu.current !== null && event.target instanceof Node && !menu.current.contains(event.target)) menu.current.open = false
    }
    document.addEventListener('keydown', onKeyDown)
    document.addEventListener('pointerdown', onPointerDown)
    return () => {
      document.removeEventListener('keydown', onKeyDown)
      document.removeEventListener('pointerdown', onPointerDown)
    }
  }, [menu])
}
