import { buttonClass } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import type { TrendSubjects } from '@/lib/db'
import { trendSpans, trendSubjectText, type TrendSubject } from '@/lib/domain/trend'

interface TrendFormProps {
  subjects: TrendSubjects
  chosen: { days: number; from: Date | null; to: Date | null; of: TrendSubject }
}

/** Chooses what trend is shown; the address is its state. */
export function TrendForm({ subjects, chosen: { days, from, to, of } }: TrendFormProps) {
  const subject = trendSubjectText(of)
  return (
    <form method="get" action="/trends" className="grid max-w-5xl items-end gap-4 sm:grid-cols-2 lg:grid-cols-[1fr_2fr_auto_auto_auto] print:hidden" key={`${days} ${dayOf(from)} ${dayOf(to)} ${subject}`}>
      <Field id="days" label="Time">
        <select id="days" name="days" defaultValue={days} className={inputClass}>{trendSpans.map((span) => <option key={span} value={span}>{span === 0 ? 'All that is kept' : `Last ${span} days`}</option>)}</select>
      </Field>
      <Field id="of" label="Of">
        <select id="of" name="of" defaultValue={subject} className={inputClass}>
          <option value="">Everything</option>
          <Options label="Management groups" items={subjects.managementGroups.map(({ name, displayName }) => ({ of: { kind: 'management-group', name }, label: displayName }))} />
          <Options label="Subscriptions" items={subjects.subscriptions.map(({ subscriptionId, displayName }) => ({ of: { kind: 'subscription', subscriptionId }, label: displayName }))} />
          <Options label="Resource types" items={subjects.types.map((type) => ({ of: { kind: 'type', type }, label: type }))} />
        </select>
      </Field>
      <Field id="from" label="Or from"><input id="from" name="from" type="date" defaultValue={dayOf(from)} className={inputClass} /></Field>
      <Field id="to" label="To"><input id="to" name="to" type="date" defaultValue={dayOf(to)} className={inputClass} /></Field>
      <button type="submit" className={buttonClass('primary')}>Show</button>
    </form>
  )
}

function Options({ label, items }: { label: string; items: { of: TrendSubject; label: string }[] }) {
  if (items.length === 0) return null
  return <optgroup label={label}>{items.map((item) => <option key={trendSubjectText(item.of)} value={trendSubjectText(item.of)}>{item.label}</option>)}</optgroup>
}

/** As a date field takes it. */
function dayOf(date: Date | null): string {
  return date?.toISOString().slice(0, 10) ?? ''
}
