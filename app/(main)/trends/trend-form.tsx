import { buttonClass } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import type { TrendSubjects } from '@/lib/db'
import { trendSpans, trendSubjectText } from '@/lib/domain/trend'
import { listedSubjects, type NamedSubject } from './search-params'

interface TrendFormProps {
  subjects: TrendSubjects
  chosen: { days: number; from: Date | null; to: Date | null; subject: NamedSubject }
}

/** Chooses what trend is shown; the address is its state. */
export function TrendForm({ subjects, chosen: { days, from, to, subject } }: TrendFormProps) {
  const chosen = trendSubjectText(subject.of)
  const listed = listedSubjects(subjects)
  return (
    <form method="get" action="/trends" className="grid max-w-5xl items-end gap-4 sm:grid-cols-2 lg:grid-cols-[1fr_2fr_auto_auto_auto] print:hidden" key={`${days} ${dayOf(from)} ${dayOf(to)} ${chosen}`}>
      <Field id="days" label="Time">
        <select id="days" name="days" defaultValue={days} className={inputClass}>{trendSpans.map((span) => <option key={span} value={span}>{span === 0 ? 'All that is kept' : `Last ${span} days`}</option>)}</select>
      </Field>
      <Field id="of" label="Of">
        <select id="of" name="of" defaultValue={chosen} className={inputClass}>
          <option value="">Everything</option>
          {!subject.isListed && <option value={chosen}>{subject.label}</option>}
          <Options label="Management groups" items={listed.managementGroups} />
          <Options label="Subscriptions" items={listed.subscriptions} />
          <Options label="Resource types" items={listed.types} />
        </select>
      </Field>
      <Field id="from" label="Or from"><input id="from" name="from" type="date" defaultValue={dayOf(from)} className={inputClass} /></Field>
      <Field id="to" label="To"><input id="to" name="to" type="date" defaultValue={dayOf(to)} className={inputClass} /></Field>
      <button type="submit" className={buttonClass('primary')}>Show</button>
    </form>
  )
}

function Options({ label, items }: { label: string; items: NamedSubject[] }) {
  if (items.length === 0) return null
  return <optgroup label={label}>{items.map((item) => <option key={trendSubjectText(item.of)} value={trendSubjectText(item.of)}>{item.label}</option>)}</optgroup>
}

/** As a date field takes it. */
function dayOf(date: Date | null): string {
  return date?.toISOString().slice(0, 10) ?? ''
}
