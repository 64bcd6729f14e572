'use client'

import type { FormEvent } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { Disclosure } from '@/components/ui/disclosure'
import { described, Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { ScrollRegion } from '@/components/ui/scroll-region'
import { useKeptForm } from '@/components/ui/use-kept-form'
import { fullEveryNightsMax, type PolicyRules } from '@/lib/domain/policy'
import { retentionDaysMax } from '@/lib/domain/retention-days'
import { DaysByKeyPoint } from './days-by-key-point'

export interface PolicyAnswer extends ActionAnswer {
  /** By field, for example `total`. */
  errors: Record<string, string>
}

export interface WorkspaceCandidate {
  id: string
  name: string
  where: string
  approved: boolean
  /** How it came to be proposed; null for the others. */
  proposal: string | null
}

export interface PolicyFormValues {
  version: number
  retention: PolicyRules['retentionDays']
  /** One ARM id a line. */
  destinations: string
  approvedByAnother: boolean
  /** Between two scans that read everything. */
  nights: number
  /** `type: category, category` a line. */
  categories: string
}

interface PolicyFormProps {
  values: PolicyFormValues
  candidates: WorkspaceCandidate[]
  /** True while nobody has confirmed the workspaces. */
  proposed: boolean
  action: (before: PolicyAnswer | null, form: FormData) => Promise<PolicyAnswer>
}

/** A browser refuses a field that it cannot show without a word. */
function showField({ currentTarget }: FormEvent<HTMLElement>) {
  currentTarget.closest('details')?.setAttribute('open', '')
}

/** What counts as the central place, what must be logged and how long it must be kept; each save is a new version. */
export function PolicyForm({ values, candidates, proposed, action }: PolicyFormProps) {
  const { answer, pending, form } = useKeptForm(action)
  const errors = answer?.errors ?? {}
  const days = (name: 'total' | 'interactive') => ({
    id: name, name, type: 'number', inputMode: 'numeric', min: 1, max: retentionDaysMax, defaultValue: values.retention[name], className: inputClass, ...described(name, errors),
  } as const)
  const lines = (name: 'otherWorkspaces' | 'destinations' | 'categories', value?: string) => ({
    id: name, name, rows: Math.max(2, Math.min(12, (value ?? '').split('\n').length)), defaultValue: value, className: `${inputClass} py-1.5 font-mono`, spellCheck: false, ...described(name, errors),
  } as const)
  return (
    <form {...form} key={values.version} className="max-w-3xl space-y-5">
      <input type="hidden" name="version" value={values.version} />
      {answer !== null && <Notice kind={answer.ok ? 'info' : 'error'} role={answer.ok ? 'status' : 'alert'} title={answer.message} />}
      <fieldset className="space-y-2">
        <legend className="text-sm font-medium">Approved workspaces: the central place for security logs</legend>
        {candidates.length === 0 && <p className="text-sm text-muted">The last scan found no Log Analytics workspace.</p>}
        <ScrollRegion label="Workspaces" className="max-h-96">
          <ul className="space-y-1">
            {candidates.map((candidate) => (
              <li key={candidate.id}>
                <label className="flex min-h-8 items-start gap-2 text-sm">
                  <input type="checkbox" name="workspace" value={candidate.id} defaultChecked={candidate.approved} className="mt-1 size-4 shrink-0 accent-accent" />
                  <span className="min-w-0 wrap-anywhere">
                    <span className="font-medium">{candidate.name}</span> <span className="text-muted">{candidate.where}</span>
                    {candidate.proposal !== null && <span className="block text-muted">{candidate.proposal}</span>}
                  </span>
                </label>
              </li>
            ))}
          </ul>
        </ScrollRegion>
      </fieldset>
      <Field id="otherWorkspaces" label="Other workspaces" hint="Ids of workspaces outside what the scan can read, one a line." error={errors.otherWorkspaces}>
        <textarea {...lines('otherWorkspaces')} />
      </Field>
      <Field id="destinations" label="Approved destinations" hint="Ids of storage accounts, event hub namespaces, partner resources and workspaces out of sight that count as central too, one a line: what stands behind an event hub only you can tell." error={errors.destinations}>
        <textarea {...lines('destinations', values.destinations)} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="total" label="Total retention in days" hint="Kept at all, archive and storage included. The benchmark asks for 365." error={errors.total}>
          <input {...days('total')} required />
        </Field>
        <Field id="interactive" label="Interactive retention in days" hint="Can be queried at once. The proposal is 90." error={errors.interactive}>
          <input {...days('interactive')} required />
        </Field>
      </div>
      <label className="flex min-h-8 items-start gap-2 text-sm">
        <input type="checkbox" name="another" value="yes" defaultChecked={values.approvedByAnother} className="mt-1 size-4 shrink-0 accent-accent" />
        <span>An exemption is approved by another person than whoever asked for it</span>
      </label>
      <Disclosure summary="More: days of single key points, required categories, full scans" open={Object.keys(errors).some((name) => name === 'categories' || name === 'nights' || name.startsWith('days-')) || undefined}>
        <div className="space-y-4 pt-2" onInvalidCapture={showField}>
          <DaysByKeyPoint figures={values.retention.byKeyPoint} errors={errors} />
          <Field id="categories" label="Required log categories by resource type" hint={<>One type a line: <code>microsoft.keyvault/vaults: AuditEvent, AzurePolicyEvaluationDetails</code>. A type that is not named must log what Azure groups as audit.</>} error={errors.categories}>
            <textarea {...lines('categories', values.categories)} />
          </Field>
          <Field id="nights" label="Nights from one full scan to the next" hint="An incremental scan reads what has changed, and after so many nights everything, which proves that nothing was missed. With 1 each night reads everything." error={errors.nights}>
            <input id="nights" name="nights" type="number" inputMode="numeric" min={1} max={fullEveryNightsMax} required defaultValue={values.nights} className={inputClass} {...described('nights', errors)} />
          </Field>
        </div>
      </Disclosure>
      <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Saving…' : proposed ? 'Confirm and save' : 'Save'}</Button>
    </form>
  )
}
