import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { groupArguments, machineNameOf, machineTypeOf, systemsOf } from './machine-targets'
import { shellQuote } from './quote'

const policies = {
  Windows: { id: 'd2185817-5b7e-473c-aadd-9de6ac114280', displayName: 'The legacy Log Analytics extension should not be installed on virtual machines' },
  Linux: { id: 'd4b065e2-fbda-4461-a42c-b0346aeb12a0', displayName: 'The legacy Log Analytics extension should not be installed on Linux virtual machines' },
} as const

/** Takes the retired agent off, once the new one brings what it brought. What removes something has no Bicep. */
export function remediateLegacyAgent(subject: RemediationSubject): Remediation {
  const { resourceId } = subject
  const type = machineTypeOf(subject.resourceType)
  const group = groupArguments(resourceId)
  const machine = shellQuote(machineNameOf(resourceId))
  const policy = policies[systemsOf(subject)[0] ?? 'Windows']
  return {
    summary: 'Make sure that the Azure Monitor agent and its rules bring what the old agent brought, then remove the Log Analytics agent.',
    azureCli: extensionNames(subject)
      .map((name) => {
        const extension = `--name ${shellQuote(name)}`
        if (type === 'arc') return `az connectedmachine extension delete ${group} --machine-name ${machine} ${extension}`
        if (type === 'vmss') return `az vmss extension delete ${group} --vmss-name ${machine} ${extension}\naz vmss update-instances ${group} --name ${machine} --instance-ids '*'`
        return `az vm extension delete ${group} --vm-name ${machine} ${extension}`
      })
      .join('\n'),
    policy: { id: `/providers/Microsoft.Authorization/policyDefinitions/${policy.id}`, displayName: policy.displayName },
    portal: 'Open the machine, Extensions + applications, the Log Analytics agent, Uninstall.',
  }
}

/** The extensions' own names, which need not be those of the agent. */
function extensionNames({ judgement }: RemediationSubject): string[] {
  const list = judgement.evidence?.extensions
  const names = Array.isArray(list) ? list.flatMap((each: unknown) => (isLegacy(each) ? [each.name] : [])) : []
  return names.length > 0 ? names : ['<extension name>']
}

function isLegacy(value: unknown): value is { name: string } {
  if (typeof value !== 'object' || value === null || !('publisher' in value) || !('name' in value)) return false
  return typeof value.name === 'string' && String(value.publisher).toLowerCase() === 'microsoft.enterprisecloud.monitoring'
}
