/** `share` from 0 to 1, or null while the total is not known. */
export function ProgressBar({ share, text }: { share: number | null; text: string }) {
  const percent = share === null ? undefined : Math.round(share * 100)
  return (
    <div role="progressbar" aria-label="Scan progress" aria-valuemin={0} aria-valuemax={100} aria-valuenow={percent} aria-valuetext={text} className="h-3 overflow-hidden rounded border border-control">
      <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden className="block h-full w-full">
        {share === null
          ? <rect x="0" y="0" width="30" height="10" fill="var(--accent)" className="progress-unknown" />
          : <rect x="0" y="0" width={share * 100} height="10" fill="var(--accent)" />}
      </svg>
    </div>
  )
}
