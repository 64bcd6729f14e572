/** Rows of the final height while a list is on its way; invisible for the first 200 ms. */
export function TableSkeleton({ rows = 12, label }: { rows?: number; label: string }) {
  return (
    <div role="status" aria-busy="true">
      <span className="sr-only">{label}</span>
      <div className="space-y-1" aria-hidden>
        {Array.from({ length: rows }, (_, index) => <div key={index} className="skeleton h-10" />)}
      </div>
    </div>
  )
}
