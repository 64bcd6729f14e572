import { described, Field, inputClass } from '@/components/ui/field'
import { keyPointTitle, type KeyPoint } from '@/lib/domain/key-point'
import type { PolicyRules } from '@/lib/domain/policy'
import { keptKeyPoints, retentionDaysMax } from '@/lib/domain/retention-days'
import { daysField, type Errors } from './policy-fields'

interface DaysByKeyPointProps {
  figures: PolicyRules['retentionDays']['byKeyPoint']
  errors: Errors
}

const hints: Partial<Record<KeyPoint, string>> = {
  'log-retention': 'For every log whose key point has no figure of its own.',
  'audit-logging': 'Also SQL audits and flow logs in storage, which are asked for 90 days otherwise.',
}

/** Total days for the logs that serve single key points; what stays empty is as for all. */
export function DaysByKeyPoint({ figures = {}, errors }: DaysByKeyPointProps) {
  return (
    <fieldset>
      <legend className="text-sm font-medium">Total days for the logs of single key points</legend>
      <p className="mb-2 text-sm text-muted">Empty: as for all. A table that takes logs of several key points is asked for the longest.</p>
      <div className="grid gap-x-4 gap-y-3 sm:grid-cols-2">
        {keptKeyPoints.map((keyPoint) => {
          const name = daysField(keyPoint)
          return (
            <Field key={keyPoint} id={name} label={keyPointTitle(keyPoint)} hint={hints[keyPoint]} error={errors[name]}>
              <input id={name} name={name} type="number" inputMode="numeric" min={1} max={retentionDaysMax} defaultValue={figures[keyPoint] ?? ''} className={inputClass} {...described(name, errors)} />
            </Field>
          )
        })}
      </div>
    </fieldset>
  )
}
