import { described, Field, inputClass } from '@/components/ui/field'
import { ScrollRegion } from '@/components/ui/scroll-region'
import type { SubscriptionName } from './subscription-name'

interface ScopeFieldsProps {
  what: string
  chosen: string[]
  managementGroup: string
  /** Those to choose among, and those that are chosen though they are deleted. */
  subscriptions: SubscriptionName[]
  errors: Record<string, string>
}

const choices = [
  { value: 'everything', label: 'Everything that the scanning identity can read' },
  { value: 'subscriptions', label: 'The subscriptions chosen below' },
  { value: 'managementGroup', label: 'The subscriptions under a management group' },
]

/** What a schedule scans. */
export function ScopeFields({ what, chosen, managementGroup, subscriptions, errors }: ScopeFieldsProps) {
  const known = new Set(subscriptions.map(({ subscriptionId }) => subscriptionId))
  // What a schedule names stays in it, also where no scan has seen it yet.
  const unseen = chosen.filter((id) => !known.has(id)).map((id): SubscriptionName => ({ subscriptionId: id, displayName: `${id} (not seen by any scan yet)` }))
  const offered = [...unseen, ...subscriptions]
  return (
    <fieldset className="min-w-0 space-y-3">
      <legend className="text-sm font-medium">What to scan</legend>
      {choices.map(({ value, label }) => (
        <label key={value} className="flex min-h-7 items-center gap-2 text-sm">
          <input type="radio" name="what" value={value} defaultChecked={what === value} className="size-4 accent-accent" />
          {label}
        </label>
      ))}
      <fieldset className="min-w-0 space-y-1" aria-describedby="subscriptions-error">
        <legend className="text-sm font-medium">Subscriptions</legend>
        {offered.length === 0 ? <p className="text-sm text-muted">No scan has seen a subscription yet.</p> : (
          <ScrollRegion label="Subscriptions" className="max-h-60 rounded border border-line p-2">
            <ul>
              {offered.map(({ subscriptionId, displayName }) => (
                <li key={subscriptionId}>
                  <label className="flex min-h-7 items-center gap-2 text-sm">
                    <input type="checkbox" name="subscription" value={subscriptionId} defaultChecked={chosen.includes(subscriptionId)} className="size-4 shrink-0 accent-accent" />
                    <span className="min-w-0 wrap-anywhere">{displayName}</span>
                  </label>
                </li>
              ))}
            </ul>
          </ScrollRegion>
        )}
        {errors.subscriptions !== undefined && <p id="subscriptions-error" className="text-sm font-medium text-fail">{errors.subscriptions}</p>}
      </fieldset>
      <Field id="managementGroup" label="Management group" hint="Its name: its id, not its display name." error={errors.managementGroup}>
        <input id="managementGroup" name="managementGroup" defaultValue={managementGroup} autoComplete="off" className={inputClass} {...described('managementGroup', errors)} />
      </Field>
    </fieldset>
  )
}
