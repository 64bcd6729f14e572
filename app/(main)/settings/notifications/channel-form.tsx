'use client'

import Link from 'next/link'
import { channelsHref } from '@/components/links'
import { Button, buttonClass } from '@/components/ui/button'
import { described, Field, inputClass } from '@/components/ui/field'
import { Notice } from '@/components/ui/notice'
import { useKeptForm } from '@/components/ui/use-kept-form'
import { severityWords, topicWords } from '@/components/vocabulary'
import { keyPoints } from '@/lib/domain/key-point'
import { nameLengthMax } from '@/lib/domain/name-length'
import { topics, type ChannelInput } from '@/lib/domain/notification'
import { severities } from '@/lib/domain/verdict'
import { RhythmFields } from './rhythm-fields'
import { SigningSecret, type SecretAnswer } from './signing-secret'

export interface ChannelAnswer extends SecretAnswer {
  /** By field. */
  errors: Record<string, string>
}

interface ChannelFormProps {
  /** Absent for a new one. */
  id?: string
  values: ChannelInput
  /** What may be shown of a known webhook's address; null for a new one. */
  target: string | null
  timeZones: string[]
  action: (before: ChannelAnswer | null, form: FormData) => Promise<ChannelAnswer>
}

const addressHints: Record<Exclude<ChannelInput['kind'], 'email'>, string> = {
  webhook: 'A new address gets a new signing secret at once, which is shown once.',
  teams: 'In Teams, make a workflow from the template “Post to a channel when a webhook request is received”; it shows its address.',
  slack: 'In Slack, add an incoming webhook to the channel; it shows its address.',
}

export function ChannelForm({ id, values, target, timeZones, action }: ChannelFormProps) {
  const { answer, pending, form } = useKeptForm(action)
  const errors = answer?.errors ?? {}
  const { kind } = values
  if (answer?.ok && answer.signingSecret !== null) return <SigningSecret secret={answer.signingSecret} message={answer.message} />
  return (
    <form {...form} className="max-w-3xl space-y-5">
      {id !== undefined && <input type="hidden" name="id" value={id} />}
      <input type="hidden" name="kind" value={kind} />
      {answer !== null && !answer.ok && <Notice kind="error" role="alert" title={answer.message} />}
      <Field id="name" label="Name" error={errors.name}>
        <input id="name" name="name" required maxLength={nameLengthMax} defaultValue={values.name} className={inputClass} aria-describedby="name-error" aria-invalid={errors.name !== undefined} />
      </Field>
      {kind === 'email' ? (
        <Field id="recipients" label="Recipients" hint="One address a line." error={errors.recipients}>
          <textarea id="recipients" name="recipients" rows={3} defaultValue={values.recipients.join('\n')} spellCheck={false} className={`${inputClass} py-1.5`} {...described('recipients', errors)} />
        </Field>
      ) : (
        <Field
          id="url" label="Address" error={errors.url}
          hint={<>{addressHints[kind]}{target !== null && <> Leave it empty to keep the one at {target}, which is stored encrypted and not shown again.</>}</>}
        >
          <input id="url" name="url" type="url" required={target === null} placeholder="https://" autoComplete="off" spellCheck={false} className={`${inputClass} font-mono`} {...described('url', errors)} />
        </Field>
      )}
      <fieldset className="min-w-0 space-y-1" aria-describedby="topics-error">
        <legend className="text-sm font-medium">What it is told</legend>
        {topics.map((topic) => <Check key={topic} name="topic" value={topic} label={topicWords[topic]} checked={values.topics.includes(topic)} />)}
        {errors.topics !== undefined && <p id="topics-error" className="text-sm font-medium text-fail">{errors.topics}</p>}
      </fieldset>
      <Field id="minSeverity" label="Gaps from a severity on" hint="Less severe gaps are neither listed nor counted.">
        <select id="minSeverity" name="minSeverity" defaultValue={values.minSeverity} className={`${inputClass} sm:w-56`} aria-describedby="minSeverity-hint">
          {severities.toReversed().map((severity, at) => <option key={severity} value={severity}>{at === 0 ? 'All severities' : `${severityWords[severity]}${severity === 'critical' ? ' alone' : ' and above'}`}</option>)}
        </select>
      </Field>
      <fieldset className="min-w-0">
        <legend className="text-sm font-medium">Gaps of these key points</legend>
        <p className="mb-1 text-sm text-muted">None chosen: all of them.</p>
        <div className="grid gap-x-4 sm:grid-cols-2">
          {keyPoints.map(({ slug, title }) => <Check key={slug} name="keyPoint" value={slug} label={title} checked={values.keyPoints.includes(slug)} />)}
        </div>
      </fieldset>
      <Check name="alwaysSend" value="on" label="Also send when a scan changed nothing" checked={values.alwaysSend} />
      {kind === 'email' && <RhythmFields digest={values.digest} timeZones={timeZones} error={errors.timeZone} />}
      <div className="flex flex-wrap gap-2">
        <Button type="submit" kind="primary" disabled={pending}>{pending ? 'Saving…' : 'Save'}</Button>
        <Link href={channelsHref} className={buttonClass('quiet')}>Cancel</Link>
      </div>
    </form>
  )
}

function Check({ name, value, label, checked }: { name: string; value: string; label: string; checked: boolean }) {
  return (
    <label className="flex min-h-8 items-center gap-2 text-sm">
      <input type="checkbox" name={name} value={value} defaultChecked={checked} className="size-4 shrink-0 accent-accent" /> {label}
    </label>
  )
}
