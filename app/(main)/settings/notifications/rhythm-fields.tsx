import { Field, inputClass } from '@/components/ui/field'
import type { Digest } from '@/lib/domain/notification'

const hours = Array.from({ length: 24 }, (_, hour) => hour)

/** When mails go out: each by itself, or one a day. */
export function RhythmFields({ digest, timeZones, error }: { digest: Digest | null; timeZones: string[]; error?: string }) {
  const options = [
    { value: 'each', label: 'A mail for each scan or other news', checked: digest === null },
    { value: 'daily', label: 'One mail a day, on days with news', checked: digest !== null },
  ]
  return (
    <fieldset className="min-w-0 space-y-2">
      <legend className="text-sm font-medium">When</legend>
      {options.map(({ value, label, checked }) => (
        <label key={value} className="flex min-h-7 items-center gap-2 text-sm">
          <input type="radio" name="rhythm" value={value} defaultChecked={checked} className="size-4 accent-accent" /> {label}
        </label>
      ))}
      <div className="grid gap-4 pl-6 sm:grid-cols-2">
        <Field id="hour" label="The daily mail goes out at">
          <select id="hour" name="hour" defaultValue={digest?.hour ?? 7} className={inputClass}>
            {hours.map((hour) => <option key={hour} value={hour}>{`${String(hour).padStart(2, '0')}:00`}</option>)}
          </select>
        </Field>
        <Field id="timeZone" label="Time zone" error={error}>
          <input id="timeZone" name="timeZone" list="time-zones" defaultValue={digest?.timeZone ?? 'UTC'} autoComplete="off" className={inputClass} aria-describedby="timeZone-error" aria-invalid={error !== undefined} />
        </Field>
      </div>
      <datalist id="time-zones">{timeZones.map((zone) => <option key={zone} value={zone}>{zone}</option>)}</datalist>
    </fieldset>
  )
}
