import Link from 'next/link'
import type { ReactNode } from 'react'
import { resourceHref } from '@/components/links'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'
import { nameOf } from '@/lib/domain/arm-id'
import { evidenceInWords } from '@/lib/domain/evidence-words'
import type { Evidence } from '@/lib/domain/finding'

/** Evidence as a table of what was looked at and what was found there; lists and records inside it stay readable. */
export function EvidenceTable({ evidence, label }: { evidence: Evidence; label: string }) {
  const entries = Object.entries(evidence)
  if (entries.length === 0) return <p className="text-sm text-muted">Nothing was there to look at.</p>
  return (
    <DataTable caption={`Evidence: ${label}`}>
      <thead>
        <tr>
          <HeadCell className="w-40">Looked at</HeadCell>
          <HeadCell>Found</HeadCell>
        </tr>
      </thead>
      <tbody>
        {entries.map(([name, value]) => (
          <tr key={name}>
            <RowHead>{inWords(name)}</RowHead>
            <Cell className="wrap-break-word"><EvidenceValue value={value} field={name} /></Cell>
          </tr>
        ))}
      </tbody>
    </DataTable>
  )
}

/** `field`: the name that the value stands under, which tells codes from names. */
function EvidenceValue({ value, field }: { value: unknown; field: string }): ReactNode {
  if (value === null || value === undefined || value === '') return <span className="text-muted">None</span>
  if (typeof value === 'boolean') return value ? 'Yes' : 'No'
  if (typeof value === 'string') return /^\/subscriptions\/./i.test(value) ? <ArmId id={value} /> : evidenceInWords(field, value)
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) {
    if (value.length === 0) return <span className="text-muted">None</span>
    if (value.every((item) => typeof item === 'number' || (typeof item === 'string' && !item.startsWith('/')))) return value.map((item: unknown) => evidenceInWords(field, String(item))).join(', ')
    return <ul className="space-y-2">{value.map((item: unknown, index) => <li key={index} className="border-l-2 border-line pl-2"><EvidenceValue value={item} field={field} /></li>)}</ul>
  }
  if (typeof value !== 'object') return String(value)
  return (
    <dl className="space-y-0.5">
      {Object.entries(value).map(([name, inner]: [string, unknown]) => (
        <div key={name} className="flex flex-wrap gap-x-2">
          <dt className="text-muted">{inWords(name)}:</dt>
          <dd className="min-w-0 wrap-anywhere"><EvidenceValue value={inner} field={name} /></dd>
        </div>
      ))}
    </dl>
  )
}

/** The name, with the whole id as tip and in the address that it leads to. */
function ArmId({ id }: { id: string }) {
  return <Link prefetch={false} href={resourceHref(id)} title={id} className="link">{nameOf(id)}</Link>
}

/** `dailyQuotaGb` → `Daily quota gb`; names that are not camel case stay as they are. */
function inWords(name: string): string {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return name
  const words = name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
