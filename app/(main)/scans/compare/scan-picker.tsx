import { formatCount, formatCounted, formatScore, formatUtc } from '@/components/format'
import { buttonClass } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import { scanStatusWords } from '@/components/vocabulary'
import type { ScanPair } from '@/lib/db'
import type { ScanRow } from '@/lib/domain/views'

interface ScanPickerProps {
  /** Newest first: as many as are offered, until a day (UTC) where one was chosen. */
  scans: ScanRow[]
  pair: ScanPair
  until: Date | null
  /** How many scans could be compared. */
  all: number
}

/** Any two scans, by a plain form: the answer is an address that can be kept. Where there are more than its lists hold, a day leads to the older ones. */
export function ScanPicker({ scans, pair, until, all }: ScanPickerProps) {
  const day = until?.toISOString().slice(0, 10) ?? ''
  return (
    <form method="get" action="/scans/compare" className="grid max-w-4xl items-end gap-4 sm:grid-cols-[1fr_1fr_auto] print:hidden" key={`${pair.from.seq} ${pair.to.seq} ${day}`}>
      <Field id="from" label="From"><ScanSelect name="from" scans={scans} chosen={pair.from} /></Field>
      <Field id="to" label="To"><ScanSelect name="to" scans={scans} chosen={pair.to} /></Field>
      <button type="submit" className={buttonClass('primary')}>Compare</button>
      {(until !== null || all > scans.length) && (
        <div className="space-y-1 sm:col-span-3">
          <label htmlFor="until" className="block text-sm font-medium">Offer scans until</label>
          <div className="flex flex-wrap items-center gap-2">
            <input id="until" name="until" type="date" defaultValue={day} className={`${inputClass} max-w-44`} aria-describedby="until-hint" />
            <button type="submit" className={buttonClass()}>List them</button>
          </div>
          <p id="until-hint" className="text-sm text-muted">{listedText(scans.length, all, day)}</p>
        </div>
      )}
    </form>
  )
}

function listedText(listed: number, all: number, day: string): string {
  const ofAll = `${formatCount(listed)} of ${formatCounted(all, 'scan')} that can be compared`
  return day === '' ? `The lists hold the newest ${ofAll}. A day (UTC) leads to older ones.` : `The lists hold ${ofAll}: the newest until the end of that day (UTC). Empty: the newest of all.`
}

function ScanSelect({ name, scans, chosen }: { name: string; scans: ScanRow[]; chosen: ScanPair['from'] }) {
  const isListed = scans.some((scan) => scan.scanId === chosen.scanId)
  const isNewer = scans.every((scan) => (scan.startedAt ?? scan.createdAt) < chosen.startedAt)
  const own = !isListed && <option value={chosen.scanId}>{formatUtc(chosen.startedAt)} · {scanStatusWords[chosen.status].split(':')[0]}</option>
  return (
    <select id={name} name={name} defaultValue={chosen.scanId} className={inputClass}>
      {isNewer && own}
      {scans.map((scan) => (
        <option key={scan.scanId} value={scan.scanId}>
          {formatUtc(scan.startedAt ?? scan.createdAt)} · {scanStatusWords[scan.status].split(':')[0]} · {formatScore(scan.score)}
        </option>
      ))}
      {!isNewer && own}
    </select>
  )
}
