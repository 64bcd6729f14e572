import { checks } from '@/lib/checks'
import type { CheckAlternative } from '@/lib/domain/check'

const alternatives = [...Map.groupBy(checks.flatMap((check) => (check.alternatives ?? []).map((alternative) => ({ alternative, check }))), ({ alternative }) => alternative.id).values()]

/** What may count as a pass in place of what a check asks for. */
export function Alternatives({ accepted, editable }: { accepted: readonly string[]; editable: boolean }) {
  return (
    <ul className="space-y-3">
      {alternatives.map((group) => {
        const alternative = group[0]?.alternative
        return alternative && <li key={alternative.id}><Alternative alternative={alternative} of={group.map(({ check }) => check.title)} accepted={accepted.includes(alternative.id)} editable={editable} /></li>
      })}
    </ul>
  )
}

function Alternative({ alternative: { id, title, meaning }, of, accepted, editable }: { alternative: CheckAlternative; of: string[]; accepted: boolean; editable: boolean }) {
  return (
    <div className="flex items-start gap-2 text-sm">
      <input type="checkbox" id={`accept-${id}`} name="accept" value={id} defaultChecked={accepted} disabled={!editable} className="mt-0.5 size-4 shrink-0 accent-accent" />
      <div className="max-w-3xl">
        <label htmlFor={`accept-${id}`} className="font-medium">{title}</label>
        <p className="text-muted">{meaning}</p>
        <p className="text-muted">Asked by: {of.join('; ')}.</p>
      </div>
    </div>
  )
}
