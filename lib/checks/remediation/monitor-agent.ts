import type { Remediation, RemediationSubject } from '@/lib/domain/check'
import { bicepMachineTypes, groupArguments, machineNameOf, machineTypeOf, systemsOf, type MachineType } from './machine-targets'
import { azapiUpdateBody } from './object-text'
import { bicepString, shellQuote, terraformString } from './quote'

type System = 'Windows' | 'Linux'

const policies: Record<`${MachineType} ${System}`, { id: string; displayName: string }> = {
  'vm Windows': { id: 'ca817e41-e85a-4783-bc7f-dc532d36235e', displayName: 'Configure Windows virtual machines to run Azure Monitor Agent using system-assigned managed identity' },
  'vm Linux': { id: 'a4034bc6-ae50-406d-bf76-50f4ee5a7811', displayName: 'Configure Linux virtual machines to run Azure Monitor Agent with system-assigned managed identity-based authentication' },
  'vmss Windows': { id: '3672e6f7-a74d-4763-b138-fcf332042f8f', displayName: 'Windows virtual machine scale sets should have Azure Monitor Agent installed' },
  'vmss Linux': { id: '32ade945-311e-4249-b8a4-a549924234d7', displayName: 'Linux virtual machine scale sets should have Azure Monitor Agent installed' },
  'arc Windows': { id: 'ec621e21-8b48-403d-a549-fc9023d4747f', displayName: 'Windows Arc-enabled machines should have Azure Monitor Agent installed' },
  'arc Linux': { id: 'f17d891d-ff20-46f2-bad3-9e0a5403a4d3', displayName: 'Linux Arc-enabled machines should have Azure Monitor Agent installed' },
}

const policyPrefix = '/providers/Microsoft.Authorization/policyDefinitions/'

/** Installs the Azure Monitor agent; the identity that it signs in with comes first, and those that are there stay. */
export function remediateAgent(subject: RemediationSubject): Remediation {
  const type = machineTypeOf(subject.resourceType)
  const systems = systemsOf(subject)
  const system = systems[0] ?? 'Windows'
  const policy = policies[`${type} ${system}`]
  const also = systems.length > 1 ? ' On Linux the type is AzureMonitorLinuxAgent.' : ''
  return {
    summary: `Give the machine a managed identity that the agent can sign in with and install the Azure Monitor agent, then associate a data collection rule: the agent alone collects nothing.${also}`,
    azureCli: command(subject, type, system),
    bicep: bicep(subject, type, system),
    terraform: terraform(subject, type, system),
    policy: { id: policyPrefix + policy.id, displayName: policy.displayName },
    portal: 'Open Monitor, Data Collection Rules, the rule, Resources, Add: adding a machine there installs the agent too.',
  }
}

function agentOf(system: System): string {
  return `AzureMonitor${system}Agent`
}

function command({ resourceId: id, location }: RemediationSubject, type: MachineType, system: System): string {
  const group = groupArguments(id)
  const name = shellQuote(machineNameOf(id))
  const agent = agentOf(system)
  const extension = `--publisher Microsoft.Azure.Monitor`
  if (type === 'arc') {
    return `az connectedmachine extension create ${group} --machine-name ${name} --location ${shellQuote(location)} \\\n  --name ${agent} ${extension} --type ${agent} --enable-auto-upgrade true`
  }
  if (type === 'vmss') {
    return [
      `az vmss identity assign ${group} --name ${name}`,
      `az vmss extension set ${group} --vmss-name ${name} \\\n  --name ${agent} ${extension} --enable-auto-upgrade true`,
      `az vmss update-instances ${group} --name ${name} --instance-ids '*'`,
    ].join('\n')
  }
  return [
    `az vm identity assign ${group} --name ${name}`,
    `az vm extension set ${group} --vm-name ${name} \\\n  --name ${agent} ${extension} --enable-auto-upgrade true`,
  ].join('\n')
}

