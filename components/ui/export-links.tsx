import { DownloadIcon } from './icons'
import { reportFormats, type ReportFormat } from '@/lib/domain/report-format'

/** What a page shows as a file, a link for each format. `what` says what the file holds, for example `212 findings`. Plain links, since what refuses a file answers in words. */
export function ExportLinks({ what, hrefFor }: { what: string; hrefFor: (format: ReportFormat) => string }) {
  return (
    <p className="flex flex-wrap items-center gap-x-3 text-sm print:hidden">
      <span className="inline-flex items-center gap-1.5 text-muted"><DownloadIcon className="size-3.5" /> Export {what}</span>
      {reportFormats.toReversed().map((format) => (
        <a key={format} href={hrefFor(format)} className="link inline-block min-h-6 py-0.5">{format.toUpperCase()}<span className="sr-only"> of {what}</span></a>
      ))}
    </p>
  )
}
