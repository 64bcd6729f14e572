'use client'

import { useActionState } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { ScrollRegion } from '@/components/ui/scroll-region'

export interface PolicyAnswer extends ActionAnswer {
  /** By field: `total`, `interactive`, `otherWorkspaces`. */
  errors: Record<string, string>
  /** What was sent, so that nothing has to be typed again; null once it is saved. */
  sent: { workspaces: string[]; otherWorkspaces: string; total: string; interactive: string } | null
}

export interface WorkspaceCandidate {
  id: string
  name: string
  where: string
  approved: boolean
  /** How it came to be proposed; null for the others. */
  proposal: string | null
}

interface PolicyFormProps {
  version: number
  candidates: WorkspaceCandidate[]
  retention: { total: number; interactive: number }
  /** True while nobody has confirmed the workspaces. */
  proposed: boolean
  action: (before: PolicyAnswer | null, form: FormData) => Promise<PolicyAnswer>
}

/** What counts as the central place and how long logs must be kept; each save is a new version. */
export function PolicyForm({ version, candidates, retention, proposed, action }: PolicyFormProps) {
  const [answer, submit, pending] = useActionState(action, null)
  const errors = answer?.errors ?? {}
  const sent = answer?.sent ?? null
  return (
    <form action={submit} className="max-w-3xl space-y-5" key={version}>
      <input type="hidden" name="version" value={version} />
      {answer !== null && <Notice kind={answer.ok ? 'info' : 'error'} role={answer.ok ? 'status' : 'alert'} title={answer.message} />}
      <fieldset className="space-y-2">
        <legend className="text-sm font-medium">Approved workspaces: the central place for security logs</legend>
        {candidates.length === 0 && <p className="text-sm text-muted">The last scan found no Log Analytics workspace.</p>}
        <ScrollRegion label="Workspaces" className="max-h-96">
          <ul className="space-y-1">
            {candidates.map((candidate) => (
              <li key={candidate.id}>
                <label className="flex min-h-8 items-start gap-2 text-sm">
                  <input type="checkbox" name="workspace" value={candidate.id} defaultChecked={sent === null ? candidate.approved : sent.workspaces.includes(candidate.id)} className="mt-1 size-4 shrink-0 accent-accent" />
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
        <textarea id="otherWorkspaces" name="otherWorkspaces" rows={2} defaultValue={sent?.otherWorkspaces} className={`${inputClass} py-1.5 font-mono`} aria-describedby="otherWorkspaces-hint otherWorkspaces-error" aria-invalid={errors.otherWorkspaces !== undefined} />
      </Field>
      <div className="grid gap-4 sm:grid-cols-2">
        <Field id="total" label="Total retention in days" hint="Kept at all, archive and storage included. The benchmark asks for 365." error={errors.total}>
          <input id="total" name="total" type="number" inputMode="numeric" min={1} max={4383} required defaultValue={sent?.total ?? retention.total} className={inputClass} aria-describedby="total-hint total-error" aria-invalid={errors.total !== undefined} />
        </Field>
        <Field id="interactive" label="Interactive retention in days" hint="Can be queried at once. The proposal is 90." error={errors.interactive}>
          <input id="interactive" name="interactive" type="number" inputMode="numeric" min={1} max={4383} required defaultValue={sent?.interactive ?? retention.interactive} className={inputClass} aria-describedby="interactive-hint interactive-error" aria-invalid={errors.interactive !== undefined} />
        </Field>
      </div>
      <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Saving…' : proposed ? 'Confirm and save' : 'Save'}</Button>
    </form>
  )
}
