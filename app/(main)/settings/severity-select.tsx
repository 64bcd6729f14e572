import { inputClass } from '@/components/ui/field'
import { severityWords } from '@/components/vocabulary'
import { severities, type Severity } from '@/lib/domain/verdict'

interface SeveritySelectProps {
  checkId: string
  label: string
  /** What the empty choice means. */
  otherwise: string
  value: Severity | undefined
  disabled?: boolean
}

/** How severe a fail of one check is; empty where the policy says nothing of it. */
export function SeveritySelect({ checkId, label, otherwise, value, disabled }: SeveritySelectProps) {
  return (
    <select name={`severity:${checkId}`} defaultValue={value ?? ''} disabled={disabled} aria-label={label} className={inputClass}>
      <option value="">{otherwise}</option>
      {severities.map((severity) => <option key={severity} value={severity}>{severityWords[severity]}</option>)}
    </select>
  )
}