/** What the machine needs before its agent can sign in, by the identity that the finding's evidence tells. */
function identityGap({ judgement }: RemediationSubject, type: MachineType): 'none' | 'user' | null {
  const machine = judgement.evidence?.machine
  const identity = typeof machine === 'object' && machine !== null && 'identity' in machine && typeof machine.identity === 'string' ? machine.identity.toLowerCase() : 'systemassigned'
  if (type === 'arc' || identity.includes('systemassigned')) return null
  return identity.includes('userassigned') ? 'user' : 'none'
}

/**
 * A machine that is written with its identity alone keeps the rest, as Azure's own policy d367bd60-64ca-4364-98ea-276775bddd94 does it. The whole list of
 * identities is replaced, though: where there are some, the agent is told to use one of them.
 */
function bicep(subject: RemediationSubject, type: MachineType, system: System): string {
  const { resourceId, location } = subject
  const machineType = bicepMachineTypes[type]
  const [typeName = '', version = ''] = machineType.split('@')
  const agent = agentOf(system)
  const gap = identityGap(subject, type)
  return [
    ...(gap === 'user' ? ["@description('Resource id of a user-assigned identity that the machine has.')", 'param identityId string', ''] : []),
    `resource machine '${machineType}'${gap === 'none' ? '' : ' existing'} = {`,
    `  name: ${bicepString(machineNameOf(resourceId))}`,
    ...(gap === 'none' ? [`  location: ${bicepString(location)}`, '  identity: {', "    type: 'SystemAssigned'", '  }'] : []),
    '}',
    '',
    `resource agent '${typeName}/extensions@${version}' = {`,
    '  parent: machine',
    `  name: '${agent}'`,
    ...(type === 'vmss' ? [] : [`  location: ${bicepString(location)}`]),
    '  properties: {',
    "    publisher: 'Microsoft.Azure.Monitor'",
    `    type: '${agent}'`,
    "    typeHandlerVersion: '1.0'",
    '    autoUpgradeMinorVersion: true',
    '    enableAutomaticUpgrade: true',
    ...(gap === 'user' ? ['    settings: {', '      authentication: {', '        managedIdentity: {', "          'identifier-name': 'mi_res_id'", "          'identifier-value': identityId", '        }', '      }', '    }'] : []),
    '  }',
    '}',
  ].join('\n')
}

function terraform(subject: RemediationSubject, type: MachineType, system: System): string {
  const { resourceId: id, location } = subject
  const gap = identityGap(subject, type)
  const agent = agentOf(system)
  const shape = {
    vm: { resource: 'azurerm_virtual_machine_extension', owner: 'virtual_machine_id' },
    vmss: { resource: 'azurerm_virtual_machine_scale_set_extension', owner: 'virtual_machine_scale_set_id' },
    arc: { resource: 'azurerm_arc_machine_extension', owner: 'arc_machine_id' },
  }[type]
  const identity = gap === null ? [] : [azapiUpdateBody('identity', bicepMachineTypes[type], id, { identity: { type: gap === 'user' ? 'SystemAssigned, UserAssigned' : 'SystemAssigned' } }), '']
  return [
    ...identity,
    `resource "${shape.resource}" "keypoint_agent" {`,
    `  name      = "${agent}"`,
    `  ${shape.owner} = ${terraformString(id)}`,
    ...(type === 'arc' ? [`  location = ${terraformString(location)}`] : []),
    '  publisher = "Microsoft.Azure.Monitor"',
    `  type      = "${agent}"`,
    ...(type === 'arc' ? ['  automatic_upgrade_enabled = true'] : ['  type_handler_version = "1.0"', '  auto_upgrade_minor_version = true', '  automatic_upgrade_enabled = true']),
    ...(gap === null ? [] : ['  depends_on = [azapi_update_resource.identity]']),
    '}',
  ].join('\n')
}
