interface JumpLink {
  /** Of the part of this page that it leads to. */
  id: string
  title: string
  note?: string
}

/** Leads to the parts of a long page. */
export function JumpLinks({ links }: { links: JumpLink[] }) {
  return (
    <nav aria-label="On this page" className="mb-6 print:hidden">
      <ul className="grid gap-x-6 gap-y-1 text-sm sm:grid-cols-2">
        {links.map(({ id, title, note }) => (
          <li key={id} className="flex flex-wrap items-baseline gap-x-2">
            <a href={`#${id}`} className="link inline-block py-0.5">{title}</a>
            {note !== undefined && <span className="text-muted tabular-nums">{note}</span>}
          </li>
        ))}
      </ul>
    </nav>
  )
}
