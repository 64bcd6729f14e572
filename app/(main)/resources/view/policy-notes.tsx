import { Disclosure } from '@/components/ui/disclosure'
import type { AzurePolicyNote } from '@/lib/checks/azure-policy-notes'

/** Why Azure Policy may say something else of the same resource. */
export function PolicyNotes({ notes }: { notes: readonly AzurePolicyNote[] }) {
  if (notes.length === 0) return null
  return (
    <Disclosure summary="Where Azure Policy may say something else">
      <ul className="max-w-4xl space-y-2 text-sm">
        {notes.map(({ id, displayName, difference }) => (
          <li key={id}><strong className="font-semibold">{displayName}</strong> <code className="text-muted wrap-anywhere">{id}</code><span className="block">{difference}</span></li>
        ))}
      </ul>
    </Disclosure>
  )
}
