'use client'

import Link from 'next/link'
import { useRef, type ReactNode } from 'react'
import { Button, buttonClass } from '@/components/ui/button'
import { Disclosure } from '@/components/ui/disclosure'
import { described, Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { useKeptForm } from '@/components/ui/use-kept-form'
import type { PolicyOverride } from '@/lib/domain/policy'
import { retentionDaysMax } from '@/lib/domain/retention-days'
import { DaysByKeyPoint } from '../days-by-key-point'
import type { PolicyAnswer } from '../policy-form'
import { OverrideScopeFields } from './override-scope-fields'

interface OverrideFormProps {
  version: number
  /** Null for a new one. */
  place: number | null
  override: PolicyOverride | null
  subscriptions: { subscriptionId: string; displayName: string }[]
  managementGroups: string[]
  alternatives: { id: string; title: string }[]
  /** `type: category, category` a line. */
  categories: string
  action: (before: PolicyAnswer | null, form: FormData) => Promise<PolicyAnswer>
  /** The table of checks, whose fields belong to the form. */
  children: ReactNode
}

/** One override: for what, and what it sets. What stays empty is as for the tenant. */
export function OverrideForm({ version, place, override, subscriptions, managementGroups, alternatives, categories, action, children }: OverrideFormProps) {
  const { answer, pending, form } = useKeptForm(action)
  const errors = answer?.errors ?? {}
  const rules = override?.rules ?? {}
  const days = (name: string, value: number | undefined) => ({
    id: name, name, type: 'number', inputMode: 'numeric', min: 1, max: retentionDaysMax, defaultValue: value ?? '', className: inputClass, 'aria-describedby': `${name}-error`, 'aria-invalid': errors[name] !== undefined,
  } as const)
  const lines = (name: string, value: string | undefined) => ({
    id: name, name, rows: 2, defaultValue: value, spellCheck: false, className: `${inputClass} py-1.5 font-mono`, ...described(name, errors),
  } as const)
  return (
    <form {...form} className="space-y-5">
      <input type="hidden" name="version" value={version} />
      {place !== null && <input type="hidden" name="place" value={place} />}
      {answer !== null && !answer.ok && <Notice kind="error" role="alert" title={answer.message} />}
      <div className="max-w-3xl space-y-5">
        <OverrideScopeFields scope={override?.scope ?? null} subscriptions={subscriptions} managementGroups={managementGroups} errors={errors} />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field id="total" label="Total retention in days" error={errors.total}><input {...days('total', rules.retentionDays?.total)} /></Field>
          <Field id="interactive" label="Interactive retention in days" error={errors.interactive}><input {...days('interactive', rules.retentionDays?.interactive)} /></Field>
        </div>
        <Disclosure summary="Days of single key points" open={rules.retentionDays?.byKeyPoint !== undefined || Object.keys(errors).some((name) => name.startsWith('days-')) || undefined}>
          <div className="pt-2"><DaysByKeyPoint figures={rules.retentionDays?.byKeyPoint} errors={errors} /></div>
        </Disclosure>
        <Own name="ownWorkspaces" label="Has its own central workspaces" checked={rules.approvedWorkspaces !== undefined}>
          <Field id="workspaces" label="Its central workspaces" hint="One id a line, in place of the tenant’s." error={errors.workspaces}><textarea {...lines('workspaces', rules.approvedWorkspaces?.join('\n'))} /></Field>
        </Own>
        <Own name="ownDestinations" label="Has its own approved destinations" checked={rules.approvedDestinations !== undefined}>
          <Field id="destinations" label="Its approved destinations" hint="One id a line, in place of the tenant’s." error={errors.destinations}><textarea {...lines('destinations', rules.approvedDestinations?.join('\n'))} /></Field>
        </Own>
        <Field id="categories" label="Required log categories by resource type" hint="One type a line, as microsoft.keyvault/vaults: AuditEvent; other types are asked as for the tenant." error={errors.categories}><textarea {...lines('categories', categories)} /></Field>
        {alternatives.length > 0 && (
          <fieldset className="space-y-1">
            <legend className="text-sm font-medium">Accepted alternatives</legend>
            <Own name="ownAlternatives" label="Accepts these and no others, whatever the tenant accepts" checked={rules.acceptedAlternatives !== undefined}>
              {alternatives.map(({ id, title }) => (
                <label key={id} className="ml-6 flex min-h-8 items-start gap-2 text-sm">
                  <input type="checkbox" name="accept" value={id} defaultChecked={rules.acceptedAlternatives?.includes(id)} className="mt-1 size-4 shrink-0 accent-accent" /> {title}
                </label>
              ))}
            </Own>
            {errors.alternatives !== undefined && <p className="text-sm font-medium text-fail">{errors.alternatives}</p>}
          </fieldset>
        )}
      </div>
      {children}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Saving…' : 'Save the override'}</Button>
        <Link href="/settings/overrides" className={buttonClass()}>Cancel</Link>
      </div>
    </form>
  )
}

/**
 * Something that the override has of its own. Whoever fills it in wants it, and who takes that back does not; the box ticked by hand means, where nothing is
 * filled in: none at all.
 */
function Own({ name, label, checked, children }: { name: string; label: string; checked: boolean; children: ReactNode }) {
  const box = useRef<HTMLInputElement>(null)
  const tickedByFilling = useRef(false)

  function follow(fields: HTMLElement) {
    if (box.current === null) return
    const filled = isFilled(fields)
    if (filled && !box.current.checked) tickedByFilling.current = true
    if (filled || tickedByFilling.current) box.current.checked = filled
    if (!filled) tickedByFilling.current = false
  }

  return (
    <div className="space-y-2">
      <label className="flex min-h-8 items-start gap-2 text-sm">
        <input ref={box} type="checkbox" name={name} defaultChecked={checked} className="mt-1 size-4 shrink-0 accent-accent" onChange={() => { tickedByFilling.current = false }} /> {label}
      </label>
      <div onInput={(event) => follow(event.currentTarget)}>{children}</div>
    </div>
  )
}

function isFilled(fields: HTMLElement): boolean {
  return fields.querySelector('input:checked') !== null || [...fields.querySelectorAll('textarea')].some(({ value }) => value.trim() !== '')
}
