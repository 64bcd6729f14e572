import { formatDay } from '@/components/format'
import { Disclosure } from '@/components/ui/disclosure'
import type { ExemptionAction, ExemptionEvent } from '@/lib/domain/exemption'

export const exemptionActionWords: Record<ExemptionAction, string> = {
  requested: 'Asked for', imported: 'Taken over', approved: 'Approved', refused: 'Refused', withdrawn: 'Withdrawn', ended: 'Ended', gone: 'Found gone', reopened: 'Needs approval again',
  'taken-back': 'Refusal taken back',
}

/** Who did what, where that is more than the row tells. */
export function ExemptionHistory({ events, about }: { events: ExemptionEvent[]; about: string }) {
  if (events.length < 3) return null
  return (
    <Disclosure summary={<>History<span className="sr-only"> of {about}</span></>}>
      <ol className="space-y-1">
        {events.map(({ action, by, at }) => <li key={`${action} ${at}`} className="wrap-anywhere">{exemptionActionWords[action]} by {by}, {formatDay(at)}</li>)}
      </ol>
    </Disclosure>
  )
}
