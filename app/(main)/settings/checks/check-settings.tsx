import Link from 'next/link'
import { checkHref } from '@/components/links'
import { Badge } from '@/components/ui/badge'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { severityWords } from '@/components/vocabulary'
import type { Check } from '@/lib/domain/check'
import type { Policy } from '@/lib/domain/policy'
import { isEnabled } from '@/lib/checks'
import { SeveritySelect } from '../severity-select'

interface CheckSettingsProps {
  keyPoint: string
  checks: readonly Check[]
  policy: Policy
  /** False: shown, not to be changed. */
  editable: boolean
}

/** The checks of one key point with their switches. */
export function CheckSettings({ keyPoint, checks, policy, editable }: CheckSettingsProps) {
  return (
    <DataTable caption={`Checks of ${keyPoint}`}>
      <thead>
        <tr>
          <HeadCell className="w-14">Asked</HeadCell>
          <HeadCell>Check</HeadCell>
          <HeadCell className="w-52">Severity</HeadCell>
        </tr>
      </thead>
      <tbody>
        {checks.map((check) => (
          <tr key={check.id}>
            <Cell label="Asked"><input type="checkbox" name="on" value={check.id} defaultChecked={isEnabled(check, policy)} disabled={!editable} aria-label={`Ask ${check.title}`} className="size-5 accent-accent" /></Cell>
            <RowHead>
              <Link href={checkHref(check.id)} className="link inline-block py-0.5">{check.title}</Link> {check.optional && <Badge>Optional</Badge>}
              <span className="block font-normal text-muted">{check.question}</span>
            </RowHead>
            <Cell label="Severity">
              <SeveritySelect checkId={check.id} label={`Severity of ${check.title}`} otherwise={`Its own (${severityWords[check.severity].toLowerCase()})`} value={policy.severityByCheck[check.id]} disabled={!editable} />
            </Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}
