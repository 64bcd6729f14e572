import { CopyButton } from './copy-button'
import { ScrollRegion } from './scroll-region'

/** Text to paste elsewhere, with its copy button. `label` names it, for example "Azure CLI for kv-prod". */
export function CodeBlock({ text, label }: { text: string; label: string }) {
  return (
    <div className="relative rounded border border-line bg-panel">
      <div className="flex justify-end px-2 pt-2"><CopyButton text={text} label={`Copy ${label}`} /></div>
      <ScrollRegion label={label}><pre className="px-3 pb-3 font-mono text-xs leading-5"><code>{text}</code></pre></ScrollRegion>
    </div>
  )
}
