import { resourceGroupOf, subscriptionIdOf } from '@/lib/domain/arm-id'
import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { groupArguments, machineNameOf, machineTypeOf } from './machine-targets'
import { azapiResource, bicepResource, Reference } from './object-text'
import { shellQuote, terraformString } from './quote'

/** Runs a script inside the machine: `run-command` on Azure's own and on Arc machines. */
export function runOnMachine(subject: RemediationSubject, system: 'Windows' | 'Linux', lines: readonly string[]): { azureCli: string; bicep: string; terraform: string } {
  const { resourceId, location } = subject
  const script = lines.join('\n')
  const isArc = machineTypeOf(subject.resourceType) === 'arc'
  const machine = isArc ? { type: 'Microsoft.HybridCompute/machines', version: '2024-07-10' } : { type: 'Microsoft.Compute/virtualMachines', version: '2023-09-01' }
  const commandType = `${machine.type}/runCommands@${machine.version}`
  return {
    azureCli: runCommand(subject, isArc, system, script),
    bicep: [
      bicepResource({ symbol: 'machine', type: `${machine.type}@${machine.version}`, existing: true, body: { name: machineNameOf(resourceId) } }),
      bicepResource({ symbol: 'script', type: commandType, body: { parent: new Reference('machine'), name: 'keypoint', location, properties: { source: { script } } } }),
    ].join('\n\n'),
    terraform: isArc
      ? azapiResource('keypoint_script', commandType, { name: 'keypoint', parentId: resourceId, location }, { source: { script } })
      : [
        'resource "azurerm_virtual_machine_run_command" "keypoint_script" {',
        '  name               = "keypoint"',
        `  location           = ${terraformString(location)}`,
        `  virtual_machine_id = ${terraformString(resourceId)}`,
        '',
        '  source {',
        `    script = ${terraformString(script)}`,
        '  }',
        '}',
      ].join('\n'),
  }
}

function runCommand({ resourceId, location }: RemediationSubject, isArc: boolean, system: 'Windows' | 'Linux', script: string): string {
  const group = groupArguments(resourceId)
  const name = shellQuote(machineNameOf(resourceId))
  if (isArc) return `az connectedmachine run-command create ${group} --machine-name ${name} --name keypoint \\\n  --location ${shellQuote(location)} --script ${shellQuote(script)}`
  return `az vm run-command invoke ${group} --name ${name} --command-id ${system === 'Windows' ? 'RunPowerShellScript' : 'RunShellScript'} \\\n  --scripts ${shellQuote(script)}`
}

const windowsBaseline = {
  id: '/providers/Microsoft.Authorization/policyDefinitions/72650e9f-97bc-4b2a-ab5f-9781a9fcecbc',
  displayName: 'Windows machines should meet requirements of the Azure compute security baseline',
}
const baselineAssignment = 'keypoint-windows-baseline'

/** Runs a script inside a Windows machine and assigns the baseline that shows what came of it. */
export function runAndShowByBaseline(subject: RemediationSubject, lines: readonly string[]): Pick<Remediation, 'azureCli' | 'bicep' | 'terraform' | 'policy'> {
  const run = runOnMachine(subject, 'Windows', lines)
  return {
    azureCli: [run.azureCli, policyAssignmentCommand(subject, baselineAssignment, windowsBaseline.id)].join('\n'),
    bicep: [run.bicep, policyAssignmentBicep(baselineAssignment, windowsBaseline)].join('\n\n'),
    terraform: [run.terraform, policyAssignmentTerraform(subject, baselineAssignment, windowsBaseline.id)].join('\n\n'),
    policy: windowsBaseline,
  }
}

/** Assigns a built-in policy to the machine's resource group; `includeArcMachines` is what the guest policies call Arc. */
function policyAssignmentCommand({ resourceId }: RemediationSubject, name: string, definitionId: string): string {
  return [
    `az policy assignment create --name ${name} \\`,
    `  --policy ${shellQuote(definitionId)} \\`,
    `  --scope ${shellQuote(groupIdOf(resourceId))} \\`,
    `  --params '{"IncludeArcMachines":{"value":"true"}}'`,
  ].join('\n')
}

function policyAssignmentBicep(name: string, policy: { id: string; displayName: string }): string {
  return bicepResource({
    symbol: 'assignment', type: 'Microsoft.Authorization/policyAssignments@2022-06-01',
    body: { name, properties: { displayName: policy.displayName, policyDefinitionId: policy.id, parameters: { IncludeArcMachines: { value: 'true' } } } },
  })
}

function policyAssignmentTerraform({ resourceId }: RemediationSubject, name: string, definitionId: string): string {
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
