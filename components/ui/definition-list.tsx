import type { ReactNode } from 'react'

export interface Definition {
  term: string
  value: ReactNode
}

/** Names and values in two columns, one on small screens. */
export function DefinitionList({ items }: { items: Definition[] }) {
  return (
    <dl className="grid gap-x-6 gap-y-2 text-sm sm:grid-cols-[minmax(8rem,auto)_1fr]">
      {items.map((item) => (
        <div key={item.term} className="contents">
          <dt className="text-muted">{item.term}</dt>
          <dd className="mb-1 min-w-0 wrap-anywhere sm:mb-0">{item.value}</dd>
        </div>
      ))}
    </dl>
  )
}
