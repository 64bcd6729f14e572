import { resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { RemediationSubject } from '@/lib/domain/check'
import { groupArguments, machineNameOf, machineTypeOf } from './machine-targets'
import { bicepString, shellQuote, terraformString } from './quote'

/** Runs a script inside the machine: `run-command` on Azure's own, and by hand on an Arc machine. */
export function runOnMachine({ resourceId, resourceType, location }: RemediationSubject, system: 'Windows' | 'Linux', lines: readonly string[]): string {
  const group = groupArguments(resourceId)
  const name = shellQuote(machineNameOf(resourceId))
  const script = shellQuote(lines.join('\n'))
  if (machineTypeOf(resourceType) === 'arc') {
    return `az connectedmachine run-command create ${group} --machine-name ${name} --name keypoint \\\n  --location ${shellQuote(location)} --script ${script}`
  }
  const command = system === 'Windows' ? 'RunPowerShellScript' : 'RunShellScript'
  return `az vm run-command invoke ${group} --name ${name} --command-id ${command} \\\n  --scripts ${script}`
}

/** Assigns a built-in policy to the machine's resource group; `includeArcMachines` is what the guest policies call Arc. */
export function policyAssignmentCommand({ resourceId }: RemediationSubject, name: string, definitionId: string): string {
  return [
    `az policy assignment create --name ${name} \\`,
    `  --policy ${shellQuote(definitionId)} \\`,
    `  --scope ${shellQuote(groupIdOf(resourceId))} \\`,
    `  --params '{"IncludeArcMachines":{"value":"true"}}'`,
  ].join('\n')
}

export function policyAssignmentBicep(name: string, policy: { id: string; displayName: string }): string {
  return [
    `resource assignment 'Microsoft.Authorization/policyAssignments@2022-06-01' = {`,
    `  name: ${bicepString(name)}`,
    '  properties: {',
    `    displayName: ${bicepString(policy.displayName)}`,
    `    policyDefinitionId: ${bicepString(policy.id)}`,
    '    parameters: {',
    "      IncludeArcMachines: { value: 'true' }",
    '    }',
    '  }',
    '}',
  ].join('\n')
}

export function policyAssignmentTerraform({ resourceId }: RemediationSubject, name: string, definitionId: string): string {
  return [
    'resource "azurerm_resource_group_policy_assignment" "keypoint" {',
    `  name                 = ${terraformString(name)}`,
    `  resource_group_id    = ${terraformString(groupIdOf(resourceId))}`,
    `  policy_definition_id = ${terraformString(definitionId)}`,
    '',
    '  parameters = jsonencode({',
    '    IncludeArcMachines = { value = "true" }',
    '  })',
    '}',
  ].join('\n')
}

function groupIdOf(id: string): string {
  return `/subscriptions/${subscriptionIdOf(id) ?? ''}/resourceGroups/${resourceGroupOf(id) ?? ''}`
}
