import { formatScore, formatUtc } from '@/components/format'
import { buttonClass } from '@/components/ui/button'
import { Field, inputClass } from '@/components/ui/field'
import { scanStatusWords } from '@/components/vocabulary'
import type { ScanPair } from '@/lib/db'
import type { ScanRow } from '@/lib/domain/views'

/** Any two scans, by a plain form: the answer is an address that can be kept. */
export function ScanPicker({ scans, pair }: { scans: ScanRow[]; pair: ScanPair }) {
  return (
    <form method="get" action="/scans/compare" className="grid max-w-4xl items-end gap-4 sm:grid-cols-[1fr_1fr_auto] print:hidden" key={`${pair.from.seq} ${pair.to.seq}`}>
      <Field id="from" label="From"><ScanSelect name="from" scans={scans} chosen={pair.from} /></Field>
      <Field id="to" label="To"><ScanSelect name="to" scans={scans} chosen={pair.to} /></Field>
      <button type="submit" className={buttonClass('primary')}>Compare</button>
    </form>
  )
}

function ScanSelect({ name, scans, chosen }: { name: string; scans: ScanRow[]; chosen: ScanPair['from'] }) {
  const listed = scans.some((scan) => scan.scanId === chosen.scanId)
  return (
    <select id={name} name={name} defaultValue={chosen.scanId} className={inputClass}>
      {scans.map((scan) => (
        <option key={scan.scanId} value={scan.scanId}>
          {formatUtc(scan.startedAt ?? scan.createdAt)} · {scanStatusWords[scan.status].split(':')[0]} · {formatScore(scan.score)}
        </option>
      ))}
      {!listed && <option value={chosen.scanId}>{formatUtc(chosen.startedAt)} · {scanStatusWords[chosen.status].split(':')[0]}</option>}
    </select>
  )
}
