import { CodeBlock } from '@/components/ui/code-block'
import { Disclosure } from '@/components/ui/disclosure'
import { ExternalIcon } from '@/components/ui/icons'
import type { Remediation } from '@/lib/domain/check'

interface RemediationPanelProps {
  remediation: Remediation
  /** Whose remediation it is, for the names of copy buttons. */
  resourceName: string
  portalHref: string | null
}

/** What to do: the sentence, then each way to do it, ready to copy. */
export function RemediationPanel({ remediation, resourceName, portalHref }: RemediationPanelProps) {
  const ways = [
    { label: 'Azure CLI', text: remediation.azureCli },
    { label: 'Bicep', text: remediation.bicep },
    { label: 'Terraform', text: remediation.terraform },
  ].filter((way): way is { label: string; text: string } => way.text !== undefined)
  return (
    <div className="space-y-1 text-sm">
      <p>{remediation.summary}</p>
      {remediation.portal !== undefined && (
        <Disclosure summary="Portal">
          <p className="max-w-3xl">{remediation.portal}</p>
          {portalHref !== null && <p><a className="link inline-flex items-center gap-1 py-1" href={portalHref} rel="noreferrer">Open in Azure <ExternalIcon className="size-3.5" /></a></p>}
        </Disclosure>
      )}
      {ways.map((way) => (
        <Disclosure key={way.label} summary={way.label}><CodeBlock text={way.text} label={`${way.label} for ${resourceName}`} /></Disclosure>
      ))}
      {remediation.policy !== undefined && (
        <Disclosure summary="Azure Policy">
          <p>Assign the built-in policy <strong className="font-semibold">{remediation.policy.displayName}</strong> to keep it so.</p>
          <CodeBlock text={remediation.policy.id} label={`policy id for ${resourceName}`} />
        </Disclosure>
      )}
    </div>
  )
}
