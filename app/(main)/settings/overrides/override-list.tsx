'use client'

import Link from 'next/link'
import { useActionState } from 'react'
import type { ActionAnswer } from '@/components/ui/action-answer'
import { Button, buttonClass } from '@/components/ui/button'
import { CommandButton } from '@/components/ui/command-button'
import { Notice } from '@/components/ui/notice'
import { Cell, DataTable, HeadCell, RowHead } from '@/components/ui/table'

export interface OverrideRow {
  scope: string
  sets: string[]
}

interface OverrideListProps {
  rows: OverrideRow[]
  version: number
  /** Null for those who may only look. */
  action: ((before: ActionAnswer | null, form: FormData) => Promise<ActionAnswer>) | null
}

/** Overrides in the order in which they are applied. */
export function OverrideList({ rows, version, action }: OverrideListProps) {
  const [answer, submit, pending] = useActionState(action ?? (async () => ({ ok: false, message: '' })), null)
  return (
    <div className="space-y-3">
      {answer !== null && !answer.ok && <Notice kind="error" role="alert" title={answer.message} />}
      <DataTable caption="Overrides, in the order in which they are applied">
        <thead>
          <tr>
            <HeadCell className="w-12">Order</HeadCell>
            <HeadCell>For</HeadCell>
            <HeadCell>Sets</HeadCell>
            {action !== null && <HeadCell className="w-72">Change</HeadCell>}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ scope, sets }, place) => (
            <tr key={`${place} ${scope}`}>
              <Cell label="Order" className="tabular-nums">{place + 1}</Cell>
              <RowHead className="wrap-anywhere">{scope.charAt(0).toUpperCase() + scope.slice(1)}</RowHead>
              <Cell label="Sets" className="wrap-anywhere"><ul>{sets.map((line) => <li key={line}>{line}</li>)}</ul></Cell>
              {action !== null && (
                <Cell label="Change">
                  <div className="flex flex-wrap gap-1">
                    <Link href={`/settings/overrides?edit=${place + 1}`} className={buttonClass('quiet')} aria-label={`Edit the override for ${scope}`}>Edit</Link>
                    <form action={submit} className="flex gap-1">
                      <input type="hidden" name="version" value={version} />
                      <input type="hidden" name="place" value={place} />
                      <Button kind="quiet" type="submit" name="change" value="up" disabled={pending || place === 0} aria-label={`Apply the override for ${scope} earlier`}>Up</Button>
                      <Button kind="quiet" type="submit" name="change" value="down" disabled={pending || place === rows.length - 1} aria-label={`Apply the override for ${scope} later`}>Down</Button>
                    </form>
                    <CommandButton
                      fields={{ version: String(version), place: String(place), change: 'remove' }} label="Remove" about={`the override for ${scope}`} action={action}
                      confirm="What it sets is as for the tenant from the next version of the policy on. Older versions keep it."
                    />
                  </div>
                </Cell>
              )}
            </tr>
          ))}
        </tbody>
      </DataTable>
    </div>
  )
}
