import type { GraphRow } from '../graph-row'
import { guid } from '../random'
import type { Estate, Group } from './estate'

/** Machines with disks and cards in a network of their own: 3 + 4 to 6 rows for each machine. */
export function machineWorkload(estate: Estate, group: Group, name: string): GraphRow[] {
  const nsg = estate.row(group, 'Microsoft.Network/networkSecurityGroups', `nsg-${name}`, { properties: { securityRules: [] } })
  const prefix = `10.${1 + Math.floor(estate.draw('net', name) * 250)}`
  const network = estate.row(group, 'Microsoft.Network/virtualNetworks', `vnet-${name}`, {
    properties: {
      addressSpace: { addressPrefixes: [`${prefix}.0.0/16`] },
      dhcpOptions: { dnsServers: [] },
      subnets: [{ name: 'default', properties: { networkSecurityGroup: { id: nsg.id } } }],
    },
  })
  const machines = 1 + Math.floor(estate.draw('machines', name) * 4)
  const rows = [nsg, network]
  for (let number = 1; number <= machines; number++)
    rows.push(...machine(estate, group, `vm-${name}-${String(number).padStart(2, '0')}`, network.id, `${prefix}.0.${3 + number}`))
  if (machines > 2)
    rows.push(
      estate.row(group, 'Microsoft.Network/loadBalancers', `lbi-${name}`, { sku: { name: 'Standard', tier: 'Regional' } }),
    )
  return rows
}

function machine(estate: Estate, group: Group, name: string, networkId: string, address: string): GraphRow[] {
  const windows = estate.draw('windows', name) < 0.55
  const card = estate.row(group, 'Microsoft.Network/networkInterfaces', `${name}-nic`, {
    properties: {
      dnsSettings: { dnsServers: estate.draw('own-dns', name) < 0.02 ? ['9.9.9.9'] : [] },
      ipConfigurations: [{ name: 'ipconfig1', properties: { primary: true, privateIPAddress: address, subnet: { id: `${networkId}/subnets/default` } } }],
    },
  })
  const disk = estate.row(group, 'Microsoft.Compute/disks', `${name}_OsDisk_1_${guid(estate.seed, name).replaceAll('-', '')}`, {
    sku: { name: 'Premium_LRS', tier: 'Premium' },
    properties: { diskSizeGB: 128, diskState: 'Attached', osType: windows ? 'Windows' : 'Linux' },
  })
  const image = windows
    ? { publisher: 'MicrosoftWindowsServer', offer: 'WindowsServer', sku: '2022-datacenter-azure-edition' }
    : { publisher: 'Canonical', offer: '0001-com-ubuntu-server-jammy', sku: '22_04-lts-gen2' }
  const computer = estate.row(group, 'Microsoft.Compute/virtualMachines', name, {
    identity: estate.draw('identity', name) < 0.03 ? null : { type: 'SystemAssigned' },
    properties: {
      vmId: guid(estate.seed, 'vm', group.plan.subscriptionId, name),
      hardwareProfile: { vmSize: 'Standard_D4s_v5' },
      storageProfile: { imageReference: image, osDisk: { osType: windows ? 'Windows' : 'Linux', managedDisk: { id: disk.id } } },
      osProfile: { computerName: name.slice(0, 15) },
      networkProfile: { networkInterfaces: [{ id: card.id }] },
      extended: {
        instanceView: {
          powerState: { code: estate.draw('power', name) < 0.9 ? 'PowerState/running' : 'PowerState/deallocated' },
        },
      },
    },
  })
  const rows = [card, disk, computer]
  if (estate.draw('data', name) < 0.4) rows.push(dataDisk(estate, group, name))
  if (estate.draw('agent', name) < 0.7) rows.push(agent(estate, group, name, windows))
  if (estate.draw('public', name) < 0.15) {
    rows.push(
      estate.row(group, 'Microsoft.Network/publicIPAddresses', `pip-${name}`, { sku: { name: 'Standard', tier: 'Regional' } }),
    )
  }
  return rows
}

function dataDisk(estate: Estate, group: Group, name: string): GraphRow {
  return estate.row(group, 'Microsoft.Compute/disks', `${name}_DataDisk_0`, {
    sku: { name: 'Premium_LRS', tier: 'Premium' },
    properties: { diskSizeGB: 512, diskState: 'Attached' },
  })
}

/** Most have the agent of today, some its retired predecessor, and now and then the installation failed. */
function agent(estate: Estate, group: Group, machineName: string, windows: boolean): GraphRow {
  const draw = estate.draw('agent', machineName)
  const retired = draw < 0.06
  const type = retired
    ? windows ? 'MicrosoftMonitoringAgent' : 'OmsAgentForLinux'
    : windows ? 'AzureMonitorWindowsAgent' : 'AzureMonitorLinuxAgent'
  return estate.row(group, 'Microsoft.Compute/virtualMachines/extensions', `${machineName}/${type}`, {
    properties: {
      provisioningState: draw > 0.66 ? 'Failed' : 'Succeeded',
      publisher: retired ? 'Microsoft.EnterpriseCloud.Monitoring' : 'Microsoft.Azure.Monitor',
      type,
      typeHandlerVersion: '1.0',
      enableAutomaticUpgrade: true,
    },
  })
}
