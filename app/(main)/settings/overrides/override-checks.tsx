import { Disclosure } from '@/components/ui/disclosure'
import { inputClass } from '@/components/ui/field'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { checks } from '@/lib/checks'
import { keyPointTitle } from '@/lib/domain/key-point'
import type { PolicyOverride } from '@/lib/domain/policy'
import { SeveritySelect } from '../severity-select'

/** Checks that are asked, or weigh, otherwise than in the rest of the tenant. */
export function OverrideChecks({ rules }: { rules: PolicyOverride['rules'] }) {
  const asked = (id: string) => (rules.enabledChecks?.includes(id) ? 'on' : rules.disabledChecks?.includes(id) ? 'off' : '')
  const changed = checks.filter(({ id }) => asked(id) !== '' || rules.severityByCheck?.[id] !== undefined).length
  return (
    <Disclosure summary={`Checks and severities (${changed === 0 ? 'all as for the tenant' : `${changed} changed`})`}>
      <DataTable caption="Checks under this override">
        <thead>
          <tr>
            <HeadCell>Check</HeadCell>
            <HeadCell className="w-44">Asked</HeadCell>
            <HeadCell className="w-44">Severity</HeadCell>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ id, title, keyPoint }) => (
            <tr key={id}>
              <RowHead>{title} <span className="block font-normal text-muted">{keyPointTitle(keyPoint)}</span></RowHead>
              <Cell label="Asked">
                <select name={`asked:${id}`} defaultValue={asked(id)} aria-label={`Whether ${title} is asked`} className={inputClass}>
                  <option value="">As the tenant</option>
                  <option value="on">On</option>
                  <option value="off">Off</option>
                </select>
              </Cell>
              <Cell label="Severity">
                <SeveritySelect checkId={id} label={`Severity of ${title} here`} otherwise="As the tenant" value={rules.severityByCheck?.[id]} />
              </Cell>
            </tr>
          ))}
        </tbody>
      </DataTable>
    </Disclosure>
  )
}
