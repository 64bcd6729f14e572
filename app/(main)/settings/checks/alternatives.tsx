import { alternatives } from '@/lib/checks'

/** What may count as a pass in place of what a check asks for. */
export function Alternatives({ accepted, editable }: { accepted: readonly string[]; editable: boolean }) {
  return (
    <ul className="space-y-3">
      {alternatives.map((alternative) => <li key={alternative.id}><Alternative alternative={alternative} accepted={accepted.includes(alternative.id)} editable={editable} /></li>)}
    </ul>
  )
}

function Alternative({ alternative: { id, title, meaning, checks }, accepted, editable }: { alternative: (typeof alternatives)[number]; accepted: boolean; editable: boolean }) {
  return (
    <div className="flex items-start gap-2 text-sm">
      <input type="checkbox" id={`accept-${id}`} name="accept" value={id} defaultChecked={accepted} disabled={!editable} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <div className="max-w-3xl">
        <label htmlFor={`accept-${id}`} className="font-medium">{title}</label>
        <p className="text-muted">{meaning}</p>
        <p className="text-muted">Asked by: {checks.map((check) => check.title).join('; ')}.</p>
      </div>
    </div>
  )
}
