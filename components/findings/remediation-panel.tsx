import type { ReactNode } from 'react'
import { CodeBlock } from '@/components/ui/code-block'
import { ExternalIcon } from '@/components/ui/icons'
import { Tabs, type Tab } from '@/components/ui/tabs'
import type { Remediation } from '@/lib/domain/check'

interface RemediationPanelProps {
  remediation: Remediation
  /** Whose remediation it is, for the names of copy buttons. */
  resourceName: string
  portalHref: string | null
}

/** What to do: the sentence, then each way to do it, ready to copy. */
export function RemediationPanel({ remediation, resourceName, portalHref }: RemediationPanelProps) {
  const { azureCli, bicep, terraform, policy, portal } = remediation
  const code = (id: string, label: string, text: string | undefined): Tab[] =>
    (text === undefined ? [] : [{ id, label, content: <CodeBlock text={text} label={`${label} for ${resourceName}`} /> }])
  const way = (id: string, label: string, content: ReactNode): Tab => ({ id, label, content })
  const tabs = [
    ...code('cli', 'Azure CLI', azureCli),
    ...code('bicep', 'Bicep', bicep),
    ...code('terraform', 'Terraform', terraform),
    ...(policy === undefined ? [] : [way('policy', 'Azure Policy', (
      <div className="space-y-2">
        <p>Assign the built-in policy <strong className="font-semibold">{policy.displayName}</strong> to keep it so.</p>
        <CodeBlock text={policy.id} label={`policy id for ${resourceName}`} />
      </div>
    ))]),
    ...(portal === undefined ? [] : [way('portal', 'Portal', (
      <div className="space-y-2">
        <p className="max-w-3xl">{portal}</p>
        {portalHref !== null && <p><a className="link inline-flex items-center gap-1 py-1" href={portalHref} rel="noreferrer">Open in Azure <ExternalIcon className="size-3.5" /></a></p>}
      </div>
    ))]),
  ]
  return (
    <div className="space-y-2 text-sm">
      <p className="max-w-4xl">{remediation.summary}</p>
      {tabs.length > 0 && <Tabs tabs={tabs} label={`Ways to fix ${resourceName}`} />}
    </div>
  )
}
