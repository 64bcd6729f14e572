import { useRef, type ReactNode } from 'react'
import { inputClass } from '@/components/ui/field'
import type { PolicyScope } from '@/lib/domain/policy'

interface OverrideScopeFieldsProps {
  scope: PolicyScope | null
  subscriptions: { subscriptionId: string; displayName: string }[]
  managementGroups: string[]
  errors: Record<string, string>
}

/** What an override is for: a management group, a subscription or a tag. */
export function OverrideScopeFields({ scope, subscriptions, managementGroups, errors }: OverrideScopeFieldsProps) {
  const kind = scope?.kind ?? 'management-group'
  const wrong = errors.scope ?? errors.group ?? errors.subscription ?? errors.tagName
  return (
    <fieldset className="min-w-0 space-y-2" aria-describedby="scope-error">
      <legend className="text-sm font-medium">For</legend>
      <Choice value="management-group" chosen={kind} label="Management group, and all below it">
        <input name="group" list="management-groups" defaultValue={scope?.kind === 'management-group' ? scope.name : ''} placeholder="Name" aria-label="Name of the management group" className={inputClass} />
        <datalist id="management-groups">{managementGroups.map((name) => <option key={name} value={name}>{name}</option>)}</datalist>
      </Choice>
      <Choice value="subscription" chosen={kind} label="Subscription">
        <select name="subscription" defaultValue={scope?.kind === 'subscription' ? scope.subscriptionId : ''} aria-label="Subscription" className={inputClass}>
          <option value="">Choose…</option>
          {scope?.kind === 'subscription' && !subscriptions.some(({ subscriptionId }) => subscriptionId === scope.subscriptionId) && <option value={scope.subscriptionId}>{scope.subscriptionId}</option>}
          {subscriptions.map(({ subscriptionId, displayName }) => <option key={subscriptionId} value={subscriptionId}>{displayName}</option>)}
        </select>
      </Choice>
      <Choice value="tag" chosen={kind} label="Resources with a tag">
        <div className="grid gap-2 sm:grid-cols-2">
          <input name="tagName" defaultValue={scope?.kind === 'tag' ? scope.name : ''} placeholder="Name" aria-label="Name of the tag" className={inputClass} />
          <input name="tagValue" defaultValue={scope?.kind === 'tag' ? scope.value : ''} placeholder="Value; empty: any" aria-label="Value of the tag, empty for any" className={inputClass} />
        </div>
      </Choice>
      <p className="text-sm text-muted">A tag holds for the parts of a resource too, unless they have one of the name themselves: a server’s for its databases. Azure does not hand down tags of groups and subscriptions, and neither does this: choose the subscription, or let Azure Policy copy the tag.</p>
      {wrong !== undefined && <p id="scope-error" className="text-sm font-medium text-fail">{wrong}</p>}
    </fieldset>
  )
}

/** Whoever fills in what belongs to a choice has made it. */
function Choice({ value, chosen, label, children }: { value: PolicyScope['kind']; chosen: PolicyScope['kind']; label: string; children: ReactNode }) {
  const choice = useRef<HTMLInputElement>(null)
  return (
    <div className="grid items-center gap-x-4 gap-y-1 sm:grid-cols-[18rem_1fr]">
      <label className="flex min-h-9 items-center gap-2 text-sm">
        <input ref={choice} type="radio" name="scope" value={value} defaultChecked={value === chosen} className="size-4 shrink-0 accent-accent" /> {label}
      </label>
      <div onInput={() => { if (choice.current !== null) choice.current.checked = true }}>{children}</div>
    </div>
  )
}
