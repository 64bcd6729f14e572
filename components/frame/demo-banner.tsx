import { InfoIcon } from '@/components/ui/icons'

/** Stands on every page of the demo and cannot be dismissed. */
export function DemoBanner() {
  return (
    <p className="flex items-center gap-2 border-b-2 border-dashed border-accent bg-panel px-4 py-1.5 text-sm">
      <InfoIcon className="size-4 shrink-0 text-accent" />
      <span><strong className="font-semibold">Demo tenant:</strong> generated data, no sign-in.</span>
    </p>
  )
}
