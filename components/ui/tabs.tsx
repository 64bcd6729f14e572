'use client'

import clsx from 'clsx'
import { useId, useRef, useState, type KeyboardEvent, type ReactNode } from 'react'

export interface Tab {
  id: string
  label: string
  content: ReactNode
}

/** Tabs as the ARIA practices have them: one tab stop, arrows, Home and End move and choose. On paper all are shown. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  const base = useId()
  const [chosen, setChosen] = useState(tabs[0]?.id)
  const list = useRef<HTMLDivElement>(null)

  function onKeyDown(event: KeyboardEvent) {
    const at = tabs.findIndex((tab) => tab.id === chosen)
    const moves: Record<string, number> = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }
    const to = moves[event.key]
    if (to === undefined) return
    event.preventDefault()
    const index = (to + tabs.length) % tabs.length
    setChosen(tabs[index]?.id)
    list.current?.querySelectorAll<HTMLElement>('[role=tab]')[index]?.focus()
  }

  return (
    <div>
      <div ref={list} role="tablist" aria-label={label} tabIndex={-1} onKeyDown={onKeyDown} className="flex flex-wrap gap-x-1 border-b border-line print:hidden">
        {tabs.map((tab) => (
          <button
            key={tab.id} type="button" role="tab" id={`${base}-${tab.id}-tab`} aria-controls={`${base}-${tab.id}`} aria-selected={tab.id === chosen}
            tabIndex={tab.id === chosen ? 0 : -1} onClick={() => setChosen(tab.id)}
            className={clsx('min-h-8 border-b-2 px-2.5 text-sm', tab.id === chosen ? 'border-accent font-semibold' : 'border-transparent text-muted hover:text-text')}
          >
            {tab.label}
          </button>
        ))}
      </div>
      {tabs.map((tab) => (
        <div key={tab.id} role="tabpanel" id={`${base}-${tab.id}`} aria-labelledby={`${base}-${tab.id}-tab`} className={clsx('pt-2', tab.id !== chosen && 'hidden print:block')}>
          <p aria-hidden className="hidden font-semibold print:block">{tab.label}</p>
          {tab.content}
        </div>
      ))}
    </div>
  )
}
