import type { ReactNode } from 'react'

/** The look of text inputs and selects; 16 px on small screens, so that phones do not zoom. */
export const inputClass = 'min-h-9 w-full rounded border border-control bg-page px-2.5 text-base sm:text-sm disabled:opacity-60'

interface FieldProps {
  label: ReactNode
  /** Id of the control inside. The hint is `{id}-hint` and the error `{id}-error`, for its `aria-describedby`. */
  id: string
  hint?: ReactNode
  error?: string
  children: ReactNode
}

/** What leads from a control to its hint and its error. @param errors by the id of the control. */
export function described(id: string, errors: Readonly<Record<string, string>>) {
  return { 'aria-describedby': `${id}-hint ${id}-error`, 'aria-invalid': errors[id] !== undefined }
}

/** A label, its control, a hint and an error that stands beside the field. */
export function Field({ label, id, hint, error, children }: FieldProps) {
  return (
    <div className="space-y-1">
      <label htmlFor={id} className="block text-sm font-medium">{label}</label>
      {children}
      {hint !== undefined && <p id={`${id}-hint`} className="text-sm text-muted">{hint}</p>}
      {error !== undefined && <p id={`${id}-error`} className="text-sm font-medium text-fail">{error}</p>}
    </div>
  )
}
